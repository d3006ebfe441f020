package dev.jllm.core.token;

import java.util.Arrays;

/**
 * The alphabet of byte-level vocabularies: each byte is written as one printable character, itself
 * where it is printable in Latin-1 and one from U+0100 on otherwise, as GPT-2 introduced it.
 */
final class ByteAlphabet {
  private static final char[] CHARACTERS = new char[256];
  private static final short[] BYTES = new short[324];

  static {
    Arrays.fill(BYTES, (short) -1);
    int more = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = b >= 0x21 && b <= 0x7E || b >= 0xA1 && b != 0xAD;
      CHARACTERS[b] = (char) (printable ? b : more++);
      BYTES[CHARACTERS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The character that stands for a byte (0 to 255). */
  static char character(int b) {
    return CHARACTERS[b];
  }

  /** The byte that a character stands for, or -1. */
  static int byteOf(int codePoint) {
    return codePoint < BYTES.length ? BYTES[codePoint] : -1;
  }
}
