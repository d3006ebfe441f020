package dev.jllm.core.chat.jinja;

import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;

/** JSON read into values, for the filter that some templates expect of their host. */
final class JsonValues {
  private JsonValues() {}

  static Object read(Rendering r, Text json) {
    r.allocate(json.units());
    try {
      return Conversion.value(Json.parse(json.string()));
    } catch (JsonException e) {
      throw new JinjaException("from_json: " + e.getMessage());
    }
  }
}
