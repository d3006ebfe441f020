package dev.jllm.gguf;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * An array of strings as it stands in the file: one piece of memory, so that a vocabulary of a
 * quarter million tokens costs three megabytes and not thirty. A string is made anew at every call
 * of {@link #get}; who needs them often keeps his own. Bytes that are no UTF-8 are read as U+FFFD;
 * {@link #bytes} has them unchanged.
 */
public final class GgufStrings extends AbstractList<String> implements RandomAccess {
  private final byte[] text;
  private final int[] ends;

  GgufStrings(byte[] text, int[] ends) {
    this.text = text;
    this.ends = ends;
  }

  /** Packs {@code strings}. */
  public static GgufStrings of(List<String> strings) {
    byte[] text = new byte[64];
    int[] ends = new int[strings.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      byte[] bytes = strings.get(i).getBytes(StandardCharsets.UTF_8);
      if (bytes.length > text.length - end) {
        text = Arrays.copyOf(text, Math.max(Math.addExact(end, bytes.length), 2 * text.length));
      }
      System.arraycopy(bytes, 0, text, end, bytes.length);
      end += bytes.length;
      ends[i] = end;
    }
    return new GgufStrings(Arrays.copyOf(text, end), ends);
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  @Override
  public String get(int index) {
    int start = start(index);
    return new String(text, start, ends[index] - start, StandardCharsets.UTF_8);
  }

  /** The bytes of a string, as in the file. */
  public byte[] bytes(int index) {
    return Arrays.copyOfRange(text, start(index), ends[index]);
  }

  @Override
  public int size() {
    return ends.length;
  }
}
