package dev.jllm.gguf;

import org.jspecify.annotations.Nullable;

/**
 * A metadata value with its type.
 *
 * @param type the type in the file
 * @param elementType the type of the elements of an array, else null
 * @param value {@link Byte}, {@link Short}, {@link Integer}, {@link Long} (unsigned ones as the
 *     same bits), {@link Float}, {@link Double}, {@link Boolean}, {@link String}; for arrays {@code
 *     byte[] short[] int[] long[] float[] double[] boolean[]}, {@link GgufStrings}, or {@code
 *     GgufValue[]} for an array of arrays
 */
public record GgufValue(GgufValueType type, @Nullable GgufValueType elementType, Object value) {
  /** Checks that the Java type of the value fits. */
  public GgufValue {
    Class<?> wanted = elementType == null ? scalar(type) : array(elementType);
    if ((type == GgufValueType.ARRAY) != (elementType != null) || !wanted.isInstance(value)) {
      throw new IllegalArgumentException(
          "a "
              + value.getClass().getSimpleName()
              + " is no value of type "
              + type
              + (elementType == null ? "" : " of " + elementType)
              + "; give a "
              + wanted.getSimpleName());
    }
  }

  /** The value of the type that a Java object suggests: the signed types for whole numbers. */
  public static GgufValue of(Object value) {
    Object v = value;
    if (v instanceof String[] a) {
      v = GgufStrings.of(java.util.Arrays.asList(a));
    }
    for (GgufValueType type : GgufValueType.values()) {
      boolean unsigned = type.name().startsWith("U");
      if (!unsigned && type != GgufValueType.ARRAY && scalar(type).isInstance(v)) {
        return new GgufValue(type, null, v);
      }
      if (!unsigned && array(type).isInstance(v)) {
        return new GgufValue(GgufValueType.ARRAY, type, v);
      }
    }
    throw new IllegalArgumentException(
        "a " + v.getClass().getSimpleName() + " cannot stand in GGUF metadata");
  }

  private static Class<?> scalar(GgufValueType type) {
    return switch (type) {
      case UINT8, INT8 -> Byte.class;
      case UINT16, INT16 -> Short.class;
      case UINT32, INT32 -> Integer.class;
      case UINT64, INT64 -> Long.class;
      case FLOAT32 -> Float.class;
      case FLOAT64 -> Double.class;
      case BOOL -> Boolean.class;
      case STRING -> String.class;
      case ARRAY -> Void.class;
    };
  }

  private static Class<?> array(GgufValueType element) {
    return switch (element) {
      case UINT8, INT8 -> byte[].class;
      case UINT16, INT16 -> short[].class;
      case UINT32, INT32 -> int[].class;
      case UINT64, INT64 -> long[].class;
      case FLOAT32 -> float[].class;
      case FLOAT64 -> double[].class;
      case BOOL -> boolean[].class;
      case STRING -> GgufStrings.class;
      case ARRAY -> GgufValue[].class;
    };
  }

  /** Elements of the array; 1 for a single value. */
  public int length() {
    return elementType == null
        ? 1
        : value instanceof GgufStrings s ? s.size() : java.lang.reflect.Array.getLength(value);
  }

  /**
   * The whole number at {@code index}, its sign as the type says.
   *
   * @throws ArithmeticException for an unsigned number of 64 bits beyond {@link Long#MAX_VALUE}
   */
  long wholeNumber(int index) {
    GgufValueType numbers = elementType == null ? type : elementType;
    boolean unsigned = numbers.name().startsWith("U");
    switch (numbers) {
      case UINT8, INT8:
        byte b = value instanceof byte[] a ? a[index] : (Byte) value;
        return unsigned ? b & 0xff : b;
      case UINT16, INT16:
        short s = value instanceof short[] a ? a[index] : (Short) value;
        return unsigned ? s & 0xffff : s;
      case UINT32, INT32:
        int i = value instanceof int[] a ? a[index] : (Integer) value;
        return unsigned ? i & 0xffffffffL : i;
      default:
        long l = value instanceof long[] a ? a[index] : (Long) value;
        if (unsigned && l < 0) {
          throw new ArithmeticException(Long.toUnsignedString(l));
        }
        return l;
    }
  }
}
