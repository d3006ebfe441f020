package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;

/** The keywords {@code unevaluatedProperties} and {@code unevaluatedItems}. */
final class Unevaluated {
  private final SchemaReader reader;

  Unevaluated(SchemaReader reader) {
    this.reader = reader;
  }

  Formula read(Keywords k) {
    throw new GrammarException(k.path("unevaluatedProperties") + ": cannot be expressed" + reader);
  }
}
