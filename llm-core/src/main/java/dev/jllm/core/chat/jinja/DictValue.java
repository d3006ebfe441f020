package dev.jllm.core.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code dict}: keeps the order of insertion, and the first of equal keys. */
final class DictValue {
  /** A key as it was written, and its value. */
  static final class Entry {
    final Object key;
    Object value;

    Entry(Object key, Object value) {
      this.key = key;
      this.value = value;
    }
  }

  // By Values.key: 1, 1.0 and True are one key.
  final Map<Object, Entry> entries = new LinkedHashMap<>();

  int size() {
    return entries.size();
  }

  @Nullable Object get(Object key) {
    Entry e = entries.get(Values.key(key));
    return e == null ? null : e.value;
  }

  @Nullable Object get(Text key) {
    Entry e = entries.get(key);
    return e == null ? null : e.value;
  }

  void put(Object key, Object value) {
    Object canonical = Values.key(key);
    Entry e = entries.get(canonical);
    if (e == null) {
      entries.put(canonical, new Entry(key, value));
    } else {
      e.value = value;
    }
  }
}
