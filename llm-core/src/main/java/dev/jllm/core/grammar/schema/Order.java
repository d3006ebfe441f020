package dev.jllm.core.grammar.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a schema names properties: those of what {@code $ref} names, its own, then
 * those of {@code allOf}, {@code anyOf} and {@code oneOf}. The first schema that names a property
 * orders its value.
 */
final class Order {
  /** What a schema says about order. */
  record Names(Map<String, Location> properties, int prefix, @Nullable Location items) {}

  private static final Names NOTHING = new Names(Map.of(), 0, null);

  private final SchemaDocument document;
  private final Map<Location, Names> known = new HashMap<>();

  Order(SchemaDocument document) {
    this.document = document;
  }

  Names of(@Nullable Location at) {
    return at == null ? NOTHING : known.computeIfAbsent(at, this::find);
  }

  private Names find(Location at) {
    List<Keywords> parts = new ArrayList<>();
    collect(at, parts, new HashSet<>());
    Map<String, Location> properties = new LinkedHashMap<>();
    int prefix = 0;
    Location items = null;
    for (Keywords part : parts) {
      part.named("properties").forEach(properties::putIfAbsent);
      prefix = Math.max(prefix, part.schemas("prefixItems").size());
      if (items == null && part.get("items") instanceof Map<?, ?>) {
        items = part.schema("items");
      }
    }
    return new Names(properties, prefix, items);
  }

  private void collect(Location at, List<Keywords> parts, Set<Location> seen) {
    if (!(at.schema() instanceof Map<?, ?> map) || !seen.add(at)) {
      return;
    }
    Keywords keywords = new Keywords(at, map);
    if (map.get("$ref") instanceof String reference && isPointer(reference)) {
      collect(document.find(at, reference, keywords.path("$ref")), parts, seen);
    }
    parts.add(keywords);
    for (String key : List.of("allOf", "anyOf", "oneOf")) {
      keywords.schemas(key).forEach(child -> collect(child, parts, seen));
    }
  }

  /** References within the document; what others name comes without an order. */
  private static boolean isPointer(String reference) {
    return reference.equals("#") || reference.startsWith("#/");
  }
}
