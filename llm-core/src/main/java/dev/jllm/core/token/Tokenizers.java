package dev.jllm.core.token;

import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.GgufStrings;
import dev.jllm.gguf.ModelFormatException;
import java.util.List;

/** Makes the tokenizer that a file's metadata describe. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * The tokenizer of the file with these metadata.
   *
   * @throws ModelFormatException where entries are missing, of the wrong kind or contradict each
   *     other
   */
  public static TextTokenizer of(GgufMetadata metadata) {
    VocabularyReader reader = new VocabularyReader(metadata);
    Vocabulary vocabulary = new Vocabulary(reader);
    return new VocabularyTokenizer(vocabulary, encoder(reader, vocabulary, metadata));
  }

  private static Encoder encoder(
      VocabularyReader reader, Vocabulary vocabulary, GgufMetadata metadata) {
    return switch (vocabulary.type()) {
      case SENTENCE_PIECE -> new SentencePieceEncoder(vocabulary);
      case BPE -> bpe(reader, vocabulary, metadata);
      case WORD_PIECE -> new WordPieceEncoder(vocabulary);
      case UNIGRAM -> new UnigramEncoder(vocabulary, CharsMap.of(metadata));
      case RWKV -> new RwkvEncoder(vocabulary);
      case PLAMO2 -> new Plamo2Encoder(vocabulary);
      case NONE ->
          (text, from, to, afterSpecial, out) -> {
            throw new IllegalStateException(
                "the model has no vocabulary (tokenizer.ggml.model is '"
                    + vocabulary.model()
                    + "'); give it token ids instead of text");
          };
    };
  }

  private static Encoder bpe(
      VocabularyReader reader, Vocabulary vocabulary, GgufMetadata metadata) {
    PreTokenizers.PreTokenizer preTokenizer = reader.preTokenizer;
    if (preTokenizer == null) {
      throw new IllegalStateException("a BPE vocabulary without a pre-tokenizer");
    }
    MergeTable merges =
        new MergeTable(merges(vocabulary, metadata), strings(metadata, "tokens"), reader.index);
    BpeEncoder bpe = new BpeEncoder(vocabulary, merges, preTokenizer);
    return switch (vocabulary.model()) {
      case "hybriddna" -> DnaEncoder.over(bpe, vocabulary);
      case "whitespace" -> new WhitespaceEncoder(bpe, vocabulary.lowercases());
      default -> bpe;
    };
  }

  private static GgufStrings merges(Vocabulary vocabulary, GgufMetadata metadata) {
    boolean optional = vocabulary.preTokenizer().equals("kimi-k2");
    if (optional && !metadata.has("tokenizer.ggml.merges")) {
      return GgufStrings.of(List.of());
    }
    return strings(metadata, "merges");
  }

  private static GgufStrings strings(GgufMetadata metadata, String name) {
    String key = "tokenizer.ggml." + name;
    List<String> strings = metadata.strings(key);
    if (strings == null) {
      throw new ModelFormatException(
          "the file has no entry '" + key + "', which its tokenizer needs");
    }
    return strings instanceof GgufStrings packed ? packed : GgufStrings.of(strings);
  }
}
