package dev.jllm.core.token;

import java.util.Arrays;

/** A text as UTF-8 with, for each byte, the source character after the one it belongs to. */
final class Utf8Text {
  private byte[] bytes;
  private int[] ends;
  private int size;

  Utf8Text(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
    ends = new int[bytes.length];
  }

  /** The characters from {@code from} to {@code to}; a lone surrogate counts as U+FFFD. */
  static Utf8Text of(String text, int from, int to) {
    Utf8Text out = new Utf8Text((to - from) * 2);
    byte[] character = new byte[4];
    for (int i = from; i < to; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (i > to || c >= 0xD800 && c <= 0xDFFF) {
        i = Math.min(i, to);
        c = 0xFFFD;
      }
      int n = Utf8.bytes(c, character, 0);
      for (int k = 0; k < n; k++) {
        out.add(character[k], i);
      }
    }
    return out;
  }

  void add(byte b, int end) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    bytes[size] = b;
    ends[size++] = end;
  }

  int size() {
    return size;
  }

  byte at(int index) {
    return bytes[index];
  }

  /** The source position behind the character of the byte at {@code index}. */
  int end(int index) {
    return ends[index];
  }

  /** The length in bytes of the character that starts at {@code index}, as its first byte says. */
  int characterLength(int index) {
    int b = bytes[index] & 255;
    int n = b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    return Math.min(n, size - index);
  }
}
