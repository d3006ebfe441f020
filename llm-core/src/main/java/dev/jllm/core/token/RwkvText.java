package dev.jllm.core.token;

import java.util.Arrays;

/** The notation of tokens as bytes: text with the escapes {@code \t \n \r \xHH} and {@code \c}. */
final class RwkvText {
  private RwkvText() {}

  /** The bytes that {@code text} notes. */
  static byte[] unescape(String text) {
    byte[] out = new byte[text.length() * 3];
    int n = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\\') {
        if (i == text.length()) {
          break;
        }
        c = text.codePointAt(i);
        i += Character.charCount(c);
        if (c == 'x') {
          if (i + 2 > text.length()) {
            break;
          }
          out[n++] = (byte) (digit(text.charAt(i)) * 16 + digit(text.charAt(i + 1)));
          i += 2;
          continue;
        }
        c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
      }
      n = Utf8.bytes(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c, out, n);
    }
    return Arrays.copyOf(out, n);
  }

  private static int digit(char c) {
    return c >= 'a' ? c - 'a' + 10 : c - '0';
  }

  /** Whether {@code text} has the form {@code <0xHH>}. */
  static boolean isByteToken(String text) {
    return text.length() == 6
        && text.startsWith("<0x")
        && text.charAt(5) == '>'
        && isHex(text.charAt(3))
        && isHex(text.charAt(4));
  }

  private static boolean isHex(char c) {
    return c < 0x80 && Character.digit(c, 16) >= 0;
  }
}
