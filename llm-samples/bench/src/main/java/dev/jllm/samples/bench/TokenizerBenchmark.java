package dev.jllm.samples.bench;

import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.GgufMetadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a text takes to encode and decode, by one thread. Run with {@code -p vocabulary=FILE -p
 * text=FILE}: a GGUF file and a UTF-8 text, which is taken in documents of about 8 KB that end at
 * line ends. {@code compare_tokenizers.py} runs it beside libllama and makes a table.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TokenizerBenchmark {
  private static final int DOCUMENT = 8192;

  @Param("")
  public String vocabulary = "";

  @Param("")
  public String text = "";

  private GgufMetadata metadata = new GgufMetadata(Map.of());
  private TextTokenizer tokenizer = emptyTokenizer();
  private List<String> documents = List.of();
  private List<int[]> tokens = List.of();

  private static TextTokenizer emptyTokenizer() {
    return Tokenizers.of(new GgufMetadata(Map.of("tokenizer.ggml.model", "none")));
  }

  /** Reads the files. */
  @Setup
  public void read() throws IOException {
    try (GgufFile file = GgufFile.open(Path.of(vocabulary))) {
      metadata = file.metadata();
    }
    tokenizer = Tokenizers.of(metadata);
    documents = documents(Files.readString(Path.of(text), StandardCharsets.UTF_8));
    tokens = new ArrayList<>();
    for (String document : documents) {
      tokens.add(tokenizer.encode(document, false, false));
    }
  }

  private static List<String> documents(String text) {
    List<String> documents = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + DOCUMENT);
      int line = text.lastIndexOf('\n', end - 1) + 1;
      end = line > at ? line : end;
      documents.add(text.substring(at, end));
      at = end;
    }
    return documents;
  }

  /** The whole text to tokens. */
  @Benchmark
  public long encode() {
    long count = 0;
    for (String document : documents) {
      count += tokenizer.encode(document, false, false).length;
    }
    return count;
  }

  /** The whole text from tokens. */
  @Benchmark
  public long decode() {
    long length = 0;
    for (int[] ids : tokens) {
      length += tokenizer.decode(ids, 0, ids.length, false, true).length();
    }
    return length;
  }

  /** The tokenizer from the file's metadata. */
  @Benchmark
  public TextTokenizer load() {
    return Tokenizers.of(metadata);
  }
}
