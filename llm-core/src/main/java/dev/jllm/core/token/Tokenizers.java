package dev.jllm.core.token;

import dev.jllm.gguf.GgufMetadata;
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
    List<String> merges = metadata.strings("tokenizer.ggml.merges");
    if (merges == null && vocabulary.preTokenizer().equals("kimi-k2")) {
      merges = List.of();
    }
    if (merges == null) {
      throw new ModelFormatException(
          "the file has no entry 'tokenizer.ggml.merges', which its tokenizer '"
              + vocabulary.model()
              + "' needs");
    }
    BpeEncoder bpe = new BpeEncoder(vocabulary.index(), vocabulary.size(), merges, preTokenizer);
    return switch (vocabulary.model()) {
      case "hybriddna" -> DnaEncoder.over(bpe, vocabulary);
      case "whitespace" -> new WhitespaceEncoder(bpe, vocabulary.lowercases());
      default -> bpe;
    };
  }
}
