package dev.jllm.core.grammar.schema;

import org.jspecify.annotations.Nullable;

/**
 * A place in the schema's document.
 *
 * @param pointer the JSON pointer from the root, as a fragment ({@code #/properties/a})
 * @param base the base URI in force for references at this place, empty for none
 * @param schema what stands there
 */
record Location(String pointer, String base, @Nullable Object schema) {
  Location child(String key, @Nullable Object child) {
    return new Location(pointer + "/" + key.replace("~", "~0").replace("/", "~1"), base, child);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Location other && pointer.equals(other.pointer);
  }

  @Override
  public int hashCode() {
    return pointer.hashCode();
  }
}
