package dev.jllm.core.sample;

import dev.jllm.core.token.TextTokenizer;
import java.util.List;

/**
 * What some samplers need to know of a vocabulary: the bytes that its tokens stand for. Token ids
 * run from 0 to {@link #size} - 1.
 */
public interface TokenTexts {
  /** How many tokens there are. */
  int size();

  /** The bytes of a token within a text; a control token has none. */
  byte[] bytes(int id);

  /**
   * The bytes of a token that stands alone: without the space that the tokenizer puts before a
   * text, and a control token by its name.
   */
  byte[] standalone(int id);

  /** The tokens of {@code text} as they would follow a text, without control tokens. */
  int[] tokenize(String text);

  /** Whether a token ends a generation. */
  boolean isEndOfGeneration(int id);

  /** The token that ends a turn or, where there is none, a text; -1 if there is neither. */
  int endOfTurn();

  /** The sequence breakers that {@code texts} are in this vocabulary. */
  default SequenceBreakers breakers(List<String> texts) {
    return SequenceBreakers.ofTexts(texts, this);
  }

  /** The vocabulary of {@code tokenizer}; it remembers breakers as long as the tokenizer lives. */
  static TokenTexts of(TextTokenizer tokenizer) {
    return new TokenizerTexts(tokenizer);
  }
}
