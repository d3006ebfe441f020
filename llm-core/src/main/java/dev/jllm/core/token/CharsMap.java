package dev.jllm.core.token;

import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's precompiled map of characters: which bytes are replaced by which before text is
 * split. A little-endian 32-bit length, that many bytes of an XOR-compressed double array (Kanda
 * 2018, "Space- and Time-Efficient String Dictionaries"), then the replacements, each ended by 0.
 * An index that leads out of the map ends the match.
 */
final class CharsMap {
  private final byte[] blob;
  private final int nodes;
  private final int replacements;

  /** The length in bytes of the match that {@link #match} found. */
  int matched;

  private CharsMap(byte[] blob, int size) {
    this.blob = blob;
    nodes = size / 4;
    replacements = 4 + size;
  }

  /** The map of these metadata, or null. */
  static @Nullable CharsMap of(GgufMetadata metadata) {
    String key = "tokenizer.ggml.precompiled_charsmap";
    Object value = metadata.get(key);
    if (value == null) {
      return null;
    }
    if (!(value instanceof byte[] blob)) {
      throw new ModelFormatException("metadata entry '" + key + "' should be an array of bytes");
    }
    long size = blob.length < 4 ? -1 : word(blob, 0) & 0xFFFFFFFFL;
    if (size < 0 || size + 4 >= blob.length) {
      throw new ModelFormatException(
          "metadata entry '" + key + "' ends before the " + size + " bytes that it announces");
    }
    return new CharsMap(blob, (int) size);
  }

  /** A view for one thread. */
  CharsMap view() {
    return new CharsMap(blob, replacements - 4);
  }

  private static int word(byte[] b, int at) {
    return b[at] & 255 | (b[at + 1] & 255) << 8 | (b[at + 2] & 255) << 16 | b[at + 3] << 24;
  }

  /**
   * Finds the longest key that {@code text} holds at {@code at}; returns where its replacement
   * starts and sets {@link #matched}, or returns -1.
   */
  int match(Utf8Text text, int at) {
    matched = 0;
    int replacement = -1;
    int node = nodes > 0 ? base(word(blob, 4)) : 0;
    for (int i = at; i < text.size(); i++) {
      int c = text.at(i) & 255;
      node ^= c;
      if (c == 0 || !isNode(node)) {
        break;
      }
      int packed = word(blob, 4 + 4 * node);
      if ((packed & 0x800000FF) != c) {
        break;
      }
      node ^= base(packed);
      if ((packed >>> 8 & 1) != 0 && isNode(node)) {
        matched = i - at + 1;
        replacement = word(blob, 4 + 4 * node) & Integer.MAX_VALUE;
      }
    }
    return matched > 0 && replacement < blob.length - replacements ? replacement : -1;
  }

  private boolean isNode(int index) {
    return index >= 0 && index < nodes;
  }

  private static int base(int packed) {
    return packed >>> 10 << ((packed & 1 << 9) >>> 6);
  }

  /** The length in bytes of the replacement that starts at {@code replacement}. */
  int length(int replacement) {
    int end = replacements + replacement;
    while (end < blob.length && blob[end] != 0) {
      end++;
    }
    return end - replacements - replacement;
  }

  /** Byte {@code i} of the replacement that starts at {@code replacement}. */
  byte replacementByte(int replacement, int i) {
    return blob[replacements + replacement + i];
  }
}
