package dev.jllm.core.grammar.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random schemas of all supported keywords, and random values that come close to them. */
public final class RandomSchemas {
  private static final List<String> NAMES = List.of("a", "b", "ab", "foo", "x-1", "é");
  private static final List<String> STRINGS =
      List.of(
          "",
          "a",
          "b",
          "ab",
          "foo",
          "foobar",
          "x\"y",
          "line\nbreak",
          "é",
          "\ud83d\ude00",
          "2024-02-29",
          "12",
          "aaa");
  private static final List<String> PATTERNS =
      List.of("^a", "b$", "^[a-z]+$", "o{2}", "^(a|foo)", "\\d", "^x-", "^.{1,3}$", "[^a]");

  private final Random random;
  private boolean multiples;

  public RandomSchemas(Random random) {
    this.random = random;
  }

  public Object schema() {
    multiples = random.nextInt(4) == 0;
    Object schema = schema(3);
    if (schema instanceof Map<?, ?> map && random.nextInt(4) == 0) {
      Map<String, Object> root = new LinkedHashMap<>();
      map.forEach((k, v) -> root.put(String.valueOf(k), v));
      Map<String, Object> defs = new LinkedHashMap<>();
      defs.put("d", schema(2));
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("type", "object");
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("v", Map.of("$ref", "#/$defs/d"));
      properties.put("kids", Map.of("type", "array", "items", Map.of("$ref", "#/$defs/t")));
      tree.put("properties", properties);
      defs.put("t", tree);
      root.put("$defs", defs);
      if (!root.containsKey("$ref") && random.nextBoolean()) {
        root.put("$ref", random.nextBoolean() ? "#/$defs/d" : "#/$defs/t");
      }
      return root;
    }
    return schema;
  }

  private Object schema(int depth) {
    if (random.nextInt(12) == 0) {
      return random.nextInt(4) > 0;
    }
    Map<String, Object> s = new LinkedHashMap<>();
    int form = random.nextInt(depth <= 0 ? 5 : 11);
    switch (form) {
      case 0 -> s.put("type", pick(List.of("null", "boolean", "integer", "number", "string")));
      case 1 -> number(s);
      case 2 -> string(s);
      case 3 -> s.put("enum", values(1 + random.nextInt(3)));
      case 4 -> s.put("const", value(1));
      case 5, 6 -> object(s, depth);
      case 7 -> array(s, depth);
      case 8 -> {
        List<Object> types = new ArrayList<>(List.of("string", "null"));
        types.add(pick(List.of("integer", "array", "object", "boolean")));
        s.put("type", types);
        object(s, depth);
        s.remove("type");
        s.put("type", types);
      }
      default -> combination(s, depth);
    }
    if (!s.containsKey("contains")) {
      s.keySet().removeAll(List.of("minContains", "maxContains"));
    }
    if (depth > 0 && random.nextInt(8) == 0) {
      combination(s, depth);
    }
    return s;
  }

  private void number(Map<String, Object> s) {
    if (random.nextBoolean()) {
      s.put("type", random.nextBoolean() ? "integer" : "number");
    }
    if (random.nextBoolean()) {
      s.put(pick(List.of("minimum", "exclusiveMinimum")), bound());
    }
    if (random.nextBoolean()) {
      s.put(pick(List.of("maximum", "exclusiveMaximum")), bound());
    }
    if (multiples && random.nextInt(2) == 0) {
      s.put("multipleOf", pick(List.<Object>of(2L, 3L, 0.5, 1.5, 0.25)));
    }
  }

  private Object bound() {
    return random.nextBoolean()
        ? (Object) (long) (random.nextInt(40) - 15)
        : (Object) ((random.nextInt(80) - 30) / 4.0);
  }

  private void string(Map<String, Object> s) {
    if (random.nextBoolean()) {
      s.put("type", "string");
    }
    if (random.nextBoolean()) {
      s.put("minLength", (long) random.nextInt(4));
    }
    if (random.nextBoolean()) {
      s.put("maxLength", (long) random.nextInt(6));
    }
    if (random.nextInt(3) == 0) {
      s.put("pattern", pick(PATTERNS));
    }
    if (random.nextInt(6) == 0) {
      s.clear();
      s.put("type", "string");
      s.put("format", pick(List.of("date", "uuid", "ipv4")));
    }
  }

  private void object(Map<String, Object> s, int depth) {
    s.put("type", "object");
    Map<String, Object> properties = new LinkedHashMap<>();
    int n = random.nextInt(4);
    for (int i = 0; i < n; i++) {
      properties.put(pick(NAMES), schema(depth - 1));
    }
    if (n > 0) {
      s.put("properties", properties);
    }
    if (random.nextInt(2) == 0) {
      List<Object> required = new ArrayList<>(properties.keySet());
      while (!required.isEmpty() && random.nextBoolean()) {
        required.remove(random.nextInt(required.size()));
      }
      if (random.nextInt(4) == 0) {
        String name = pick(NAMES);
        if (!required.contains(name)) {
          required.add(name);
        }
      }
      s.put("required", required);
    }
    if (random.nextInt(4) == 0) {
      s.put("patternProperties", Map.of(pick(PATTERNS), schema(depth - 1)));
    }
    switch (random.nextInt(4)) {
      case 0 -> s.put("additionalProperties", false);
      case 1 -> s.put("additionalProperties", schema(depth - 1));
      default -> {}
    }
    if (random.nextInt(6) == 0) {
      s.put("minProperties", (long) random.nextInt(3));
    }
    if (random.nextInt(6) == 0) {
      s.put("maxProperties", (long) random.nextInt(4));
    }
    if (random.nextInt(8) == 0) {
      s.put("propertyNames", Map.of("maxLength", 2L));
    }
    if (random.nextInt(8) == 0) {
      s.put("dependentRequired", Map.of(pick(NAMES), List.of(pick(NAMES))));
    }
    if (random.nextInt(10) == 0) {
      s.put("dependentSchemas", Map.of(pick(NAMES), schema(depth - 1)));
    }
  }

  private void array(Map<String, Object> s, int depth) {
    s.put("type", "array");
    if (random.nextInt(3) == 0) {
      s.put("prefixItems", List.of(schema(depth - 1), schema(depth - 1)));
    }
    if (random.nextInt(3) > 0) {
      s.put("items", schema(depth - 1));
    }
    if (random.nextInt(3) == 0) {
      s.put("minItems", (long) random.nextInt(3));
    }
    if (random.nextInt(3) == 0) {
      s.put("maxItems", (long) random.nextInt(4));
    }
    if (random.nextInt(5) == 0) {
      s.put("contains", schema(depth - 1));
      if (random.nextInt(3) == 0) {
        s.put("minContains", (long) random.nextInt(3));
      }
      if (random.nextInt(3) == 0) {
        s.put("maxContains", (long) random.nextInt(3));
      }
    }
    if (random.nextInt(8) == 0) {
      s.put("items", Map.of("enum", List.of("a", "b", "foo", 1L)));
      s.remove("prefixItems");
      s.keySet().removeAll(List.of("contains", "minContains", "maxContains"));
      s.put("uniqueItems", true);
    }
  }

  private void combination(Map<String, Object> s, int depth) {
    switch (random.nextInt(6)) {
      case 0 -> s.put("anyOf", List.of(schema(depth - 1), schema(depth - 1)));
      case 1 -> s.put("oneOf", List.of(schema(depth - 1), schema(depth - 1)));
      case 2 -> s.put("allOf", List.of(schema(depth - 1), schema(depth - 1)));
      case 3 -> s.put("not", schema(depth - 1));
      case 4 -> {
        s.put("if", schema(depth - 1));
        s.put("then", schema(depth - 1));
        if (random.nextBoolean()) {
          s.put("else", schema(depth - 1));
        }
      }
      default -> s.put("anyOf", List.of(schema(depth - 1), Map.of("type", "null")));
    }
  }

  private List<Object> values(int n) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(value(1));
    }
    return values;
  }

  /** Any value. */
  public Object value(int depth) {
    switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0:
        return random.nextBoolean();
      case 1:
        return (long) (random.nextInt(30) - 10);
      case 2:
        return (random.nextInt(60) - 20) / 4.0;
      case 3, 4:
        return pick(STRINGS);
      case 5:
        List<Object> list = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          list.add(value(depth - 1));
        }
        return list;
      default:
        Map<String, Object> map = new LinkedHashMap<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          map.put(pick(NAMES), value(depth - 1));
        }
        return map;
    }
  }

  /** A value that tries to be valid under the schema, without taking much care. */
  public Object near(Object schema, int depth) {
    if (!(schema instanceof Map<?, ?> s) || depth < 0 || random.nextInt(12) == 0) {
      return value(2);
    }
    if (s.containsKey("const")) {
      return s.get("const");
    }
    if (s.get("enum") instanceof List<?> values && !values.isEmpty()) {
      return values.get(random.nextInt(values.size()));
    }
    for (String key : List.of("anyOf", "oneOf", "allOf")) {
      if (s.get(key) instanceof List<?> options && random.nextBoolean()) {
        return near(options.get(random.nextInt(options.size())), depth - 1);
      }
    }
    Object type = s.get("type");
    if (type instanceof List<?> types) {
      type = types.get(random.nextInt(types.size()));
    }
    if ("object".equals(type) || s.containsKey("properties")) {
      return nearObject(s, depth);
    }
    if ("array".equals(type)) {
      List<Object> list = new ArrayList<>();
      int n = random.nextInt(4);
      for (int i = 0; i < n; i++) {
        Object item =
            s.get("prefixItems") instanceof List<?> prefix && i < prefix.size()
                ? prefix.get(i)
                : random.nextInt(3) == 0 && s.containsKey("contains")
                    ? s.get("contains")
                    : s.get("items");
        list.add(near(item, depth - 1));
      }
      return list;
    }
    if ("null".equals(type)) {
      return NULL;
    }
    if ("boolean".equals(type)) {
      return random.nextBoolean();
    }
    if ("string".equals(type) || s.containsKey("pattern")) {
      return pick(STRINGS);
    }
    if ("integer".equals(type) || "number".equals(type)) {
      return random.nextBoolean()
          ? (Object) (long) (random.nextInt(30) - 10)
          : (Object) ((random.nextInt(60) - 20) / 4.0);
    }
    return value(2);
  }

  /** Stands for null in values. */
  public static final Object NULL = new Object();

  private Object nearObject(Map<?, ?> s, int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    List<?> required = s.get("required") instanceof List<?> list ? list : List.of();
    if (s.get("properties") instanceof Map<?, ?> properties) {
      properties.forEach(
          (k, v) -> {
            if (required.contains(k) ? random.nextInt(8) > 0 : random.nextBoolean()) {
              map.put(String.valueOf(k), near(v, depth - 1));
            }
          });
    }
    for (Object name : required) {
      if (random.nextInt(8) > 0) {
        map.putIfAbsent(String.valueOf(name), value(1));
      }
    }
    if (random.nextInt(3) == 0) {
      map.putIfAbsent(pick(NAMES), near(s.get("additionalProperties"), depth - 1));
    }
    return map;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
