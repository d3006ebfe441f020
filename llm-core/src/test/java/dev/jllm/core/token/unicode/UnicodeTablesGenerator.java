package dev.jllm.core.token.unicode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the tables that {@link Unicode} reads from the character data of the running JDK, which
 * must know Unicode 16.0 (JDK 24 to 25). What 16.0 added is left unassigned, so that the tables are
 * those of Unicode 15.1; between the two no code point changed its class or its lowercase.
 *
 * <p>Run {@code main} with the folder of the resources.
 */
public final class UnicodeTablesGenerator {
  /** First and last of each range that Unicode 16.0 added. */
  static final int[] ADDED_IN_16 = {
    0x0897, 0x0897, 0x1B4E, 0x1B4F, 0x1B7F, 0x1B7F, 0x1C89, 0x1C8A, 0x2427, 0x2429, 0x31E4, 0x31E5,
    0xA7CB, 0xA7CD, 0xA7DA, 0xA7DC, 0x105C0, 0x105F3, 0x10D40, 0x10D65, 0x10D69, 0x10D85, 0x10D8E,
    0x10D8F, 0x10EC2, 0x10EC4, 0x10EFC, 0x10EFC, 0x11380, 0x113E2, 0x116D0, 0x116E3, 0x11BC0,
    0x11BE1, 0x11BF0, 0x11BF9, 0x11F5A, 0x11F5A, 0x13460, 0x143FA, 0x16100, 0x16139, 0x16D40,
    0x16D79, 0x18CFF, 0x18CFF, 0x1CC00, 0x1CCF9, 0x1CD00, 0x1CEB3, 0x1E5D0, 0x1E5FA, 0x1E5FF,
    0x1E5FF, 0x1F8B2, 0x1F8BB, 0x1F8C0, 0x1F8C1, 0x1FA89, 0x1FA89, 0x1FA8F, 0x1FA8F, 0x1FABE,
    0x1FABE, 0x1FAC6, 0x1FAC6, 0x1FADC, 0x1FADC, 0x1FADF, 0x1FADF, 0x1FAE9, 0x1FAE9, 0x1FBCB,
    0x1FBEF,
  };

  /** The code points with the White_Space property. */
  private static final int[] WHITE_SPACE = {
    0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
    0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
  };

  private UnicodeTablesGenerator() {}

  public static void main(String[] args) throws IOException {
    if (!canRun()) {
      throw new IllegalStateException("run on a JDK whose character data is Unicode 16.0");
    }
    for (Map.Entry<String, String> table : tables().entrySet()) {
      Files.writeString(Path.of(args[0]).resolve(table.getKey()), table.getValue());
    }
  }

  /** Whether the running JDK knows Unicode 16.0. */
  static boolean canRun() {
    return Character.getType(0x1CC00) != Character.UNASSIGNED
        && Character.getType(0x1E6C0) == Character.UNASSIGNED;
  }

  /** The text of each resource by its name. */
  static Map<String, String> tables() {
    return Map.of(
        Unicode.CLASSES,
        ranges(
            "classes: 1 letter, 2 number, 4 mark, 8 punctuation, 10 symbol, 20 space, 40 control",
            UnicodeTablesGenerator::classOf),
        Unicode.LOWERCASE,
        ranges(
            "distances to the simple lowercase",
            c -> assigned(c) ? Character.toLowerCase(c) - c : 0),
        Unicode.DECOMPOSITION,
        ranges(
            "distances to the first code point of the canonical decomposition, but for Hangul",
            c -> assigned(c) ? decomposed(c) - c : 0));
  }

  static boolean assigned(int c) {
    for (int i = 0; i < ADDED_IN_16.length; i += 2) {
      if (c >= ADDED_IN_16[i] && c <= ADDED_IN_16[i + 1]) {
        return false;
      }
    }
    return true;
  }

  /** The class of {@code c} by the running JDK's character data. */
  static int classOf(int c) {
    for (int w : WHITE_SPACE) {
      if (w == c) {
        return Unicode.SPACE;
      }
    }
    if (!assigned(c)) {
      return 0;
    }
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          Unicode.LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          Unicode.NUMBER;
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          Unicode.MARK;
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          Unicode.PUNCTUATION;
      case Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          Unicode.SYMBOL;
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE ->
          Unicode.CONTROL;
      default -> 0;
    };
  }

  private static int decomposed(int c) {
    if (c >= 0xAC00 && c <= 0xD7A3 || c >= 0xD800 && c <= 0xDFFF) {
      return c;
    }
    return Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD).codePointAt(0);
  }

  private interface Mapping {
    int of(int codePoint);
  }

  /** A line a range of equal numbers but 0: first, last, number. */
  private static String ranges(String what, Mapping numbers) {
    StringBuilder text = new StringBuilder();
    text.append("# Unicode 15.1: ").append(what).append(".\n");
    text.append("# Written by UnicodeTablesGenerator; first, last, number in hexadecimal.\n");
    int start = 0;
    int number = 0;
    for (int c = 0; c <= 0x110000; c++) {
      int n = c < 0x110000 ? numbers.of(c) : 0;
      if (n != number) {
        if (number != 0) {
          text.append(hex(start)).append(' ').append(hex(c - 1)).append(' ');
          text.append(number < 0 ? "-" : "").append(hex(Math.abs(number))).append('\n');
        }
        start = c;
        number = n;
      }
    }
    return text.toString();
  }

  private static String hex(int n) {
    return Integer.toHexString(n).toUpperCase(Locale.ROOT);
  }
}
