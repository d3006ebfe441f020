package dev.jllm.core.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens, with whitespace control as chat templates expect it: {@code
 * trim_blocks} and {@code lstrip_blocks} on, the last line end dropped.
 */
final class Lexer {
  private static final String[] OPERATORS = {
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    ">", "<", "=", ".", ":", "|", ",", ";"
  };

  private final Source source;
  private final String s;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  // Whether the last match ended with a line end: then blanks before a tag are at a line's start.
  private boolean lineStart = true;

  private Lexer(Source source) {
    this.source = source;
    s = source.text();
  }

  static List<Token> tokens(Source source) {
    Lexer lexer = new Lexer(source);
    lexer.root();
    lexer.add(Token.Kind.END, "", lexer.s.length());
    return lexer.tokens;
  }

  private void add(Token.Kind kind, String text, int position) {
    tokens.add(new Token(kind, text, position));
  }

  private JinjaException error(String message, int position) {
    return source.place(new JinjaException(message), position);
  }

  private void root() {
    while (at < s.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        add(Token.Kind.DATA, s.substring(at), at);
        return;
      }
      int start = at;
      int body = tag + 2;
      char sign =
          body < s.length() && (s.charAt(body) == '-' || s.charAt(body) == '+')
              ? s.charAt(body)
              : 0;
      if (sign != 0) {
        body++;
      }
      char type = s.charAt(tag + 1);
      int raw = type == '%' ? rawEnd(body) : -1;
      data(start, tag, sign, type == '{');
      if (raw >= 0) {
        at = raw;
        lineStart = s.charAt(at - 1) == '\n';
        raw(tag);
      } else if (type == '#') {
        comment(tag, body);
      } else {
        at = body;
        lineStart = false;
        boolean block = type == '%';
        add(block ? Token.Kind.BLOCK_BEGIN : Token.Kind.VARIABLE_BEGIN, "", tag);
        code(block);
      }
    }
  }

  /** The next {@code {{}, {@code {%} or {@code {#}. */
  private int nextTag(int from) {
    for (int i = s.indexOf('{', from); i >= 0 && i + 1 < s.length(); i = s.indexOf('{', i + 1)) {
      char c = s.charAt(i + 1);
      if (c == '{' || c == '%' || c == '#') {
        return i;
      }
    }
    return -1;
  }

  /** Template text before a tag, with the blanks that the tag eats removed. */
  private void data(int from, int to, char sign, boolean variable) {
    int end = to;
    if (sign == '-') {
      while (end > from && Characters.isSpace(s.charAt(end - 1))) {
        end--;
      }
    } else if (sign != '+' && !variable) {
      int line = s.lastIndexOf('\n', to - 1) + 1;
      line = Math.max(line, from);
      if (line > from || lineStart) {
        int i = line;
        while (i < to && Characters.isSpace(s.charAt(i))) {
          i++;
        }
        if (i == to) {
          end = line;
        }
      }
    }
    if (end > from) {
      add(Token.Kind.DATA, s.substring(from, end), from);
    }
  }

  private int spaces(int from) {
    int i = from;
    while (i < s.length() && Characters.isSpace(s.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Where the content of a raw block starts, if {@code body} is within its begin tag; else -1. */
  private int rawEnd(int body) {
    int i = spaces(body);
    if (!s.startsWith("raw", i)) {
      return -1;
    }
    i = spaces(i + 3);
    if (s.startsWith("-%}", i)) {
      return spaces(i + 3);
    }
    return s.startsWith("%}", i) ? i + 2 : -1;
  }

  private void raw(int tag) {
    for (int i = s.indexOf("{%", at); i >= 0; i = s.indexOf("{%", i + 1)) {
      int body = i + 2;
      char sign = 0;
      if (body < s.length() && (s.charAt(body) == '-' || s.charAt(body) == '+')) {
        sign = s.charAt(body++);
      }
      body = spaces(body);
      if (!s.startsWith("endraw", body)) {
        continue;
      }
      int end = blockEnd(spaces(body + 6), "%}");
      if (end >= 0) {
        data(at, i, sign, false);
        move(end);
        return;
      }
    }
    throw error("Missing end of raw directive", tag);
  }

  /** Where the text goes on after an end mark at {@code i}, or -1 if there is none. */
  private int blockEnd(int i, String mark) {
    if (s.startsWith("+" + mark, i)) {
      return i + 3;
    } else if (s.startsWith("-" + mark, i)) {
      return spaces(i + 3);
    } else if (s.startsWith(mark, i)) {
      return i + 2 < s.length() && s.charAt(i + 2) == '\n' ? i + 3 : i + 2;
    }
    return -1;
  }

  private void move(int to) {
    at = to;
    lineStart = s.charAt(at - 1) == '\n';
  }

  private void comment(int tag, int body) {
    int i = s.indexOf("#}", body);
    if (i < 0 && body == s.length()) {
      move(body); // As Jinja2 does: a comment needs a character to be missed.
      return;
    }
    if (i < 0) {
      throw error("Missing end of comment tag", tag);
    }
    boolean signed = i > body && (s.charAt(i - 1) == '-' || s.charAt(i - 1) == '+');
    move(blockEnd(signed ? i - 1 : i, "#}"));
  }

  /** The tokens of a tag up to its end. */
  private void code(boolean block) {
    Deque<Character> open = new ArrayDeque<>();
    while (true) {
      at = spaces(at);
      if (at >= s.length()) {
        return;
      }
      if (open.isEmpty()) {
        int end;
        if (block) {
          end = blockEnd(at, "%}");
        } else if (s.startsWith("-}}", at)) {
          end = spaces(at + 3);
        } else {
          end = s.startsWith("}}", at) ? at + 2 : -1;
        }
        if (end >= 0) {
          add(block ? Token.Kind.BLOCK_END : Token.Kind.VARIABLE_END, "", at);
          move(end);
          return;
        }
      }
      token(open);
    }
  }

  private void token(Deque<Character> open) {
    char c = s.charAt(at);
    int start = at;
    if (isDigit(c)) {
      number();
    } else if (Characters.isWord(s.codePointAt(at))) {
      while (at < s.length() && isNamePart(s.codePointAt(at))) {
        at += Character.charCount(s.codePointAt(at));
      }
      String name = s.substring(start, at);
      if (!Characters.isIdentifier(name)) {
        throw error("Invalid character in identifier", start);
      }
      add(Token.Kind.NAME, name, start);
    } else if (c == '\'' || c == '"') {
      string(c);
    } else {
      operator(open);
    }
  }

  private static boolean isNamePart(int c) {
    return Characters.isWord(c) || Characters.isIdentifierPart(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void operator(Deque<Character> open) {
    for (String sign : OPERATORS) {
      if (!s.startsWith(sign, at)) {
        continue;
      }
      char c = sign.charAt(0);
      if (c == '(' || c == '[' || c == '{') {
        open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
      } else if (c == ')' || c == ']' || c == '}') {
        if (open.isEmpty()) {
          throw error("unexpected '" + c + "'", at);
        }
        char expected = open.pop();
        if (expected != c) {
          throw error("unexpected '" + c + "', expected '" + expected + "'", at);
        }
      }
      add(Token.Kind.OPERATOR, sign, at);
      at += sign.length();
      return;
    }
    StringBuilder shown = new StringBuilder();
    Repr.quoted(shown, new String(Character.toChars(s.codePointAt(at))));
    throw error("unexpected char " + shown + " at " + at, at);
  }

  /** Digits with single underscores between them, from {@code i}; {@code i} itself if none. */
  private int digits(int i, int radix) {
    int end = i;
    while (end < s.length()) {
      int next = end > i && s.charAt(end) == '_' ? end + 1 : end;
      if (next >= s.length()
          || s.charAt(next) > 'f'
          || Character.digit(s.charAt(next), radix) < 0) {
        break;
      }
      end = next + 1;
    }
    return end;
  }

  private void number() {
    int start = at;
    boolean afterDot = start > 0 && s.charAt(start - 1) == '.';
    int whole = digits(start, 10);
    if (!afterDot) {
      int end = whole;
      if (end + 1 < s.length() && s.charAt(end) == '.' && isDigit(s.charAt(end + 1))) {
        end = digits(end + 1, 10);
      }
      if (end < s.length() && (s.charAt(end) == 'e' || s.charAt(end) == 'E')) {
        int exponent = end + 1;
        if (exponent < s.length() && (s.charAt(exponent) == '+' || s.charAt(exponent) == '-')) {
          exponent++;
        }
        if (digits(exponent, 10) > exponent) {
          end = digits(exponent, 10);
        }
      }
      if (end > whole) {
        add(Token.Kind.FLOAT, s.substring(start, end).replace("_", ""), start);
        at = end;
        return;
      }
    }
    if (s.charAt(start) == '0' && start + 1 < s.length()) {
      int radix =
          switch (s.charAt(start + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      int first = start + 2;
      if (radix > 0 && first < s.length() && s.charAt(first) == '_') {
        first++;
      }
      if (radix > 0 && digits(first, radix) > first) {
        at = digits(first, radix);
        add(Token.Kind.INTEGER, s.substring(start, at).replace("_", ""), start);
        return;
      }
      // Zeros alone: 007 is 00 and then 7.
      whole = start + 1;
      while (whole < s.length()
          && (s.charAt(whole) == '0'
              || (s.charAt(whole) == '_'
                  && whole + 1 < s.length()
                  && s.charAt(whole + 1) == '0'))) {
        whole++;
      }
    }
    at = whole;
    add(Token.Kind.INTEGER, s.substring(start, at).replace("_", ""), start);
  }

  private void string(char quote) {
    int i = at + 1;
    while (i < s.length() && s.charAt(i) != quote) {
      i += s.charAt(i) == '\\' ? 2 : 1;
    }
    if (i >= s.length()) {
      StringBuilder shown = new StringBuilder();
      Repr.quoted(shown, String.valueOf(quote));
      throw error("unexpected char " + shown + " at " + at, at);
    }
    add(Token.Kind.STRING, unescape(at + 1, i), at);
    at = i + 1;
  }

  private String unescape(int from, int to) {
    StringBuilder b = new StringBuilder();
    int i = from;
    while (i < to) {
      char c = s.charAt(i++);
      if (c != '\\') {
        b.append(c);
        continue;
      }
      int next = s.codePointAt(i);
      i += Character.charCount(next);
      switch (next) {
        case '\n' -> {}
        case '\\', '\'', '"' -> b.append((char) next);
        case 'a' -> b.append((char) 7);
        case 'b' -> b.append('\b');
        case 'f' -> b.append('\f');
        case 'n' -> b.append('\n');
        case 'r' -> b.append('\r');
        case 't' -> b.append('\t');
        case 'v' -> b.append((char) 0x0b);
        case 'x' -> i = hex(b, i, to, 2);
        case 'u' -> i = hex(b, i, to, 4);
        case 'U' -> i = hex(b, i, to, 8);
        case 'N' -> throw error("\\N escapes are not offered: write \\u and the code point", i - 2);
        default -> {
          if (next >= '0' && next <= '7') {
            int value = next - '0';
            for (int n = 1; n < 3 && i < to && s.charAt(i) >= '0' && s.charAt(i) <= '7'; n++) {
              value = value * 8 + s.charAt(i++) - '0';
            }
            b.append((char) value);
          } else if (next < 0x80) {
            b.append('\\').append((char) next);
          } else {
            // Jinja escapes what is not ASCII before it decodes, and so loses it here.
            int digits = next < 0x100 ? 2 : next < 0x10000 ? 4 : 8;
            b.append('\\').append(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
            Repr.hex(b, next, digits);
          }
        }
      }
    }
    return b.toString();
  }

  private int hex(StringBuilder b, int from, int to, int digits) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < to && s.charAt(i) < 0x80 ? Character.digit(s.charAt(i), 16) : -1;
      if (digit < 0) {
        throw error("truncated \\" + s.charAt(from - 1) + " escape", from - 2);
      }
      value = value << 4 | digit;
    }
    if (!Character.isValidCodePoint(value)) {
      throw error("illegal Unicode character", from - 2);
    }
    b.appendCodePoint(value);
    return from + digits;
  }
}
