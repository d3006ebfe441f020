package dev.jllm.gguf;

import org.jspecify.annotations.Nullable;

/** The types of metadata values, in the order of their ids in a file. */
public enum GgufValueType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(8),
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private static final GgufValueType[] BY_ID = values();

  private final int leastBytes;

  GgufValueType(int leastBytes) {
    this.leastBytes = leastBytes;
  }

  /** The number that stands for this type in a file. */
  public int id() {
    return ordinal();
  }

  /** Bytes that a value takes at least: all of a number, the length of a string or array. */
  int leastBytes() {
    return leastBytes;
  }

  /** Whether values are whole numbers. */
  boolean isInteger() {
    return this != FLOAT32 && this != FLOAT64 && this != BOOL && this != STRING && this != ARRAY;
  }

  /** The type with this id, or null. */
  public static @Nullable GgufValueType of(int id) {
    return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
  }
}
