package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** What {@code keys()}, {@code values()} and {@code items()} of a dict give. */
record DictView(DictValue dict, Kind kind) {
  enum Kind {
    KEYS,
    VALUES,
    ITEMS
  }

  List<Object> snapshot() {
    List<Object> list = new ArrayList<>(dict.size());
    for (DictValue.Entry e : dict.entries.values()) {
      list.add(
          switch (kind) {
            case KEYS -> e.key;
            case VALUES -> e.value;
            case ITEMS -> TupleValue.of(e.key, e.value);
          });
    }
    return list;
  }
}
