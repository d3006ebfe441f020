package dev.jllm.api;

import java.util.List;

/** A model's tokenizer. Thread-safe. */
public interface Tokenizer {
  /**
   * Encodes text. Text never becomes control tokens: {@code <|im_end|>} is encoded as the
   * characters it consists of.
   *
   * @return token ids, without the tokens that the model wants at the beginning or end
   */
  int[] encode(String text);

  /**
   * Encodes text.
   *
   * @param addSpecial adds the tokens that the model wants at the beginning and end
   * @param parseSpecial lets the text contain control tokens; only for text that you trust
   */
  int[] encode(String text, boolean addSpecial, boolean parseSpecial);

  /** Decodes tokens; control tokens have no text, incomplete bytes become U+FFFD. */
  String decode(int... ids);

  /** The text of one token, control tokens by their name; incomplete bytes become U+FFFD. */
  String piece(int id);

  /** The tokens of {@code text} with their places in it. */
  List<TokenSpan> spans(String text);

  /** How many tokens {@link #encode(String)} gives. */
  int count(String text);

  /** Number of tokens in the vocabulary. */
  int vocabularySize();

  /** Whether the token ends a generation. */
  boolean isEndOfGeneration(int id);
}
