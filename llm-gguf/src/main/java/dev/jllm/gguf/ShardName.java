package dev.jllm.gguf;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The name of a shard: {@code PREFIX-00002-of-00005.gguf}.
 *
 * @param prefix what stands before the numbers, with the folder
 * @param number the shard, from 1
 * @param count shards of the model
 */
record ShardName(Path folder, String prefix, int number, int count) {
  private static final String END = ".gguf";
  private static final String OF = "-of-";
  private static final int DIGITS = 5;

  /** The parts of a path, or null if it is not named so. */
  static @Nullable ShardName of(Path path) {
    Path file = path.getFileName();
    Path folder = path.toAbsolutePath().getParent();
    String name = file == null ? "" : file.toString();
    int of = name.length() - END.length() - DIGITS - OF.length();
    int dash = of - DIGITS - 1;
    if (folder == null
        || dash < 0
        || !name.endsWith(END)
        || name.charAt(dash) != '-'
        || !name.startsWith(OF, of)) {
      return null;
    }
    int number = digits(name, dash + 1);
    int count = digits(name, of + OF.length());
    return number < 1 || count < number
        ? null
        : new ShardName(folder, name.substring(0, dash), number, count);
  }

  private static int digits(String s, int at) {
    int value = 0;
    for (int i = at; i < at + DIGITS; i++) {
      char c = s.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = 10 * value + c - '0';
    }
    return value;
  }

  /** The path of shard {@code other}, from 1. */
  Path sibling(int other) {
    return folder.resolve(fileName(prefix, other, count));
  }

  /** The name of shard {@code number}, from 1. */
  static String fileName(String prefix, int number, int count) {
    return prefix + "-" + padded(number) + OF + padded(count) + END;
  }

  private static String padded(int value) {
    String digits = Integer.toString(value);
    return "00000".substring(Math.min(DIGITS, digits.length())) + digits;
  }
}
