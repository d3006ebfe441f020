package dev.jllm.core.grammar.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the members of a value in the order in which a schema names them. */
public final class SchemaOrder {
  private final Object root;

  public SchemaOrder(Object root) {
    this.root = root;
  }

  private void parts(Object schema, Set<String> seen, List<Map<?, ?>> out) {
    if (!(schema instanceof Map<?, ?> map)) {
      return;
    }
    if (map.get("$ref") instanceof String ref && ref.startsWith("#/") && seen.add(ref)) {
      Object target = root;
      for (String key : ref.substring(2).split("/")) {
        target = target instanceof Map<?, ?> m ? m.get(key) : null;
      }
      parts(target, seen, out);
    }
    out.add(map);
    for (String key : List.of("allOf", "anyOf", "oneOf")) {
      if (map.get(key) instanceof List<?> list) {
        list.forEach(s -> parts(s, new HashSet<>(seen), out));
      }
    }
  }

  public Object order(Object value, Object schema) {
    List<Map<?, ?>> parts = new ArrayList<>();
    parts(schema, new HashSet<>(), parts);
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> order = new LinkedHashMap<>();
      for (Map<?, ?> part : parts) {
        if (part.get("properties") instanceof Map<?, ?> properties) {
          properties.forEach((k, v) -> order.putIfAbsent(String.valueOf(k), v));
        }
      }
      Map<String, Object> out = new LinkedHashMap<>();
      order.forEach(
          (k, v) -> {
            if (map.containsKey(k)) {
              out.put(k, order(map.get(k), v));
            }
          });
      map.forEach((k, v) -> out.putIfAbsent(String.valueOf(k), order(v, Map.of())));
      return out;
    }
    if (value instanceof List<?> list) {
      Object items = Map.of();
      for (Map<?, ?> part : parts) {
        if (part.get("items") instanceof Map<?, ?> map) {
          items = map;
          break;
        }
      }
      List<Object> out = new ArrayList<>();
      for (Object item : list) {
        out.add(order(item, items));
      }
      return out;
    }
    return value;
  }
}
