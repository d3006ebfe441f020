package dev.jllm.core.chat.tools;

import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a call's arguments against the tool's JSON schema and says what is wrong in words that
 * help a model to do better.
 *
 * <p>Of JSON Schema (draft 2020-12) it knows what tools use: {@code type}, {@code enum}, {@code
 * const}, {@code properties}, {@code required}, {@code additionalProperties}, {@code items}, {@code
 * prefixItems}, {@code anyOf}, {@code oneOf}, {@code allOf}, {@code not}, {@code $ref} within the
 * schema, and the bounds of numbers, lengths and counts. What it does not know it passes.
 */
public final class ArgumentCheck {
  /** A schema that refers to itself is followed to this depth. */
  private static final int MAX_DEPTH = 64;

  private final Object root;

  private ArgumentCheck(Object root) {
    this.root = root;
  }

  /**
   * The first thing that is wrong with the arguments, or null if they fit.
   *
   * @param schema the tool's JSON schema; one that is no JSON says nothing
   * @param arguments JSON text of the arguments
   */
  public static @Nullable String problem(String schema, String arguments) {
    Object value;
    try {
      value = Json.parse(arguments);
    } catch (JsonException e) {
      return "the arguments are not valid JSON: " + e.getMessage();
    }
    if (!(value instanceof Map)) {
      return "the arguments must be a JSON object";
    }
    Object parsed;
    try {
      parsed = Json.parse(schema);
    } catch (JsonException e) {
      return null;
    }
    return parsed == null ? null : new ArgumentCheck(parsed).problem(parsed, value, "", 0);
  }

  private @Nullable String problem(
      @Nullable Object schema, @Nullable Object value, String path, int depth) {
    if (Boolean.FALSE.equals(schema)) {
      return where(path) + " is not allowed";
    }
    if (!(schema instanceof Map<?, ?> s) || depth > MAX_DEPTH) {
      return null;
    }
    if (s.get("$ref") instanceof String ref) {
      String problem = problem(target(ref), value, path, depth + 1);
      if (problem != null) {
        return problem;
      }
    }
    String problem = typeProblem(s, value, path);
    if (problem == null) {
      problem = valueProblem(s, value, path);
    }
    if (problem == null) {
      problem = combinedProblem(s, value, path, depth);
    }
    if (problem == null && value instanceof Map<?, ?> object) {
      problem = objectProblem(s, object, path, depth);
    }
    if (problem == null && value instanceof List<?> list) {
      problem = listProblem(s, list, path, depth);
    }
    return problem;
  }

  private @Nullable Object target(String ref) {
    Object target = ref.startsWith("#") ? root : null;
    for (String step : ref.substring(1).split("/")) {
      if (!step.isEmpty()) {
        target =
            target instanceof Map<?, ?> map
                ? map.get(step.replace("~1", "/").replace("~0", "~"))
                : null;
      }
    }
    return target;
  }

  private static @Nullable String typeProblem(Map<?, ?> s, @Nullable Object value, String path) {
    Object type = s.get("type");
    if (type instanceof String name) {
      return isA(name, value)
          ? null
          : where(path) + " must be " + article(name) + ", not " + article(typeOf(value));
    }
    if (type instanceof List<?> names
        && names.stream().noneMatch(n -> isA(String.valueOf(n), value))) {
      return where(path) + " must be one of the types " + names + ", not " + typeOf(value);
    }
    return null;
  }

  private static boolean isA(String type, @Nullable Object value) {
    return switch (type) {
      case "integer" -> value instanceof Number n && isWhole(n);
      case "string", "number", "boolean", "null", "object", "array" -> type.equals(typeOf(value));
      default -> true;
    };
  }

  private static boolean isWhole(Number number) {
    return !(number instanceof Double d) || d == Math.rint(d) && !Double.isInfinite(d);
  }

  private static String typeOf(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    return value instanceof String
        ? "string"
        : value instanceof Number
            ? "number"
            : value instanceof Boolean ? "boolean" : value instanceof Map ? "object" : "array";
  }

  private static String article(String type) {
    return switch (type) {
      case "null" -> type;
      case "integer", "object", "array" -> "an " + type;
      default -> "a " + type;
    };
  }

  private static @Nullable String valueProblem(Map<?, ?> s, @Nullable Object value, String path) {
    if (s.get("enum") instanceof List<?> values && values.stream().noneMatch(v -> same(v, value))) {
      return where(path) + " must be one of " + Json.write(values);
    }
    if (s.containsKey("const") && !same(s.get("const"), value)) {
      return where(path) + " must be " + Json.write(s.get("const"));
    }
    if (value instanceof Number number) {
      return numberProblem(s, decimal(number), path);
    }
    if (value instanceof String text) {
      return sizeProblem(s, "Length", text.codePointCount(0, text.length()), "characters", path);
    }
    return null;
  }

  private static boolean same(@Nullable Object a, @Nullable Object b) {
    return a instanceof Number x && b instanceof Number y
        ? decimal(x).compareTo(decimal(y)) == 0
        : Objects.equals(a, b);
  }

  private static BigDecimal decimal(Number number) {
    if (number instanceof BigInteger big) {
      return new BigDecimal(big);
    }
    if (number instanceof Long whole) {
      return BigDecimal.valueOf(whole);
    }
    double value = number.doubleValue();
    return Double.isInfinite(value)
        ? BigDecimal.valueOf(Math.signum(value) * Double.MAX_VALUE)
        : BigDecimal.valueOf(value);
  }

  private static @Nullable String numberProblem(Map<?, ?> s, BigDecimal value, String path) {
    if (s.get("minimum") instanceof Number n && value.compareTo(decimal(n)) < 0) {
      return where(path) + " must be at least " + n;
    }
    if (s.get("maximum") instanceof Number n && value.compareTo(decimal(n)) > 0) {
      return where(path) + " must be at most " + n;
    }
    if (s.get("exclusiveMinimum") instanceof Number n && value.compareTo(decimal(n)) <= 0) {
      return where(path) + " must be more than " + n;
    }
    if (s.get("exclusiveMaximum") instanceof Number n && value.compareTo(decimal(n)) >= 0) {
      return where(path) + " must be less than " + n;
    }
    return null;
  }

  private static @Nullable String sizeProblem(
      Map<?, ?> s, String what, int size, String unit, String path) {
    if (s.get("min" + what) instanceof Number n && size < n.doubleValue()) {
      return where(path) + " must have at least " + n + " " + unit;
    }
    if (s.get("max" + what) instanceof Number n && size > n.doubleValue()) {
      return where(path) + " must have at most " + n + " " + unit;
    }
    return null;
  }

  private @Nullable String combinedProblem(
      Map<?, ?> s, @Nullable Object value, String path, int depth) {
    if (s.get("allOf") instanceof List<?> all) {
      for (Object part : all) {
        String problem = problem(part, value, path, depth + 1);
        if (problem != null) {
          return problem;
        }
      }
    }
    if (s.get("anyOf") instanceof List<?> any && fits(any, value, path, depth) == 0) {
      return where(path) + " fits none of " + Json.write(any);
    }
    if (s.get("oneOf") instanceof List<?> one) {
      int fitting = fits(one, value, path, depth);
      if (fitting != 1) {
        return where(path) + " must fit exactly one of " + Json.write(one);
      }
    }
    if (s.containsKey("not") && problem(s.get("not"), value, path, depth + 1) == null) {
      return where(path) + " must not be " + Json.write(s.get("not"));
    }
    return null;
  }

  private int fits(List<?> schemas, @Nullable Object value, String path, int depth) {
    int count = 0;
    for (Object schema : schemas) {
      if (problem(schema, value, path, depth + 1) == null) {
        count++;
      }
    }
    return count;
  }

  private @Nullable String objectProblem(Map<?, ?> s, Map<?, ?> object, String path, int depth) {
    Map<?, ?> properties = s.get("properties") instanceof Map<?, ?> map ? map : Map.of();
    if (s.get("required") instanceof List<?> required) {
      for (Object key : required) {
        if (!object.containsKey(key)) {
          return where(path) + " lacks the required \"" + key + "\"";
        }
      }
    }
    for (Map.Entry<?, ?> member : object.entrySet()) {
      Object key = member.getKey();
      String inner = path + "/" + key;
      String problem = null;
      if (properties.containsKey(key)) {
        problem = problem(properties.get(key), member.getValue(), inner, depth + 1);
      } else if (Boolean.FALSE.equals(s.get("additionalProperties"))
          && !s.containsKey("patternProperties")) {
        Set<Object> known = new LinkedHashSet<>(properties.keySet());
        return where(path) + " has no \"" + key + "\"; it has " + known;
      } else if (!s.containsKey("patternProperties")) {
        problem = problem(s.get("additionalProperties"), member.getValue(), inner, depth + 1);
      }
      if (problem != null) {
        return problem;
      }
    }
    return sizeProblem(s, "Properties", object.size(), "members", path);
  }

  private @Nullable String listProblem(Map<?, ?> s, List<?> list, String path, int depth) {
    List<?> prefix = s.get("prefixItems") instanceof List<?> l ? l : List.of();
    for (int i = 0; i < list.size(); i++) {
      Object schema = i < prefix.size() ? prefix.get(i) : s.get("items");
      String problem = problem(schema, list.get(i), path + "/" + i, depth + 1);
      if (problem != null) {
        return problem;
      }
    }
    return sizeProblem(s, "Items", list.size(), "items", path);
  }

  private static String where(String path) {
    return path.isEmpty() ? "the object" : "\"" + path.substring(1) + "\"";
  }
}
