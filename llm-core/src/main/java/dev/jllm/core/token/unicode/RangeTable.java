package dev.jllm.core.token.unicode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Ranges of code points with a number each, in ascending order, as a resource beside this class
 * lists them: a line holds the first code point, the last and the number, in hexadecimal and parted
 * by single spaces; lines that begin with '#' are comments.
 */
final class RangeTable {
  private int[] firsts = new int[1024];
  private int[] lasts = new int[1024];
  private int[] numbers = new int[1024];
  private int size;

  /** Reads the resource {@code name}. */
  RangeTable(String name) {
    byte[] text = text(name);
    int field = 0;
    int number = 0;
    int sign = 1;
    boolean comment = false;
    // By hand, since this is part of loading a model and runs once, before anything is compiled.
    for (byte c : text) {
      if (comment) {
        comment = c != '\n';
      } else if (c == '#') {
        comment = true;
      } else if (c == '-') {
        sign = -1;
      } else if (c == ' ' || c == '\n') {
        put(field, sign * number);
        field = c == ' ' ? field + 1 : 0;
        number = 0;
        sign = 1;
      } else {
        number = number << 4 | (c <= '9' ? c - '0' : c - 'A' + 10);
      }
    }
  }

  private void put(int field, int value) {
    if (field == 0 && size == firsts.length) {
      firsts = Arrays.copyOf(firsts, 2 * size);
      lasts = Arrays.copyOf(lasts, 2 * size);
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    switch (field) {
      case 0 -> firsts[size] = value;
      case 1 -> lasts[size] = value;
      default -> numbers[size++] = value;
    }
  }

  /** How many ranges there are. */
  int size() {
    return size;
  }

  /** The first code point of range {@code i}. */
  int first(int i) {
    return firsts[i];
  }

  /** The last code point of range {@code i}. */
  int last(int i) {
    return lasts[i];
  }

  /** The number of range {@code i}. */
  int number(int i) {
    return numbers[i];
  }

  /** The number of the range that holds {@code codePoint}, or 0. */
  int numberOf(int codePoint) {
    int i = Arrays.binarySearch(firsts, 0, size, codePoint);
    if (i < 0) {
      i = -i - 2;
    }
    return i >= 0 && codePoint <= lasts[i] ? numbers[i] : 0;
  }

  private static byte[] text(String name) {
    try (InputStream in = RangeTable.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the resource dev/jllm/core/token/unicode/"
                + name
                + " is missing: keep the resources of the llm-core jar when repackaging it");
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream(1 << 16);
      byte[] piece = new byte[1 << 14];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        all.write(piece, 0, n);
      }
      return all.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
