package dev.jllm.core.chat.jinja;

import java.util.List;

/**
 * Python's {@code tuple}.
 *
 * @param names attribute names of the items, for a named tuple; else empty
 */
record TupleValue(List<Object> items, List<String> names) {
  static TupleValue of(Object... items) {
    return new TupleValue(List.of(items), List.of());
  }

  static TupleValue of(List<Object> items) {
    return new TupleValue(items, List.of());
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
