package dev.jllm.core.json;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A strict recursive-descent reader of one text. */
final class JsonReader {
  /** Deep enough for any honest document, shallow enough for a small thread's stack. */
  static final int MAX_DEPTH = 512;

  /** A long number is no number anyone computes with, and reading it takes quadratic time. */
  private static final int MAX_DIGITS = 1000;

  private final String text;
  private int at;
  private int depth;

  JsonReader(String text) {
    this.text = text;
  }

  @Nullable Object readAll() {
    Object value = readValue();
    skipSpace();
    if (at < text.length()) {
      throw wrong("the end");
    }
    return value;
  }

  private @Nullable Object readValue() {
    skipSpace();
    if (at == text.length()) {
      throw wrong("a value");
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> readObject();
      case '[' -> readArray();
      case '"' -> readString();
      case 't' -> readWord("true", Boolean.TRUE);
      case 'f' -> readWord("false", Boolean.FALSE);
      case 'n' -> readWord("null", null);
      default -> {
        if (c == '-' || c >= '0' && c <= '9') {
          yield readNumber();
        }
        throw wrong("a value");
      }
    };
  }

  private Map<String, @Nullable Object> readObject() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    open();
    if (!skip('}')) {
      do {
        skipSpace();
        if (at == text.length() || text.charAt(at) != '"') {
          throw wrong("a key");
        }
        String key = readString();
        if (!skip(':')) {
          throw wrong("':'");
        }
        object.put(key, readValue());
      } while (skip(','));
      if (!skip('}')) {
        throw wrong("',' or '}'");
      }
    }
    depth--;
    return object;
  }

  private List<@Nullable Object> readArray() {
    List<@Nullable Object> array = new ArrayList<>();
    open();
    if (!skip(']')) {
      do {
        array.add(readValue());
      } while (skip(','));
      if (!skip(']')) {
        throw wrong("',' or ']'");
      }
    }
    depth--;
    return array;
  }

  private void open() {
    at++;
    if (++depth > MAX_DEPTH) {
      throw new JsonException("JSON nested deeper than " + MAX_DEPTH + " at offset " + at);
    }
  }

  private String readString() {
    int start = ++at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        return text.substring(start, at++);
      }
      if (c == '\\') {
        return readEscaped(start);
      }
      if (c < 0x20) {
        throw wrong("a string without control characters");
      }
      at++;
    }
    throw wrong("the end of a string");
  }

  private String readEscaped(int start) {
    StringBuilder out = new StringBuilder().append(text, start, at);
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c != '\\') {
        if (c < 0x20) {
          at--;
          throw wrong("a string without control characters");
        }
        out.append(c);
      } else if (at < text.length()) {
        char escaped = text.charAt(at++);
        switch (escaped) {
          case '"', '\\', '/' -> out.append(escaped);
          case 'n' -> out.append('\n');
          case 'r' -> out.append('\r');
          case 't' -> out.append('\t');
          case 'b' -> out.append('\b');
          case 'f' -> out.append('\f');
          case 'u' -> out.append(readHex());
          default -> {
            at--;
            throw wrong("an escape");
          }
        }
      }
    }
    throw wrong("the end of a string");
  }

  private char readHex() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < text.length() ? hexDigit(text.charAt(at)) : -1;
      if (digit < 0) {
        throw wrong("four hexadecimal digits");
      }
      value = value << 4 | digit;
      at++;
    }
    return (char) value;
  }

  private static int hexDigit(char c) {
    return c >= '0' && c <= '9'
        ? c - '0'
        : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }

  private Number readNumber() {
    int start = at;
    if (text.charAt(at) == '-') {
      at++;
    }
    int first = at;
    readDigits();
    if (at - first > 1 && text.charAt(first) == '0') {
      at = first + 1;
      throw wrong("no digit after a leading zero");
    }
    boolean whole = true;
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      readDigits();
      whole = false;
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      readDigits();
      whole = false;
    }
    if (at - start > MAX_DIGITS) {
      throw new JsonException("JSON number longer than " + MAX_DIGITS + " at offset " + start);
    }
    String number = text.substring(start, at);
    if (!whole) {
      return Double.valueOf(number);
    }
    return number.length() <= 18 ? Long.valueOf(number) : fit(new BigInteger(number));
  }

  private static Number fit(BigInteger value) {
    return value.bitLength() <= 63 ? (Number) value.longValue() : value;
  }

  private void readDigits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw wrong("a digit");
    }
  }

  private @Nullable Object readWord(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("a value");
    }
    at += word.length();
    return value;
  }

  private boolean skip(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  private JsonException wrong(String expected) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end of the text";
    return new JsonException(
        "JSON: expected " + expected + " at offset " + at + ", found " + found);
  }
}
