package dev.jllm.core.kernel;

import dev.jllm.core.quant.HalfFloat;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * What newer Java versions have an instruction for, behind constant method handles: HotSpot's
 * compiler sees through them, so that loops over {@link #fma} and {@link #half} become vectors, and
 * the classes still load on JVMs and Androids without these methods.
 */
final class PlainMath {
  /** Whether this is a JDK and no Android. */
  static final boolean HOTSPOT = !"Dalvik".equals(System.getProperty("java.vm.name"));

  /** Whether the JIT compiler converts bytes and ints to floats in vectors: JDK 20 and later. */
  static final boolean CONVERTS = HOTSPOT && javaVersion() >= 20;

  private static final @Nullable MethodHandle HALF =
      CONVERTS ? find(Float.class, "float16ToFloat", short.class) : null;

  private static final @Nullable MethodHandle FMA =
      HOTSPOT ? find(Math.class, "fma", float.class, float.class, float.class) : null;

  /** Whether the processor multiplies and adds in one instruction. */
  static final boolean FUSES = FMA != null && fast();

  private PlainMath() {}

  private static int javaVersion() {
    try {
      return Integer.parseInt(System.getProperty("java.specification.version", "0"));
    } catch (NumberFormatException e) {
      return 0; // 1.8, or Android's 0.9
    }
  }

  private static @Nullable MethodHandle find(Class<?> owner, String name, Class<?>... parameters) {
    try {
      return MethodHandles.publicLookup()
          .findStatic(owner, name, MethodType.methodType(float.class, parameters));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /**
   * Without the instruction a fused multiply-add is decimal arithmetic of many microseconds; with
   * it, some ten nanoseconds even in the interpreter.
   */
  private static boolean fast() {
    long best = Long.MAX_VALUE;
    float sum = 1;
    for (int i = 0; i < 8; i++) {
      long start = System.nanoTime();
      for (int j = 0; j < 50; j++) {
        sum = fused(sum, 0.999f, 1e-3f);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    return sum > 0 && best < 50 * 2000;
  }

  private static float fused(float a, float b, float c) {
    try {
      return (float) FMA.invokeExact(a, b, c);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code a · b + c}, rounded once where the processor can. */
  static float fma(float a, float b, float c) {
    return FUSES ? fused(a, b, c) : a * b + c;
  }

  /** The float equal to an F16 number. */
  static float half(short h) {
    if (!CONVERTS) {
      return HalfFloat.toFloat(h);
    }
    try {
      return (float) HALF.invokeExact(h);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
