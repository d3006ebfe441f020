package dev.jllm.core.token;

/** The bytes of code points, in the forms in which tokenizers want them. */
final class Utf8 {
  private Utf8() {}

  /** How many bytes a code point has. */
  static int length(int c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  /** Byte {@code i} of {@code n} of a code point. */
  static int byteAt(int c, int i, int n) {
    if (n == 1) {
      return c;
    }
    int bits = c >> 6 * (n - 1 - i);
    return i == 0 ? (0xF00 >> n & 0xFF) | bits : 0x80 | bits & 0x3F;
  }

  /** Puts the pieces of a code point's bytes at {@code n}; a byte without one is -1 less it. */
  static int symbols(int c, int[] pieces, int[] out, int n) {
    int length = length(c);
    for (int i = 0; i < length; i++) {
      int b = byteAt(c, i, length);
      out[n + i] = pieces[b] >= 0 ? pieces[b] : -1 - b;
    }
    return n + length;
  }

  /** Puts the {@link ByteAlphabet} characters of a code point's bytes at {@code n}. */
  static int characters(int c, char[] out, int n) {
    int length = length(c);
    for (int i = 0; i < length; i++) {
      out[n + i] = ByteAlphabet.character(byteAt(c, i, length));
    }
    return n + length;
  }

  /** Puts a code point's bytes at {@code n}. */
  static int bytes(int c, byte[] out, int n) {
    int length = length(c);
    for (int i = 0; i < length; i++) {
      out[n + i] = (byte) byteAt(c, i, length);
    }
    return n + length;
  }
}
