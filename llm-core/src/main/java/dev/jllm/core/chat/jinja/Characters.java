package dev.jllm.core.chat.jinja;

/** Python's character classes. */
final class Characters {
  private Characters() {}

  /** {@code str.isspace}, and {@code \s} of regular expressions. */
  static boolean isSpace(int c) {
    if (c < 0x80) {
      return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f);
    }
    return c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  /** Where {@code str.splitlines} ends a line. */
  static boolean isLineEnd(char c) {
    return c == '\n'
        || c == '\r'
        || c == 0x0b
        || c == 0x0c
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** {@code str.isprintable}. */
  static boolean isPrintable(int c) {
    if (c == ' ') {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** {@code str.isalpha}: the letters. */
  static boolean isAlpha(int c) {
    return Character.isLetter(c);
  }

  static boolean isDecimal(int c) {
    return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
  }

  /** Decimal digits and such as superscripts. */
  static boolean isDigit(int c) {
    return isDecimal(c)
        || c == 0xb2
        || c == 0xb3
        || c == 0xb9
        || (c >= 0x1369 && c <= 0x1371)
        || c == 0x19da
        || c == 0x2070
        || (c >= 0x2074 && c <= 0x2079)
        || (c >= 0x2080 && c <= 0x2089)
        || (c >= 0x2460 && c <= 0x2468)
        || (c >= 0x2474 && c <= 0x247c)
        || (c >= 0x2488 && c <= 0x2490)
        || c == 0x24ea
        || (c >= 0x24f5 && c <= 0x24fd)
        || c == 0x24ff
        || (c >= 0x2776 && c <= 0x277e)
        || (c >= 0x2780 && c <= 0x2788)
        || (c >= 0x278a && c <= 0x2792)
        || (c >= 0x10a40 && c <= 0x10a43)
        || (c >= 0x10e60 && c <= 0x10e68)
        || (c >= 0x11052 && c <= 0x1105a)
        || (c >= 0x1f100 && c <= 0x1f10a);
  }

  private static final String NUMERIC_IDEOGRAPHS =
      "㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍弎弐拾捌柒漆玖百肆萬貮貳贰" + "阡陆陌陸零〇";

  static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return isDigit(c)
        || type == Character.OTHER_NUMBER
        || type == Character.LETTER_NUMBER
        || NUMERIC_IDEOGRAPHS.indexOf(c) >= 0;
  }

  static boolean isAlphanumeric(int c) {
    return isAlpha(c) || isNumeric(c);
  }

  /** {@code \w} of regular expressions. */
  static boolean isWord(int c) {
    return c == '_' || isAlphanumeric(c);
  }

  static boolean isIdentifierStart(int c) {
    return c == '_' || Character.isLetter(c) || Character.getType(c) == Character.LETTER_NUMBER;
  }

  static boolean isIdentifierPart(int c) {
    if (isIdentifierStart(c)) {
      return true;
    }
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.CONNECTOR_PUNCTUATION;
  }

  static boolean isIdentifier(String s) {
    if (s.isEmpty() || !isIdentifierStart(s.codePointAt(0))) {
      return false;
    }
    return s.codePoints().allMatch(Characters::isIdentifierPart);
  }

  /** A letter in title case: as in {@code ǅ}, or upper case. */
  static boolean isTitleOrUpper(int c) {
    return Character.isUpperCase(c) || Character.isTitleCase(c);
  }

  static boolean isCased(int c) {
    return isTitleOrUpper(c) || Character.isLowerCase(c);
  }
}
