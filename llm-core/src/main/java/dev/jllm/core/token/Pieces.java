package dev.jllm.core.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The bytes that a token stands for. */
final class Pieces {
  private static final String SPACE_MARK = "\u2581";

  private final Vocabulary vocabulary;

  Pieces(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** The bytes of one token, control tokens as their text. */
  byte[] of(int id) {
    String text = vocabulary.text(id);
    return switch (vocabulary.type()) {
      case NONE -> new byte[0];
      case RWKV -> RwkvText.unescape(text);
      case PLAMO2 ->
          vocabulary.is(id, TokenAttributes.BYTE) && RwkvText.isByteToken(text)
              ? new byte[] {(byte) ByteTokens.value(text)}
              : utf8(text);
      default -> makeByAttributes(id, text);
    };
  }

  private byte[] makeByAttributes(int id, String text) {
    int attributes = vocabulary.attributes(id);
    int verbatim = TokenAttributes.UNKNOWN | TokenAttributes.CONTROL | TokenAttributes.USER_DEFINED;
    if ((attributes & verbatim) != 0) {
      return utf8(text);
    }
    if ((attributes & TokenAttributes.NORMAL) != 0) {
      return vocabulary.type() == VocabularyType.BPE && !vocabulary.escapesSpaces()
          ? decodeAlphabet(text)
          : utf8(text.replace(SPACE_MARK, " "));
    }
    if ((attributes & TokenAttributes.BYTE) != 0) {
      return new byte[] {(byte) ByteTokens.value(text)};
    }
    return new byte[0];
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A character outside the alphabet shows as a note of its bytes and the token's text. */
  private static byte[] decodeAlphabet(String text) {
    byte[] plain = new byte[text.length()];
    for (int i = 0; i < plain.length; i++) {
      int b = ByteAlphabet.byteOf(text.charAt(i));
      if (b < 0) {
        return decodeWithNotes(text);
      }
      plain[i] = (byte) b;
    }
    return plain;
  }

  private static byte[] decodeWithNotes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int b = ByteAlphabet.byteOf(c);
      if (b >= 0) {
        out.write(b);
        continue;
      }
      StringBuilder note = new StringBuilder("[UNK_BYTE_0x");
      for (int k = 0; k < Utf8.length(c); k++) {
        int v = Utf8.byteAt(c, k, Utf8.length(c));
        note.append(Character.forDigit(v >> 4, 16)).append(Character.forDigit(v & 15, 16));
      }
      byte[] bytes = utf8(note.append(text).append(']').toString());
      out.write(bytes, 0, bytes.length);
    }
    return out.toByteArray();
  }
}
