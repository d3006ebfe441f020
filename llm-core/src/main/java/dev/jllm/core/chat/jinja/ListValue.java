package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code list}. */
record ListValue(List<Object> items) {
  ListValue() {
    this(new ArrayList<>());
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
