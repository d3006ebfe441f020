package dev.jllm.core.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** All filters, by name. */
final class Filters {
  static final Map<String, Filter> ALL = new HashMap<>();

  private Filters() {}

  static {
    TextFilters.addTo(ALL);
    MarkupFilters.addTo(ALL);
    NumberFilters.addTo(ALL);
    SequenceFilters.addTo(ALL);
    SelectionFilters.addTo(ALL);
    OrderFilters.addTo(ALL);
  }

  static Filter named(String name) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw new JinjaException("No filter named '" + name + "'.");
    }
    return filter;
  }
}
