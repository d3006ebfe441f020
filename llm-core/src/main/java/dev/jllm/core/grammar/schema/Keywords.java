package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keywords of one schema object, read with their types checked; errors name the path. */
final class Keywords {
  final Location at;
  private final Map<?, ?> map;

  Keywords(Location at, Map<?, ?> map) {
    this.at = at;
    this.map = map;
  }

  boolean has(String key) {
    return map.containsKey(key);
  }

  @Nullable Object get(String key) {
    return map.get(key);
  }

  String path(String key) {
    return at.pointer() + "/" + key;
  }

  GrammarException wrong(String key, String expected) {
    return new GrammarException(path(key) + ": expected " + expected);
  }

  /** The subschema of a keyword. */
  Location schema(String key) {
    return SchemaDocument.enter(at.child(key, map.get(key)));
  }

  List<Location> schemas(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (!(map.get(key) instanceof List<?> list) || list.isEmpty()) {
      throw wrong(key, "a list of schemas");
    }
    Location parent = at.child(key, list);
    List<Location> found = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      found.add(SchemaDocument.enter(parent.child(String.valueOf(i), list.get(i))));
    }
    return found;
  }

  /** The subschemas of a keyword by their names. */
  Map<String, Location> named(String key) {
    Map<String, Location> found = new LinkedHashMap<>();
    if (has(key)) {
      if (!(map.get(key) instanceof Map<?, ?> children)) {
        throw wrong(key, "an object of schemas");
      }
      Location parent = at.child(key, children);
      children.forEach(
          (k, v) ->
              found.put(
                  String.valueOf(k), SchemaDocument.enter(parent.child(String.valueOf(k), v))));
    }
    return found;
  }

  /** A count, or {@code missing}. */
  int count(String key, int missing) {
    if (!has(key)) {
      return missing;
    }
    BigDecimal value = number(key);
    if (value.signum() < 0 || value.stripTrailingZeros().scale() > 0) {
      throw wrong(key, "a count");
    }
    return value.compareTo(BigDecimal.valueOf(Formula.UNBOUNDED)) >= 0
        ? Formula.UNBOUNDED
        : value.intValue();
  }

  BigDecimal number(String key) {
    if (!(map.get(key) instanceof Number number)) {
      throw wrong(key, "a number");
    }
    return decimal(number, path(key));
  }

  static BigDecimal decimal(Number number, String where) {
    if (number instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (number instanceof Long whole) {
      return BigDecimal.valueOf(whole);
    }
    double value = number.doubleValue();
    if (Double.isInfinite(value)) {
      throw new GrammarException(where + ": a number beyond what can be compared");
    }
    return BigDecimal.valueOf(value);
  }

  String string(String key) {
    if (!(map.get(key) instanceof String text)) {
      throw wrong(key, "a string");
    }
    return text;
  }

  List<String> strings(String key) {
    return strings(map.get(key), path(key));
  }

  static List<String> strings(@Nullable Object value, String where) {
    List<String> found = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object o : list) {
        if (o instanceof String text) {
          found.add(text);
        }
      }
      if (found.size() == list.size()) {
        return found;
      }
    }
    throw new GrammarException(where + ": expected a list of strings");
  }
}
