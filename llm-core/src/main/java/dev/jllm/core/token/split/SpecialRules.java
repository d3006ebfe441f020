package dev.jllm.core.token.split;

import static dev.jllm.core.token.unicode.Unicode.LETTER;
import static dev.jllm.core.token.unicode.Unicode.MARK;
import static dev.jllm.core.token.unicode.Unicode.NUMBER;
import static dev.jllm.core.token.unicode.Unicode.PUNCTUATION;
import static dev.jllm.core.token.unicode.Unicode.SPACE;

/** Rules that only one or two pre-tokenizers have. */
final class SpecialRules {
  private static final CodePointSet HAN =
      CodePointSet.of(
          "4E00-9FFF 3400-4DBF 20000-2A6DF 2A700-2B73F 2B740-2B81F 2B820-2CEAF 2CEB0-2EBEF "
              + "F900-FAFF 2F800-2FA1F");

  private SpecialRules() {}

  /**
   * Words in which a capital ASCII letter after a small one begins a new word: with U all of the
   * body but a-z and V all of it but A-Z, {@code P?U*V+|P?U+V*}, P being {@code [^\r\n\p{L}\p{N}]}.
   */
  static Rule casedWord(int body, boolean contractions) {
    return (text, at, to) -> {
      boolean led = Rules.mayLead(text, at, LETTER | NUMBER);
      int end = led ? smallWord(text, at + 1, to, body) : Rule.NONE;
      if (end == Rule.NONE) {
        end = smallWord(text, at, to, body);
      }
      if (end == Rule.NONE && led) {
        end = capitalWord(text, at + 1, to, body);
      }
      if (end == Rule.NONE) {
        end = capitalWord(text, at, to, body);
      }
      return end != Rule.NONE && contractions ? Rules.optionalContraction(text, end, to) : end;
    };
  }

  /** {@code U*V+}: of the capitals as many are given back as the second half needs. */
  private static int smallWord(CodePoints text, int at, int to, int body) {
    int start = at;
    while (start < to && isCapital(text, start, body)) {
      start++;
    }
    while (start > at && !(start < to && isSmall(text, start, body))) {
      start--;
    }
    int end = start;
    while (end < to && isSmall(text, end, body)) {
      end++;
    }
    return Rules.some(start, end);
  }

  /** {@code U+V*}. */
  private static int capitalWord(CodePoints text, int at, int to, int body) {
    int end = at;
    while (end < to && isCapital(text, end, body)) {
      end++;
    }
    if (end == at) {
      return Rule.NONE;
    }
    while (end < to && isSmall(text, end, body)) {
      end++;
    }
    return end;
  }

  private static boolean isCapital(CodePoints text, int at, int body) {
    return text.is(at, body) && !(text.at(at) >= 'a' && text.at(at) <= 'z');
  }

  private static boolean isSmall(CodePoints text, int at, int body) {
    return text.is(at, body) && !(text.at(at) >= 'A' && text.at(at) <= 'Z');
  }

  /** {@code [^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+}. */
  static int spacedWord(CodePoints text, int at, int to) {
    int start = Rules.mayLead(text, at, LETTER | NUMBER) ? at + 1 : at;
    if (start >= to || !text.is(start, LETTER)) {
      return Rule.NONE;
    }
    int end = start;
    while (end < to) {
      if (text.is(end, LETTER)) {
        end = text.skip(end + 1, to, MARK);
      } else if (text.at(end) == ' ' && end + 1 < to && text.is(end + 1, LETTER)) {
        end++;
      } else {
        break;
      }
    }
    return end;
  }

  /** {@code \p{Han}+}. */
  static int han(CodePoints text, int at, int to) {
    return HAN.run().end(text, at, to);
  }

  /** {@code [^\r\n\p{L}\p{N}]?}, letters that are not Han, an optional contraction. */
  static int wordWithoutHan(CodePoints text, int at, int to) {
    int start = Rules.mayLead(text, at, LETTER | NUMBER) ? at + 1 : at;
    int end = start;
    while (end < to && text.is(end, LETTER) && !HAN.contains(text, end)) {
      end++;
    }
    return end == start ? Rule.NONE : Rules.optionalContraction(text, end, to);
  }

  /** One ASCII sign and the ASCII letters behind it. */
  static int signAndAsciiWord(CodePoints text, int at, int to) {
    int c = text.at(at);
    if (c <= ' ' || c >= 0x7F || Rules.isAsciiLetter(c) || Rules.isAsciiDigit(c)) {
      return Rule.NONE;
    }
    int end = at + 1;
    while (end < to && Rules.isAsciiLetter(text.at(end))) {
      end++;
    }
    return end > at + 1 ? end : Rule.NONE;
  }

  /** {@code [\p{P}X]+}, X being the given code points. */
  static Rule punctuation(String more) {
    return (text, at, to) -> {
      int end = at;
      while (end < to && (text.is(end, PUNCTUATION) || more.indexOf(text.at(end)) >= 0)) {
        end++;
      }
      return Rules.some(at, end);
    };
  }

  /** {@code [\p{P}X]}. */
  static Rule onePunctuation(String more) {
    return (text, at, to) ->
        text.is(at, PUNCTUATION) || more.indexOf(text.at(at)) >= 0 ? at + 1 : Rule.NONE;
  }

  /** {@code [0-9][0-9][0-9]}. */
  static int threeAsciiDigits(CodePoints text, int at, int to) {
    return at + 3 <= to && asciiDigits(text, at, to) >= at + 3 ? at + 3 : Rule.NONE;
  }

  /** The end of the ASCII digits from {@code at}. */
  private static int asciiDigits(CodePoints text, int at, int to) {
    int end = at;
    while (end < to && Rules.isAsciiDigit(text.at(end))) {
      end++;
    }
    return end;
  }

  /** {@code \s+$}. */
  static int spacesAtEnd(CodePoints text, int at, int to) {
    return text.is(at, SPACE) && text.skip(at, to, SPACE) == to ? to : Rule.NONE;
  }

  /**
   * Cuts every number by threes from its right end; what stands before a number stays with the
   * number's first group.
   */
  static void numbersFromTheRight(CodePoints text, int from, int to, Words words) {
    int start = from;
    int at = from;
    while (at < to) {
      int end = text.skip(at, to, NUMBER);
      for (int cut = at; cut < end; ) {
        int group = (end - cut) % 3;
        cut += group == 0 ? 3 : group;
        words.word(text, start, cut);
        start = cut;
      }
      at = end + 1;
    }
    if (start < to) {
      words.word(text, start, to);
    }
  }

  /**
   * {@code (?=(\d{3})+(?!\d))}: a cut, of no width, wherever a multiple of three digits follows.
   */
  static void beforeThreeDigits(CodePoints text, int from, int to, Words words) {
    int start = from;
    int at = from;
    while (at < to) {
      int end = asciiDigits(text, at, to);
      for (int cut = at; cut < end; cut++) {
        if ((end - cut) % 3 == 0 && cut > start) {
          words.word(text, start, cut);
          start = cut;
        }
      }
      at = end + 1;
    }
    if (start < to) {
      words.word(text, start, to);
    }
  }

  /**
   * White space by the largest power of two, up to 512, that more white space or the end follows.
   */
  static int halvedSpaces(CodePoints text, int at, int to) {
    int spaces = text.skip(at, Math.min(to, at + 513), SPACE) - at;
    if (spaces == 0) {
      return Rule.NONE;
    }
    for (int n = 512; n >= 1; n = n == 4 ? 2 : n / 2) {
      if (spaces > n || spaces == n && at + n == to) {
        return at + n;
      }
    }
    return at + 1;
  }

  /** {@code <sentinel:[0-9]+>}. */
  static int sentinel(CodePoints text, int at, int to) {
    String head = "<sentinel:";
    if (!startsWith(text, at, to, head)) {
      return Rule.NONE;
    }
    int digits = at + head.length();
    int end = asciiDigits(text, digits, to);
    return end > digits && end < to && text.at(end) == '>' ? end + 1 : Rule.NONE;
  }

  /** {@code IMGIMG[A-I]{1,4}Z}. */
  static int imageToken(CodePoints text, int at, int to) {
    String head = "IMGIMG";
    if (!startsWith(text, at, to, head)) {
      return Rule.NONE;
    }
    int letters = at + head.length();
    int end = letters;
    while (end < to && end < letters + 4 && text.at(end) >= 'A' && text.at(end) <= 'I') {
      end++;
    }
    return end > letters && end < to && text.at(end) == 'Z' ? end + 1 : Rule.NONE;
  }

  /** One tab or line feed, four spaces, or two. */
  static int indentation(CodePoints text, int at, int to) {
    int c = text.at(at);
    if (c == '\t' || c == '\n') {
      return at + 1;
    }
    return startsWith(text, at, to, "    ")
        ? at + 4
        : startsWith(text, at, to, "  ") ? at + 2 : Rule.NONE;
  }

  private static boolean startsWith(CodePoints text, int at, int to, String head) {
    if (at + head.length() > to) {
      return false;
    }
    for (int i = 0; i < head.length(); i++) {
      if (text.at(at + i) != head.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
