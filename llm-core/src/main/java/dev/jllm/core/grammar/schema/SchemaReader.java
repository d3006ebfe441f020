package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.grammar.regex.Regex;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns the keywords of a schema into a formula; subschemas become references, read when needed.
 */
final class SchemaReader {
  /** Keywords of other drafts and dialects that would change what is valid. */
  private static final Map<String, String> FOREIGN =
      Map.of(
          "dependencies", "use dependentRequired or dependentSchemas",
          "additionalItems", "use prefixItems and items",
          "$recursiveRef", "use $ref",
          "divisibleBy", "use multipleOf",
          "disallow", "use not",
          "extends", "use allOf",
          "nullable", "write \"type\": [\"…\", \"null\"]");

  private static final Set<String> DIALECTS =
      Set.of(
          "https://json-schema.org/draft/2020-12/schema",
          "https://json-schema.org/draft/2019-09/schema",
          "http://json-schema.org/draft-07/schema",
          "http://json-schema.org/draft-06/schema",
          "http://json-schema.org/schema");

  final SchemaDocument document;
  final Formulas formulas;
  final Numbers numbers;
  private final Meaning meaning;
  private final Constants constants;
  private final Objects objects;
  private final Map<Location, Formula> read = new HashMap<>();
  private final Set<Location> reading = new HashSet<>();

  SchemaReader(SchemaDocument document, Formulas formulas, Numbers numbers) {
    this.document = document;
    this.formulas = formulas;
    this.numbers = numbers;
    constants = new Constants(formulas, numbers);
    meaning = new Meaning(formulas, this);
    objects = new Objects(this, meaning);
  }

  Meaning meaning() {
    return meaning;
  }

  /** The formula for a subschema, by reference unless it says nothing. */
  Formula reference(Location at) {
    if (at.schema() instanceof Boolean all) {
      return all ? formulas.all : formulas.none;
    }
    return at.schema() instanceof Map<?, ?> map && map.isEmpty()
        ? formulas.all
        : formulas.reference(at, false);
  }

  /** The formula that a reference stands for. */
  Formula resolve(Formula reference) {
    Location at = reference.location;
    if (at == null) {
      throw new IllegalStateException("no reference: " + reference);
    }
    Formula formula = read(at);
    return reference.negated ? formulas.not(formula) : formula;
  }

  Formula read(Location at) {
    Formula known = read.get(at);
    if (known == null) {
      if (!reading.add(at)) {
        throw new GrammarException(at.pointer() + ": refers to itself without end");
      }
      known = readNew(at);
      reading.remove(at);
      read.put(at, known);
    }
    return known;
  }

  /** Whether the schema is being read just now. */
  boolean isReading(Location at) {
    return reading.contains(at);
  }

  private Formula readNew(Location at) {
    if (at.schema() instanceof Boolean all) {
      return all ? formulas.all : formulas.none;
    }
    if (!(at.schema() instanceof Map<?, ?> map)) {
      throw new GrammarException(at.pointer() + ": expected a schema (an object or a boolean)");
    }
    Keywords keywords = new Keywords(at, map);
    check(keywords);
    List<Formula> parts = new ArrayList<>(plain(keywords));
    if (keywords.has("unevaluatedProperties") || keywords.has("unevaluatedItems")) {
      parts.add(new Unevaluated(this).read(keywords));
    }
    return formulas.and(parts);
  }

  private static void check(Keywords keywords) {
    FOREIGN.forEach(
        (key, remedy) -> {
          if (keywords.has(key)) {
            throw new GrammarException(
                keywords.path(key) + ": not a keyword of draft 2020-12; " + remedy);
          }
        });
    if (keywords.has("$schema")) {
      String dialect = keywords.string("$schema");
      String name = dialect.endsWith("#") ? dialect.substring(0, dialect.length() - 1) : dialect;
      if (!DIALECTS.contains(name)) {
        throw new GrammarException(
            keywords.path("$schema")
                + ": the dialect '"
                + dialect
                + "' is not known; use draft 2020-12");
      }
    }
  }

  /** Every keyword but the unevaluated ones. */
  List<Formula> plain(Keywords k) {
    List<Formula> parts = new ArrayList<>();
    if (k.has("type")) {
      parts.add(types(k));
    }
    if (k.has("const")) {
      parts.add(constants.equalTo(k.get("const"), k.path("const")));
    }
    if (k.has("enum")) {
      if (!(k.get("enum") instanceof List<?> values)) {
        throw k.wrong("enum", "a list of values");
      }
      parts.add(constants.anyOf(values, k.path("enum")));
    }
    numbers(k, parts);
    strings(k, parts);
    arrays(k, parts);
    objects.read(k, parts);
    combinations(k, parts);
    return parts;
  }

  private Formula types(Keywords k) {
    Object type = k.get("type");
    List<?> names = type instanceof List<?> list ? list : Arrays.asList(type);
    List<Formula> options = new ArrayList<>();
    for (Object name : names) {
      options.add(
          switch (String.valueOf(name)) {
            case "null" -> formulas.types(Formula.NULL);
            case "boolean" -> formulas.types(Formula.TRUE | Formula.FALSE);
            case "number" -> formulas.types(Formula.NUMBER);
            case "integer" -> formulas.numberIn(numbers.integers());
            case "string" -> formulas.types(Formula.STRING);
            case "array" -> formulas.types(Formula.ARRAY);
            case "object" -> formulas.types(Formula.OBJECT);
            default ->
                throw k.wrong(
                    "type",
                    "null, boolean, number, integer, string, array or object, found " + name);
          });
    }
    return formulas.or(options);
  }

  private void numbers(Keywords k, List<Formula> parts) {
    limit(k, "minimum", bound -> numbers.atLeast(bound, false), parts);
    limit(k, "exclusiveMinimum", bound -> numbers.atLeast(bound, true), parts);
    limit(k, "maximum", bound -> numbers.atMost(bound, false), parts);
    limit(k, "exclusiveMaximum", bound -> numbers.atMost(bound, true), parts);
    limit(k, "multipleOf", numbers::multiplesOf, parts);
  }

  /** Makes the texts of numbers within a limit. */
  private interface Limit {
    Dfa of(BigDecimal bound);
  }

  private void limit(Keywords k, String key, Limit limit, List<Formula> parts) {
    if (k.has(key)) {
      BigDecimal bound = k.number(key);
      if (key.equals("multipleOf") && bound.signum() <= 0) {
        throw k.wrong(key, "a number greater than 0");
      }
      Dfa texts = located(k.path(key), () -> limit.of(bound));
      parts.add(formulas.only(Formula.NUMBER, formulas.numberIn(texts)));
    }
  }

  /** Runs what may fail and puts the path in front of its message. */
  static <T> T located(String path, Supplier<T> action) {
    try {
      return action.get();
    } catch (GrammarException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith("#") ? e : new GrammarException(path + ": " + message, e);
    }
  }

  private void strings(Keywords k, List<Formula> parts) {
    int min = k.count("minLength", 0);
    int max = k.count("maxLength", Formula.UNBOUNDED);
    if (min > max) {
      parts.add(formulas.types(~Formula.STRING));
    } else if (min > 0 || max < Formula.UNBOUNDED) {
      String key = k.has("maxLength") ? "maxLength" : "minLength";
      int bound = max == Formula.UNBOUNDED ? -1 : max;
      add(parts, located(k.path(key), () -> Dfa.length(min, bound)));
    }
    if (k.has("pattern")) {
      String pattern = k.string("pattern");
      add(parts, located(k.path("pattern"), () -> Regex.anywhere(pattern)));
    }
    if (k.has("format") && mayBeString(k.get("type"))) {
      String name = k.string("format");
      Dfa texts = located(k.path("format"), () -> Formats.of(name));
      if (texts == null) {
        throw new GrammarException(
            k.path("format")
                + ": the format '"
                + name
                + "' cannot be generated; use pattern, or leave it out");
      }
      add(parts, texts);
    }
  }

  /** A format is an assertion where the schema asks for a string, else an annotation. */
  private static boolean mayBeString(@Nullable Object type) {
    return "string".equals(type) || type instanceof List<?> list && list.contains("string");
  }

  private void add(List<Formula> parts, Dfa texts) {
    parts.add(formulas.only(Formula.STRING, formulas.stringIn(texts)));
  }

  private void arrays(Keywords k, List<Formula> parts) {
    int min = k.count("minItems", 0);
    int max = k.count("maxItems", Formula.UNBOUNDED);
    array(parts, formulas.length(min, max));
    List<Location> prefix = k.schemas("prefixItems");
    for (int i = 0; i < prefix.size(); i++) {
      array(parts, formulas.itemsAll(i, i + 1, reference(prefix.get(i))));
    }
    if (k.has("items")) {
      if (k.get("items") instanceof List<?>) {
        throw new GrammarException(k.path("items") + ": a list of schemas; use prefixItems");
      }
      array(
          parts, formulas.itemsAll(prefix.size(), Formula.UNBOUNDED, reference(k.schema("items"))));
    }
    if (k.has("contains")) {
      int least = k.count("minContains", 1);
      int most = k.count("maxContains", Formula.UNBOUNDED);
      array(
          parts,
          formulas.itemsCount(0, Formula.UNBOUNDED, least, most, reference(k.schema("contains"))));
    }
    if (k.has("uniqueItems") && Boolean.TRUE.equals(k.get("uniqueItems"))) {
      array(parts, formulas.unique(false));
    }
  }

  private void array(List<Formula> parts, Formula formula) {
    parts.add(formulas.only(Formula.ARRAY, formula));
  }

  private void combinations(Keywords k, List<Formula> parts) {
    if (k.has("$ref")) {
      parts.add(reference(target(k, "$ref")));
    }
    if (k.has("$dynamicRef")) {
      parts.add(reference(target(k, "$dynamicRef")));
    }
    k.schemas("allOf").forEach(s -> parts.add(reference(s)));
    if (k.has("anyOf")) {
      parts.add(
          formulas.or(
              k.schemas("anyOf").stream().map(this::reference).collect(Collectors.toList())));
    }
    if (k.has("oneOf")) {
      parts.add(
          exactlyOne(
              k.schemas("oneOf").stream().map(this::reference).collect(Collectors.toList())));
    }
    if (k.has("not")) {
      parts.add(formulas.not(reference(k.schema("not"))));
    }
    if (k.has("if")) {
      Formula condition = reference(k.schema("if"));
      Formula then = k.has("then") ? reference(k.schema("then")) : formulas.all;
      Formula otherwise = k.has("else") ? reference(k.schema("else")) : formulas.all;
      if (then != formulas.all || otherwise != formulas.all) {
        parts.add(
            formulas.or(
                List.of(
                    formulas.and(List.of(condition, then)),
                    formulas.and(List.of(formulas.not(condition), otherwise)))));
      }
    }
  }

  Location target(Keywords k, String key) {
    Location target = document.find(k.at, k.string(key), k.path(key));
    if (key.equals("$dynamicRef")) {
      document.requireStatic(k.string(key), target, k.path(key));
    }
    return target;
  }

  /** One option and none of the others; options that exclude each other anyway need no more. */
  Formula exactlyOne(List<Formula> options) {
    List<Formula> cases = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      List<Formula> all = new ArrayList<>();
      all.add(options.get(i));
      for (int j = 0; j < options.size(); j++) {
        if (j != i && !meaning.isEmpty(formulas.and(List.of(options.get(i), options.get(j))))) {
          all.add(formulas.not(options.get(j)));
        }
      }
      cases.add(formulas.and(all));
    }
    return formulas.or(cases);
  }
}
