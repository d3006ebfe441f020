package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.grammar.regex.DfaExplorer;
import dev.jllm.core.grammar.regex.Regex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The keywords about objects. */
final class Objects {
  private final SchemaReader reader;
  private final Formulas formulas;
  private final Meaning meaning;

  Objects(SchemaReader reader, Meaning meaning) {
    this.reader = reader;
    this.meaning = meaning;
    formulas = reader.formulas;
  }

  void read(Keywords k, List<Formula> parts) {
    Map<String, Location> properties = k.named("properties");
    properties.forEach(
        (name, schema) ->
            object(parts, formulas.membersAll(Dfa.text(name), reader.reference(schema))));
    Map<String, Location> patterns = k.named("patternProperties");
    patterns.forEach(
        (pattern, schema) ->
            object(parts, formulas.membersAll(pattern(k, pattern), reader.reference(schema))));
    if (k.has("additionalProperties")) {
      Dfa others =
          SchemaReader.located(k.path("additionalProperties"), () -> evaluated(k).complement());
      object(
          parts, formulas.membersAll(others, reader.reference(k.schema("additionalProperties"))));
    }
    if (k.has("required")) {
      for (String name : k.strings("required")) {
        object(parts, has(name));
      }
    }
    object(
        parts,
        formulas.members(k.count("minProperties", 0), k.count("maxProperties", Formula.UNBOUNDED)));
    if (k.has("propertyNames")) {
      Formula names = reader.reference(k.schema("propertyNames"));
      Dfa good = SchemaReader.located(k.path("propertyNames"), () -> meaning.strings(names));
      object(parts, formulas.membersAll(good.complement(), formulas.none));
    }
    if (k.has("dependentRequired")) {
      if (!(k.get("dependentRequired") instanceof Map<?, ?> dependencies)) {
        throw k.wrong("dependentRequired", "an object of lists of names");
      }
      dependencies.forEach(
          (name, needed) -> {
            List<Formula> all = new ArrayList<>();
            for (String other : Keywords.strings(needed, k.path("dependentRequired"))) {
              all.add(has(other));
            }
            object(parts, formulas.or(List.of(lacks(String.valueOf(name)), formulas.and(all))));
          });
    }
    k.named("dependentSchemas")
        .forEach(
            (name, schema) ->
                object(parts, formulas.or(List.of(lacks(name), reader.reference(schema)))));
  }

  private void object(List<Formula> parts, Formula formula) {
    parts.add(formulas.only(Formula.OBJECT, formula));
  }

  Formula has(String name) {
    return formulas.membersSome(Dfa.text(name), formulas.all);
  }

  Formula lacks(String name) {
    return formulas.membersAll(Dfa.text(name), formulas.none);
  }

  /** The names that {@code properties} and {@code patternProperties} of the schema cover. */
  static Dfa evaluated(Keywords k) {
    Dfa names = DfaExplorer.texts(new ArrayList<>(k.named("properties").keySet()));
    for (String pattern : k.named("patternProperties").keySet()) {
      names = names.union(pattern(k, pattern));
    }
    return names;
  }

  private static Dfa pattern(Keywords k, String pattern) {
    try {
      return Regex.anywhere(pattern);
    } catch (GrammarException e) {
      throw new GrammarException(
          k.path("patternProperties") + "/" + pattern + ": " + e.getMessage(), e);
    }
  }
}
