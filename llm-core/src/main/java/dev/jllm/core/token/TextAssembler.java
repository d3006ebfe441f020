package dev.jllm.core.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts text together from the bytes of tokens as they come: gives out whole code points only and
 * keeps the bytes of an unfinished one. What can be no UTF-8 becomes U+FFFD, just as where the
 * bytes are decoded all at once. For one thread at a time.
 *
 * <p>A stretch that ends in a lead byte and fewer continuation bytes than that lead announces waits
 * for more. Everything before it is decoded by {@link String}: the JDK's decoder for streams
 * replaces some malformed sequences (coded surrogates) by another number of U+FFFD when they arrive
 * in pieces.
 */
public final class TextAssembler {
  private byte[] held = new byte[64];
  private int size;

  /** Takes a token's bytes and returns the text that has become whole, possibly none. */
  public String append(byte[] piece) {
    if (held.length - size < piece.length) {
      held = Arrays.copyOf(held, Math.max(size + piece.length, 2 * held.length));
    }
    System.arraycopy(piece, 0, held, size, piece.length);
    size += piece.length;
    return take(size - unfinished());
  }

  /** Ends the text: an unfinished code point becomes U+FFFD. The assembler can be used anew. */
  public String flush() {
    return take(size);
  }

  /** Whether bytes of an unfinished code point are held. */
  public boolean isMidCharacter() {
    return size > 0;
  }

  private String take(int count) {
    if (count == 0) {
      return "";
    }
    String text = new String(held, 0, count, StandardCharsets.UTF_8);
    System.arraycopy(held, count, held, 0, size - count);
    size -= count;
    return text;
  }

  /** How many bytes at the end could still become a code point. */
  private int unfinished() {
    for (int back = 1; back <= Math.min(3, size); back++) {
      int b = held[size - back] & 0xFF;
      if (b < 0x80 || b >= 0xC0) {
        return length(b) > back ? back : 0;
      }
    }
    return 0;
  }

  /** Bytes of the sequence that {@code lead} begins; 1 for what begins none. */
  private static int length(int lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 1;
  }
}
