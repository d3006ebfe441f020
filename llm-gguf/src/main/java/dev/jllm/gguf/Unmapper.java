package dev.jllm.gguf;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Unmaps buffers at once through {@code sun.misc.Unsafe.invokeCleaner} (module {@code
 * jdk.unsupported}), which needs no flags. Where there is no such thing, as on Android, the garbage
 * collector does it later.
 */
final class Unmapper {
  private static final @Nullable Object UNSAFE;
  private static final @Nullable Method CLEAN;

  static {
    Object unsafe = null;
    Method clean = null;
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      clean = type.getMethod("invokeCleaner", ByteBuffer.class);
      Field instance = type.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      unsafe = instance.get(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      clean = null;
    }
    UNSAFE = unsafe;
    CLEAN = clean;
  }

  private Unmapper() {}

  /** Whether {@link #unmap} does anything. */
  static boolean works() {
    return CLEAN != null;
  }

  /** Unmaps a buffer that {@code FileChannel.map} returned, no slice of it. */
  static void unmap(ByteBuffer buffer) {
    if (CLEAN != null) {
      try {
        CLEAN.invoke(UNSAFE, buffer);
      } catch (ReflectiveOperationException | RuntimeException e) {
        // Left to the garbage collector.
      }
    }
  }
}
