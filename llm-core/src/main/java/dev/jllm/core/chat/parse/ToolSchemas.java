package dev.jllm.core.chat.parse;

import dev.jllm.api.ToolDefinition;
import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the offered tools' schemas say of their arguments' types. */
public final class ToolSchemas {
  /** A type as a bit. */
  public static final int STRING = 1;

  /** A type as a bit; integers too. */
  public static final int NUMBER = 2;

  /** A type as a bit. */
  public static final int BOOLEAN = 4;

  /** A type as a bit. */
  public static final int NULL = 8;

  /** A type as a bit. */
  public static final int OBJECT = 16;

  /** A type as a bit. */
  public static final int ARRAY = 32;

  /** All types. */
  public static final int ANY = 63;

  /** No tools: no text is a call. */
  public static final ToolSchemas NONE = new ToolSchemas(Map.of());

  private static final int MAX_DEPTH = 32;

  private final Map<String, Map<?, ?>> parameters;

  private ToolSchemas(Map<String, Map<?, ?>> parameters) {
    this.parameters = parameters;
  }

  /** The tools of a request. A schema that is no JSON object says nothing. */
  public static ToolSchemas of(List<ToolDefinition> tools) {
    Map<String, Map<?, ?>> parameters = new LinkedHashMap<>();
    for (ToolDefinition tool : tools) {
      Object schema;
      try {
        schema = Json.parse(tool.parametersSchema());
      } catch (JsonException e) {
        schema = null;
      }
      parameters.put(tool.name(), map(schema));
    }
    return new ToolSchemas(parameters);
  }

  /**
   * The tools in the form that chat templates take: {@code {"type": "function", "function":
   * {"name", "description", "parameters"}}}, or the inner object alone.
   */
  public static ToolSchemas ofTemplateTools(List<?> tools) {
    Map<String, Map<?, ?>> parameters = new LinkedHashMap<>();
    for (Object tool : tools) {
      Map<?, ?> outer = map(tool);
      Map<?, ?> function = outer.get("function") instanceof Map<?, ?> inner ? inner : outer;
      if (function.get("name") instanceof String name) {
        parameters.put(name, map(function.get("parameters")));
      }
    }
    return new ToolSchemas(parameters);
  }

  /** Whether no tool is offered. */
  public boolean isEmpty() {
    return parameters.isEmpty();
  }

  /** The tools' names. */
  public Set<String> names() {
    return Collections.unmodifiableSet(parameters.keySet());
  }

  /** Only the tool of this name; none where it is not offered. */
  public ToolSchemas only(String tool) {
    Map<?, ?> schema = parameters.get(tool);
    return schema == null ? NONE : new ToolSchemas(Map.of(tool, schema));
  }

  /** The schema of a tool's arguments. */
  public Schema schema(String tool) {
    Map<?, ?> root = parameters.getOrDefault(tool, Map.of());
    return new Schema(root, root);
  }

  @Override
  public String toString() {
    return Json.write(parameters);
  }

  boolean offers(String name) {
    return parameters.containsKey(name);
  }

  /** The schema of an argument, with the root that its references are relative to. */
  Schema argument(String tool, String key) {
    Map<?, ?> root = parameters.getOrDefault(tool, Map.of());
    return new Schema(root, root).property(key);
  }

  /** The name of the argument at a place, or null. */
  @Nullable String argumentAt(String tool, int index) {
    Map<?, ?> root = parameters.getOrDefault(tool, Map.of());
    List<Object> keys = new ArrayList<>(map(root.get("properties")).keySet());
    return index < keys.size() && keys.get(index) instanceof String key ? key : null;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  /**
   * A schema within a root.
   *
   * @param root what references are relative to
   * @param schema the schema itself
   */
  public record Schema(Map<?, ?> root, Map<?, ?> schema) {
    private static final Set<String> ABOUT =
        Set.of("$ref", "$schema", "$defs", "definitions", "title", "description", "default");
    private static final Set<String> OBJECTS =
        Set.of("type", "properties", "required", "additionalProperties");
    private static final Set<String> ARRAYS = Set.of("type", "items");

    /** The names of an object's properties, in the schema's order. */
    public List<String> properties() {
      List<String> names = new ArrayList<>();
      map(resolve(schema, 0).get("properties")).keySet().forEach(k -> names.add(String.valueOf(k)));
      return names;
    }

    /** Whether an object must have this member. */
    public boolean requires(String property) {
      return resolve(schema, 0).get("required") instanceof List<?> names
          && names.contains(property);
    }

    /** Whether an object may have members that are not among its properties. */
    public boolean isOpen() {
      return !Boolean.FALSE.equals(resolve(schema, 0).get("additionalProperties"));
    }

    /** Whether it asks for an object and says no more of it than what its properties are. */
    public boolean isPlainObject() {
      return types() == OBJECT && saysOnly(OBJECTS) && !properties().isEmpty();
    }

    /** Whether it asks for an array and says no more of it than what its elements are. */
    public boolean isPlainArray() {
      return types() == ARRAY && saysOnly(ARRAYS) && resolve(schema, 0).get("items") instanceof Map;
    }

    private boolean saysOnly(Set<String> keywords) {
      for (Object keyword : resolve(schema, 0).keySet()) {
        if (!keywords.contains(keyword) && !ABOUT.contains(keyword)) {
          return false;
        }
      }
      return true;
    }

    /** The schema as a document of its own, with the definitions that references name. */
    public Map<String, @Nullable Object> document() {
      Map<String, @Nullable Object> document = new LinkedHashMap<>();
      schema.forEach((key, value) -> document.put(String.valueOf(key), value));
      for (String definitions : List.of("$defs", "definitions")) {
        if (root.containsKey(definitions)) {
          document.put(definitions, root.get(definitions));
        }
      }
      return document;
    }

    /** The schema of an object's member. */
    public Schema property(String key) {
      Map<?, ?> resolved = resolve(schema, 0);
      Object property = map(resolved.get("properties")).get(key);
      return new Schema(
          root, map(property == null ? resolved.get("additionalProperties") : property));
    }

    /** The schema of an array's elements. */
    public Schema items() {
      return new Schema(root, map(resolve(schema, 0).get("items")));
    }

    /** The types that a value may have, as bits. */
    public int types() {
      return types(schema, 0);
    }

    private int types(Map<?, ?> of, int depth) {
      Map<?, ?> s = resolve(of, depth);
      if (depth > MAX_DEPTH) {
        return ANY;
      }
      int types = ANY;
      Object type = s.get("type");
      if (type instanceof String name) {
        types = bit(name);
      } else if (type instanceof List<?> names && !names.isEmpty()) {
        types = 0;
        for (Object name : names) {
          types |= bit(name);
        }
      }
      if (s.containsKey("const")) {
        types &= typeOf(s.get("const"));
      } else if (s.get("enum") instanceof List<?> values && !values.isEmpty()) {
        int some = 0;
        for (Object value : values) {
          some |= typeOf(value);
        }
        types &= some;
      }
      for (String union : List.of("anyOf", "oneOf")) {
        if (s.get(union) instanceof List<?> alternatives && !alternatives.isEmpty()) {
          int some = 0;
          for (Object alternative : alternatives) {
            some |= types(map(alternative), depth + 1);
          }
          types &= some;
        }
      }
      if (s.get("allOf") instanceof List<?> all) {
        for (Object part : all) {
          types &= types(map(part), depth + 1);
        }
      }
      if (types == ANY && s.containsKey("properties")) {
        return OBJECT;
      }
      return types == 0 ? ANY : types;
    }

    /** Follows references within the root. */
    private Map<?, ?> resolve(Map<?, ?> of, int depth) {
      Map<?, ?> s = of;
      for (int i = depth; i < MAX_DEPTH && s.get("$ref") instanceof String ref; i++) {
        Object target = ref.startsWith("#") ? root : null;
        for (String step : ref.substring(1).split("/")) {
          if (!step.isEmpty()) {
            target = map(target).get(step.replace("~1", "/").replace("~0", "~"));
          }
        }
        s = map(target);
      }
      return s;
    }
  }

  private static int bit(@Nullable Object type) {
    return switch (String.valueOf(type)) {
      case "string" -> STRING;
      case "number", "integer" -> NUMBER;
      case "boolean" -> BOOLEAN;
      case "null" -> NULL;
      case "object" -> OBJECT;
      case "array" -> ARRAY;
      default -> ANY;
    };
  }

  private static int typeOf(@Nullable Object value) {
    if (value == null) {
      return NULL;
    }
    return value instanceof String
        ? STRING
        : value instanceof Number
            ? NUMBER
            : value instanceof Boolean ? BOOLEAN : value instanceof Map ? OBJECT : ARRAY;
  }

  /**
   * The JSON of a value that stands as bare text. Text is a literal where the types allow the
   * literal's kind, else a string where they allow one, else whatever literal it is, else a string.
   *
   * @param types the types the schema allows
   */
  static String typed(String text, int types) {
    if (types == STRING) {
      return Json.quote(text);
    }
    String literal = Literal.toJson(text);
    if (literal != null) {
      int kind = kind(literal);
      boolean fits = (kind & types) != 0 && kind != STRING;
      if (fits || (types & STRING) == 0) {
        return literal;
      }
    }
    return Json.quote((types & STRING) == 0 ? text.trim() : text);
  }

  private static int kind(String json) {
    return switch (json.charAt(0)) {
      case '"' -> STRING;
      case '{' -> OBJECT;
      case '[' -> ARRAY;
      case 't', 'f' -> BOOLEAN;
      case 'n' -> NULL;
      default -> NUMBER;
    };
  }
}
