package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One schema document: finds what {@code $ref} names by pointer, {@code $id} and {@code $anchor}.
 */
final class SchemaDocument {
  private static final int MAX_SCHEMAS = 50_000;

  /** Keywords whose value is a schema. */
  private static final List<String> ONE =
      List.of(
          "additionalProperties",
          "contains",
          "contentSchema",
          "else",
          "if",
          "items",
          "not",
          "propertyNames",
          "then",
          "unevaluatedItems",
          "unevaluatedProperties");

  /** Keywords whose value is a list of schemas. */
  private static final List<String> LIST = List.of("allOf", "anyOf", "oneOf", "prefixItems");

  /** Keywords whose value is an object of schemas. */
  private static final List<String> MAP =
      List.of("$defs", "definitions", "dependentSchemas", "patternProperties", "properties");

  private final Location root;
  private final Map<String, Location> byUri = new HashMap<>();
  private final Map<String, Integer> dynamicAnchors = new HashMap<>();
  private boolean plainNumbers;

  SchemaDocument(@Nullable Object schema) {
    root = new Location("#", base(schema, "", "#"), schema);
    byUri.put("", root);
    index();
  }

  Location root() {
    return root;
  }

  /** Whether numbers must be written as plain decimals: somewhere a step is asked for. */
  boolean needsPlainNumbers() {
    return plainNumbers;
  }

  private void index() {
    Deque<Location> work = new ArrayDeque<>();
    work.add(root);
    int seen = 0;
    while (!work.isEmpty()) {
      Location at = work.poll();
      if (++seen > MAX_SCHEMAS) {
        throw new GrammarException("The JSON schema has more than " + MAX_SCHEMAS + " parts");
      }
      if (!(at.schema() instanceof Map<?, ?> map)) {
        continue;
      }
      if (at == root || map.get("$id") instanceof String) {
        byUri.putIfAbsent(at.base(), at);
      }
      if (map.get("$anchor") instanceof String anchor) {
        byUri.putIfAbsent(at.base() + "#" + anchor, at);
      }
      if (map.get("$dynamicAnchor") instanceof String anchor) {
        byUri.putIfAbsent(at.base() + "#" + anchor, at);
        dynamicAnchors.merge(anchor, 1, Integer::sum);
      }
      if (map.get("multipleOf") instanceof Number step) {
        plainNumbers |= step.doubleValue() != 1;
      }
      for (Location child : children(at, map)) {
        work.add(child);
      }
    }
  }

  private static List<Location> children(Location at, Map<?, ?> map) {
    List<Location> found = new ArrayList<>();
    for (String key : ONE) {
      if (map.get(key) instanceof Map<?, ?> child) {
        found.add(enter(at.child(key, child)));
      }
    }
    for (String key : LIST) {
      if (map.get(key) instanceof List<?> list) {
        Location parent = at.child(key, list);
        for (int i = 0; i < list.size(); i++) {
          found.add(enter(parent.child(String.valueOf(i), list.get(i))));
        }
      }
    }
    for (String key : MAP) {
      if (map.get(key) instanceof Map<?, ?> children) {
        Location parent = at.child(key, children);
        children.forEach((k, v) -> found.add(enter(parent.child(String.valueOf(k), v))));
      }
    }
    return found;
  }

  /** The same place with the base URI that a schema there sets by {@code $id}. */
  static Location enter(Location at) {
    String base = base(at.schema(), at.base(), at.pointer());
    return base.equals(at.base()) ? at : new Location(at.pointer(), base, at.schema());
  }

  private static String base(@Nullable Object schema, String outer, String pointer) {
    if (schema instanceof Map<?, ?> map && map.get("$id") instanceof String id) {
      String resolved = resolve(outer, id, pointer + "/$id");
      return resolved.endsWith("#") ? resolved.substring(0, resolved.length() - 1) : resolved;
    }
    return outer;
  }

  private static String resolve(String base, String reference, String where) {
    try {
      if (base.isEmpty()) {
        return URI.create(reference).toString();
      }
      if (reference.startsWith("#")) {
        int hash = base.indexOf('#');
        return (hash < 0 ? base : base.substring(0, hash)) + reference;
      }
      return URI.create(base).resolve(URI.create(reference)).toString();
    } catch (IllegalArgumentException e) {
      throw new GrammarException(where + ": '" + reference + "' is not a URI reference");
    }
  }

  /**
   * The schema that a reference names.
   *
   * @param where the pointer to the reference, for messages
   */
  Location find(Location from, String reference, String where) {
    String uri = resolve(from.base(), reference, where);
    int hash = uri.indexOf('#');
    String document = hash < 0 ? uri : uri.substring(0, hash);
    String fragment = hash < 0 ? "" : decode(uri.substring(hash + 1));
    if (!fragment.isEmpty() && !fragment.startsWith("/")) {
      Location anchored = byUri.get(document + "#" + fragment);
      if (anchored == null) {
        throw missing(where, reference, byUri.containsKey(document));
      }
      return anchored;
    }
    Location at = byUri.get(document);
    if (at == null && document.equals(root.base())) {
      at = root;
    }
    if (at == null) {
      throw missing(where, reference, false);
    }
    Location found = fragment.isEmpty() ? at : follow(at, fragment);
    if (found == null) {
      throw missing(where, reference, true);
    }
    return found;
  }

  /** Refuses a dynamic reference that could mean different things in different places. */
  void requireStatic(String reference, Location target, String where) {
    int hash = reference.indexOf('#');
    String anchor = hash < 0 ? "" : reference.substring(hash + 1);
    boolean dynamic =
        target.schema() instanceof Map<?, ?> map && anchor.equals(map.get("$dynamicAnchor"));
    if (dynamic && dynamicAnchors.getOrDefault(anchor, 0) > 1) {
      throw new GrammarException(
          where
              + ": '"
              + reference
              + "' has several targets, which depend on the way there; use $ref");
    }
  }

  private static GrammarException missing(String where, String reference, boolean known) {
    return new GrammarException(
        where
            + ": '"
            + reference
            + (known
                ? "' names nothing in the schema"
                : "' is not in this document; remote schemas are not fetched, copy it into $defs"));
  }

  private static String decode(String fragment) {
    if (fragment.indexOf('%') < 0) {
      return fragment;
    }
    byte[] out = new byte[fragment.length() * 3];
    int n = 0;
    byte[] in = fragment.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < in.length; i++) {
      int high = i + 2 < in.length && in[i] == '%' ? Character.digit(in[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
      if (low >= 0) {
        out[n++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[n++] = in[i];
      }
    }
    return new String(out, 0, n, StandardCharsets.UTF_8);
  }

  private static @Nullable Location follow(Location from, String pointer) {
    Location at = from;
    for (String part : pointer.substring(1).split("/", -1)) {
      String key = part.replace("~1", "/").replace("~0", "~");
      if (at.schema() instanceof Map<?, ?> map && map.containsKey(key)) {
        at = enter(at.child(key, map.get(key)));
      } else if (at.schema() instanceof List<?> list && isIndex(key, list.size())) {
        at = enter(at.child(key, list.get(Integer.parseInt(key))));
      } else {
        return null;
      }
    }
    return at;
  }

  private static boolean isIndex(String key, int size) {
    return key.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(key) < size;
  }
}
