package dev.jllm.core.tensor;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** The processor's hint for waiting loops, where the runtime has it (Android's came late). */
final class SpinWait {
  private static final @Nullable MethodHandle PAUSE = find();

  private SpinWait() {}

  private static @Nullable MethodHandle find() {
    try {
      return MethodHandles.publicLookup()
          .findStatic(Thread.class, "onSpinWait", MethodType.methodType(void.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  static void pause() {
    if (PAUSE != null) {
      try {
        PAUSE.invokeExact();
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
