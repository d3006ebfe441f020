package dev.jllm.core.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts text together from the bytes of tokens as they come: gives out whole code points only and
 * keeps the bytes of an unfinished one. What can be no UTF-8 becomes U+FFFD, just as where the
 * bytes are decoded all at once. For one thread at a time.
 */
public final class TextAssembler {
  private byte[] bytes = new byte[64];
  private int size;

  /** Takes a token's bytes and returns the text that has become whole, possibly none. */
  public String append(byte[] piece) {
    if (size + piece.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + piece.length, 2 * bytes.length));
    }
    System.arraycopy(piece, 0, bytes, size, piece.length);
    size += piece.length;
    int whole = size - unfinished();
    String text = new String(bytes, 0, whole, StandardCharsets.UTF_8);
    System.arraycopy(bytes, whole, bytes, 0, size - whole);
    size -= whole;
    return text;
  }

  /** Ends the text: an unfinished code point becomes U+FFFD. The assembler can be used anew. */
  public String flush() {
    String rest = new String(bytes, 0, size, StandardCharsets.UTF_8);
    size = 0;
    return rest;
  }

  /** Whether bytes of an unfinished code point are held. */
  public boolean isMidCharacter() {
    return size > 0;
  }

  /** How many bytes at the end could still become one code point, 0 to 3. */
  private int unfinished() {
    for (int held = 1; held <= Math.min(3, size); held++) {
      int b = bytes[size - held] & 255;
      if (b >= 0xC0) {
        return isPrefix(size - held, held) ? held : 0;
      }
      if (b < 0x80) {
        return 0;
      }
    }
    return 0;
  }

  /** Whether the {@code held} bytes at {@code at} begin a code point and do not complete it. */
  private boolean isPrefix(int at, int held) {
    int first = bytes[at] & 255;
    int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (held >= length) {
      return false;
    }
    if (held == 1) {
      return true;
    }
    int second = bytes[at + 1] & 255;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return second >= least && second <= most;
  }
}
