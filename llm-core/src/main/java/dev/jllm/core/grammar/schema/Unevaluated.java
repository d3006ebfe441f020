package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.regex.Dfa;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The keywords {@code unevaluatedProperties} and {@code unevaluatedItems}. What a schema evaluates
 * depends on which of its alternatives hold, so a formula is made for each combination of them.
 */
final class Unevaluated {
  private static final int MAX_CASES = 256;
  private static final int MAX_DEPTH = 64;

  /**
   * A case: what holds, the names and the number of leading elements that are evaluated then, and
   * what further elements are evaluated if they satisfy it.
   */
  private record Case(Formula holds, Dfa names, int items, Formula matching) {}

  private final SchemaReader reader;
  private final Formulas formulas;
  private int depth;

  Unevaluated(SchemaReader reader) {
    this.reader = reader;
    formulas = reader.formulas;
  }

  /** What the two keywords of the schema demand, together with its other keywords. */
  Formula read(Keywords k) {
    List<Formula> options = new ArrayList<>();
    for (Case c : cases(k, false)) {
      List<Formula> parts = new ArrayList<>();
      parts.add(c.holds);
      if (k.has("unevaluatedProperties")) {
        Formula rest = reader.reference(k.schema("unevaluatedProperties"));
        parts.add(formulas.only(Formula.OBJECT, formulas.membersAll(c.names.complement(), rest)));
      }
      if (k.has("unevaluatedItems")) {
        Formula rest = reader.reference(k.schema("unevaluatedItems"));
        Formula item = formulas.or(List.of(c.matching, rest));
        parts.add(
            formulas.only(Formula.ARRAY, formulas.itemsAll(c.items, Formula.UNBOUNDED, item)));
      }
      options.add(formulas.and(parts));
    }
    return formulas.or(options);
  }

  private Case nothing(Formula holds) {
    return new Case(holds, Dfa.NONE, 0, formulas.none);
  }

  /** The cases of a subschema; each includes that the subschema holds. */
  private List<Case> cases(Location at) {
    Formula formula = reader.reference(at);
    if (!(at.schema() instanceof Map<?, ?> map)) {
      return List.of(nothing(formula));
    }
    if (++depth > MAX_DEPTH) {
      throw new GrammarException(
          at.pointer() + ": what is evaluated depends on a reference to the schema itself");
    }
    List<Case> found = new ArrayList<>();
    for (Case c : cases(new Keywords(at, map), true)) {
      found.add(new Case(formulas.and(List.of(formula, c.holds)), c.names, c.items, c.matching));
    }
    depth--;
    return found;
  }

  /** The cases of the keywords of one schema object. */
  private List<Case> cases(Keywords k, boolean withUnevaluated) {
    List<Case> cases = List.of(own(k, withUnevaluated));
    for (String key : List.of("$ref", "$dynamicRef")) {
      if (k.has(key)) {
        cases = product(k, cases, cases(reader.target(k, key)));
      }
    }
    for (Location part : k.schemas("allOf")) {
      cases = product(k, cases, cases(part));
    }
    for (String key : List.of("anyOf", "oneOf")) {
      for (Location part : k.schemas(key)) {
        cases = product(k, cases, maybe(part));
      }
    }
    if (k.has("if")) {
      Location condition = k.schema("if");
      List<Case> then =
          k.has("then") ? product(k, cases(condition), cases(k.schema("then"))) : cases(condition);
      Formula fails = formulas.not(reader.reference(condition));
      List<Case> otherwise =
          k.has("else")
              ? product(k, List.of(nothing(fails)), cases(k.schema("else")))
              : List.of(nothing(fails));
      List<Case> both = new ArrayList<>(then);
      both.addAll(otherwise);
      cases = product(k, cases, both);
    }
    for (Map.Entry<String, Location> entry : k.named("dependentSchemas").entrySet()) {
      Dfa name = Dfa.text(entry.getKey());
      Formula has = formulas.membersSome(name, formulas.all);
      List<Case> both = new ArrayList<>(product(k, List.of(nothing(has)), cases(entry.getValue())));
      both.add(nothing(formulas.not(has)));
      cases = product(k, cases, both);
    }
    return cases;
  }

  /** A subschema that holds or does not hold. */
  private List<Case> maybe(Location at) {
    List<Case> found = cases(at);
    Formula formula = reader.reference(at);
    if (found.stream()
        .allMatch(c -> c.names.isEmpty() && c.items == 0 && c.matching == formulas.none)) {
      return List.of(nothing(formulas.all)); // evaluates nothing, so it makes no difference
    }
    List<Case> both = new ArrayList<>(found);
    both.add(nothing(formulas.not(formula)));
    return both;
  }

  /** What the schema's own keywords evaluate. */
  private Case own(Keywords k, boolean withUnevaluated) {
    boolean allNames =
        k.has("additionalProperties") || withUnevaluated && k.has("unevaluatedProperties");
    boolean allItems = k.has("items") || withUnevaluated && k.has("unevaluatedItems");
    Formula matching = k.has("contains") ? reader.reference(k.schema("contains")) : formulas.none;
    return new Case(
        formulas.all,
        allNames ? Dfa.ALL : Objects.evaluated(k),
        allItems ? Formula.UNBOUNDED : k.schemas("prefixItems").size(),
        matching);
  }

  private List<Case> product(Keywords k, List<Case> a, List<Case> b) {
    if (a.size() * b.size() > MAX_CASES) {
      throw new GrammarException(
          k.at.pointer()
              + ": what is evaluated depends on more than "
              + MAX_CASES
              + " combinations of alternatives");
    }
    List<Case> out = new ArrayList<>();
    for (Case x : a) {
      for (Case y : b) {
        Formula holds = formulas.and(List.of(x.holds, y.holds));
        if (holds != formulas.none) {
          out.add(
              new Case(
                  holds,
                  x.names.union(y.names),
                  Math.max(x.items, y.items),
                  formulas.or(List.of(x.matching, y.matching))));
        }
      }
    }
    return out;
  }
}
