package dev.jllm.core.token;

import java.util.Arrays;

/** A text's tokens with the places in the text that they come from. */
public final class Encoding {
  private final int[] ids;
  private final int[] ends;

  Encoding(int[] ids, int[] ends) {
    this.ids = ids;
    this.ends = ends;
  }

  /** The tokens. */
  public int[] ids() {
    return ids.clone();
  }

  /** How many tokens there are. */
  public int size() {
    return ids.length;
  }

  /** The token at {@code index}. */
  public int id(int index) {
    return ids[index];
  }

  /** The first character (UTF-16 index) of the token at {@code index}. */
  public int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  /**
   * The character after the token at {@code index}. Each token starts where the one before ends, so
   * the spans tile the text: an added token's span is empty; of several tokens of one character the
   * first has it; characters that yield no token belong to the next span, or, at the text's end, to
   * none.
   */
  public int end(int index) {
    return ends[index];
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}
