package dev.jllm.samples.bench;

import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
 * How the time to encode grows with texts of one character, which no pre-tokenizer cuts: four times
 * the text should take about four times as long. Run with {@code -p vocabulary=FILE}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TokenizerGrowthBenchmark {
  @Param("")
  public String vocabulary = "";

  /** The character's number in hexadecimal: a letter, a space, an emoji, a combining mark. */
  @Param({"61", "20", "1F642", "301"})
  public String character = "";

  @Param({"64", "256", "1024"})
  public int kilobytes;

  private TextTokenizer tokenizer =
      Tokenizers.of(new GgufMetadata(Map.of("tokenizer.ggml.model", "none")));
  private String text = "";

  /** Reads the vocabulary and makes the text. */
  @Setup
  public void prepare() {
    try (GgufFile file = GgufFile.open(Path.of(vocabulary))) {
      tokenizer = Tokenizers.of(file.metadata());
    }
    String unit = new String(Character.toChars(Integer.parseInt(character, 16)));
    text = unit.repeat(kilobytes * 1024 / unit.getBytes(StandardCharsets.UTF_8).length);
  }

  /** The whole text to tokens. */
  @Benchmark
  public int encode() {
    return tokenizer.encode(text, false, false).length;
  }
}
