package dev.jllm.core.token;

/** Tokens {@code <0x00>} to {@code <0xFF>}, which stand for one byte each. */
final class ByteTokens {
  private static final String HEX = "0123456789ABCDEF";

  private ByteTokens() {}

  /** The text of the token for a byte (0 to 255). */
  static String text(int b) {
    return "<0x" + HEX.charAt(b >> 4) + HEX.charAt(b & 15) + '>';
  }

  /**
   * The byte that a token of the byte type stands for: the two characters behind {@code <0x} read
   * as hexadecimal digits as far as they are such.
   */
  static int value(String text) {
    int value = 0;
    for (int i = 3; i < Math.min(5, text.length()); i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0 || text.charAt(i) > 0x7F) {
        break;
      }
      value = value * 16 + digit;
    }
    return value;
  }
}
