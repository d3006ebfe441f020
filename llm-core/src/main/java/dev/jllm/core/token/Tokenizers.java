package dev.jllm.core.token;

import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.GgufStrings;
import dev.jllm.gguf.ModelFormatException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Makes the tokenizer that a file's metadata describe. */
public final class Tokenizers {
  private static final String PREFIX = "tokenizer.ggml.";

  /** Models whose vocabularies are merged by ranks. */
  private static final Set<String> MERGED = Set.of("gpt2", "gemma4", "hybriddna", "whitespace");

  private Tokenizers() {}

  /**
   * The tokenizer of the file with these metadata.
   *
   * @throws ModelFormatException where entries are missing, of the wrong kind or contradict each
   *     other
   */
  public static TextTokenizer of(GgufMetadata metadata) {
    CompletableFuture<MergeTable> merges = null;
    if (MERGED.contains(metadata.string(PREFIX + "model", ""))) {
      // Half the work of loading, and it needs nothing of the other half.
      merges = CompletableFuture.supplyAsync(() -> merges(metadata));
    }
    VocabularyReader reader = new VocabularyReader(metadata);
    Vocabulary vocabulary = new Vocabulary(reader);
    PreTokenizers.PreTokenizer preTokenizer = reader.preTokenizer;
    Encoder encoder =
        merges == null || preTokenizer == null
            ? encoder(vocabulary, metadata)
            : bpe(vocabulary, preTokenizer, join(merges));
    return new VocabularyTokenizer(vocabulary, encoder);
  }

  private static MergeTable join(CompletableFuture<MergeTable> merges) {
    try {
      return merges.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Encoder encoder(Vocabulary vocabulary, GgufMetadata metadata) {
    return switch (vocabulary.type()) {
      case SENTENCE_PIECE -> new SentencePieceEncoder(vocabulary);
      case WORD_PIECE -> new WordPieceEncoder(vocabulary);
      case UNIGRAM -> new UnigramEncoder(vocabulary, CharsMap.of(metadata));
      case RWKV -> new RwkvEncoder(vocabulary);
      case PLAMO2 -> new Plamo2Encoder(vocabulary);
      case NONE, BPE ->
          (text, from, to, afterSpecial, out) -> {
            throw new IllegalStateException(
                "the model has no vocabulary (tokenizer.ggml.model is '"
                    + vocabulary.model()
                    + "'); give it token ids instead of text");
          };
    };
  }

  private static Encoder bpe(
      Vocabulary vocabulary, PreTokenizers.PreTokenizer preTokenizer, MergeTable merges) {
    BpeEncoder bpe = new BpeEncoder(vocabulary, merges, preTokenizer);
    return switch (vocabulary.model()) {
      case "hybriddna" -> DnaEncoder.over(bpe, vocabulary);
      case "whitespace" -> new WhitespaceEncoder(bpe, vocabulary.lowercases());
      default -> bpe;
    };
  }

  private static MergeTable merges(GgufMetadata metadata) {
    boolean none =
        metadata.string(PREFIX + "pre", "").equals("kimi-k2") && !metadata.has(PREFIX + "merges");
    GgufStrings merges = none ? GgufStrings.of(List.of()) : strings(metadata, "merges");
    return new MergeTable(merges, strings(metadata, "tokens"));
  }

  private static GgufStrings strings(GgufMetadata metadata, String name) {
    String key = PREFIX + name;
    List<String> strings = metadata.strings(key);
    if (strings == null) {
      throw new ModelFormatException(
          "the file has no entry '" + key + "', which its tokenizer needs");
    }
    return strings instanceof GgufStrings packed ? packed : GgufStrings.of(strings);
  }
}
