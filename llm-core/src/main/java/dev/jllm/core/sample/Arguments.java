package dev.jllm.core.sample;

/** Refuses settings that mean nothing, naming the setting and its value. */
final class Arguments {
  private Arguments() {}

  /** {@code value} if it is a finite number. */
  static float number(String name, float value) {
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be a finite number, but is " + value);
    }
    return value;
  }

  /** {@code value} if it is a finite number above 0. */
  static float positive(String name, float value) {
    if (!(value > 0) || Float.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be above 0, but is " + value);
    }
    return value;
  }

  /** {@code value} if it is 0 or more. */
  static int count(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, but is " + value);
    }
    return value;
  }
}
