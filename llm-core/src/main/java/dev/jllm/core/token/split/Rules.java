package dev.jllm.core.token.split;

import static dev.jllm.core.token.unicode.Unicode.LETTER;
import static dev.jllm.core.token.unicode.Unicode.NUMBER;
import static dev.jllm.core.token.unicode.Unicode.SPACE;

/**
 * The alternatives that the patterns of most pre-tokenizers are composed of. Each says in its
 * comment which regular expression it stands for; greedy matching with backtracking is resolved by
 * hand, so every rule takes one pass.
 */
final class Rules {
  private Rules() {}

  /** {@code 's|'t|'re|'ve|'m|'ll|'d}. */
  static int contraction(CodePoints text, int at, int to) {
    return contraction(text, at, to, 0);
  }

  /** {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)} for ASCII letters. */
  static int contractionAnyCase(CodePoints text, int at, int to) {
    return contraction(text, at, to, 0x20);
  }

  private static int contraction(CodePoints text, int at, int to, int fold) {
    if (text.at(at) != '\'' || at + 1 >= to) {
      return Rule.NONE;
    }
    int first = text.at(at + 1) | fold;
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return at + 2;
    }
    if (at + 2 < to) {
      int second = text.at(at + 2) | fold;
      if (first == 'r' && second == 'e'
          || first == 'v' && second == 'e'
          || first == 'l' && second == 'l') {
        return at + 3;
      }
    }
    return Rule.NONE;
  }

  /** The end of an optional contraction at {@code at}. */
  static int optionalContraction(CodePoints text, int at, int to) {
    int end = at < to ? contractionAnyCase(text, at, to) : Rule.NONE;
    return end == Rule.NONE ? at : end;
  }

  /** {@code " ?X+"}, X a class of the mask. */
  static Rule spaceAndRun(int mask) {
    return (text, at, to) -> {
      int start = text.at(at) == ' ' ? at + 1 : at;
      return some(start, text.skip(start, to, mask));
    };
  }

  /** {@code "\s?X+"}, X a class of the mask. */
  static Rule anySpaceAndRun(int mask) {
    return (text, at, to) -> {
      int start = text.is(at, SPACE) ? at + 1 : at;
      return some(start, text.skip(start, to, mask));
    };
  }

  /** {@code " ?[^X]+"} and then all of {@code tail}; X are the classes of the mask. */
  static Rule spaceAndOthers(int mask, Tail tail) {
    return (text, at, to) -> {
      int start = text.at(at) == ' ' ? at + 1 : at;
      int end = text.skipNot(start, to, mask);
      return end == start ? Rule.NONE : tail.end(text, end, to);
    };
  }

  /** {@code " ?X+"} and then all of {@code tail}, X a class of the mask. */
  static Rule spaceAndRun(int mask, Tail tail) {
    return (text, at, to) -> {
      int start = text.at(at) == ' ' ? at + 1 : at;
      int end = text.skip(start, to, mask);
      return end == start ? Rule.NONE : tail.end(text, end, to);
    };
  }

  /** What may follow the run of a rule. */
  enum Tail {
    /** Nothing. */
    NONE,
    /** {@code [\r\n]*}. */
    LINE_ENDS,
    /** {@code [\r\n/]*}. */
    LINE_ENDS_AND_SLASHES,
    /** {@code [\r\n/]?}. */
    ONE_LINE_END_OR_SLASH;

    int end(CodePoints text, int at, int to) {
      int i = at;
      while (this != NONE
          && i < to
          && (isLineEnd(text.at(i)) || this != LINE_ENDS && text.at(i) == '/')) {
        i++;
        if (this == ONE_LINE_END_OR_SLASH) {
          break;
        }
      }
      return i;
    }
  }

  /** {@code [^\r\nP]?X+}: P the classes that may not lead, X the classes of the word. */
  static Rule word(int notLeading, int body) {
    return (text, at, to) -> {
      if (mayLead(text, at, notLeading)) {
        int end = text.skip(at + 1, to, body);
        if (end > at + 1) {
          return end;
        }
      }
      return some(at, text.skip(at, to, body));
    };
  }

  /** {@link #word} and then an optional contraction in any case. */
  static Rule wordAndContraction(int notLeading, int body) {
    Rule word = word(notLeading, body);
    return (text, at, to) -> {
      int end = word.end(text, at, to);
      return end == Rule.NONE ? end : optionalContraction(text, end, to);
    };
  }

  /** {@code [^\r\nP]} at one place. */
  static boolean mayLead(CodePoints text, int at, int notLeading) {
    return !text.is(at, notLeading) && !isLineEnd(text.at(at));
  }

  /** {@code \p{N}{1,most}}. */
  static Rule numbers(int most) {
    return (text, at, to) -> some(at, text.skip(at, Math.min(to, at + most), NUMBER));
  }

  /** {@code X+}, X a class of the mask. */
  static Rule run(int mask) {
    return (text, at, to) -> some(at, text.skip(at, to, mask));
  }

  /** {@code \s*[\r\n]+}, and just as well {@code \s*[\r\n]}: up to the run's last line end. */
  static int lineEnds(CodePoints text, int at, int to) {
    int end = text.skip(at, to, SPACE);
    while (end > at && !isLineEnd(text.at(end - 1))) {
      end--;
    }
    return some(at, end);
  }

  /** {@code \s+(?!\S)}: white space but for the last one before something else. */
  static int spacesBeforeSpace(CodePoints text, int at, int to) {
    int end = text.skip(at, to, SPACE);
    return some(at, end == to ? end : end - 1);
  }

  /** {@code \s+}. */
  static int spaces(CodePoints text, int at, int to) {
    return some(at, text.skip(at, to, SPACE));
  }

  /** Any one code point of the given ones. */
  static Rule one(String codePoints) {
    return (text, at, to) -> codePoints.indexOf(text.at(at)) >= 0 ? at + 1 : Rule.NONE;
  }

  static boolean isLineEnd(int codePoint) {
    return codePoint == '\n' || codePoint == '\r';
  }

  static boolean isAsciiLetter(int codePoint) {
    int c = codePoint | 0x20;
    return c >= 'a' && c <= 'z';
  }

  static boolean isAsciiDigit(int codePoint) {
    return codePoint >= '0' && codePoint <= '9';
  }

  static int some(int start, int end) {
    return end > start ? end : Rule.NONE;
  }

  /** The pattern of GPT-2, all but its contractions. */
  static final Rule[] GPT2 = {
    Rules::contraction,
    spaceAndRun(LETTER),
    spaceAndRun(NUMBER),
    spaceAndOthers(SPACE | LETTER | NUMBER, Tail.NONE),
    Rules::spacesBeforeSpace,
    Rules::spaces,
  };
}
