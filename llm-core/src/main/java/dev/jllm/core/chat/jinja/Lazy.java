package dev.jllm.core.chat.jinja;

import java.util.Iterator;

/** A generator: can be gone through once. */
record Lazy(Iterator<Object> items) {
  @Override
  public boolean equals(Object o) {
    return this == o;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
