package dev.jllm.core.chat.jinja;

import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A generator: can be gone through once. */
record Lazy(Iterator<Object> items) {
  /** A generator that does nothing, not even a check of its input, before it is asked. */
  static Lazy of(Supplier<Iterator<Object>> start) {
    return new Lazy(
        new Iterator<>() {
          private @Nullable Iterator<Object> started;

          private Iterator<Object> started() {
            Iterator<Object> it = started;
            if (it == null) {
              it = start.get();
              started = it;
            }
            return it;
          }

          @Override
          public boolean hasNext() {
            return started().hasNext();
          }

          @Override
          public Object next() {
            return started().next();
          }
        });
  }

  @Override
  public boolean equals(Object o) {
    return this == o;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
