package dev.jllm.core.grammar;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What sets a lazy grammar off: texts, which are the beginning of what the grammar matches, and
 * tokens, which the grammar matches too. Without any, the grammar holds from the start.
 */
public final class Triggers {
  /** The grammar holds from the start. */
  public static final Triggers NONE = new Triggers(List.of(), new int[0]);

  final byte[][] texts;
  final int[] tokens;
  final int longest;

  private Triggers(List<String> texts, int[] tokens) {
    this.texts = texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.tokens = tokens.clone();
    int max = 0;
    for (byte[] text : this.texts) {
      if (text.length == 0) {
        throw new IllegalArgumentException("a trigger text is empty");
      }
      max = Math.max(max, text.length);
    }
    longest = max;
  }

  /** The grammar begins where one of the texts begins. */
  public static Triggers texts(String... texts) {
    return new Triggers(List.of(texts), new int[0]);
  }

  /** The grammar begins with one of the tokens. */
  public static Triggers tokens(int... tokens) {
    return new Triggers(List.of(), tokens);
  }

  /** The grammar begins with one of the texts or tokens. */
  public static Triggers of(List<String> texts, int... tokens) {
    return new Triggers(texts, tokens);
  }

  boolean isEmpty() {
    return texts.length == 0 && tokens.length == 0;
  }

  boolean isTrigger(int token) {
    for (int t : tokens) {
      if (t == token) {
        return true;
      }
    }
    return false;
  }

  /** Where the first trigger text begins in the first {@code length} bytes, or -1. */
  int find(byte[] bytes, int length) {
    for (int at = 0; at < length; at++) {
      for (byte[] text : texts) {
        if (startsWith(bytes, at, length, text)) {
          return at;
        }
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] bytes, int at, int length, byte[] text) {
    if (at + text.length > length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (bytes[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }
}
