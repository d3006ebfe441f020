package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call. */
record Args(List<Object> positional, Map<String, Object> named) {
  static final Args NONE = new Args(List.of(), Map.of());

  static Args of(Object... positional) {
    return new Args(List.of(positional), Map.of());
  }

  int size() {
    return positional.size();
  }

  boolean isEmpty() {
    return positional.isEmpty() && named.isEmpty();
  }

  /** Without the first {@code n} positional ones. */
  Args from(int n) {
    return new Args(positional.subList(n, positional.size()), named);
  }

  Args copy() {
    return new Args(new ArrayList<>(positional), new LinkedHashMap<>(named));
  }
}
