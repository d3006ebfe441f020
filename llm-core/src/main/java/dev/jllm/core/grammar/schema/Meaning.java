package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.regex.Dfa;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a formula means for one type of value: a set of texts for strings and numbers, alternatives
 * of conjunctions (clauses) for arrays and objects.
 */
final class Meaning {
  private static final int MAX_CLAUSES = 4096;
  private static final int MANY = 8;
  private static final int DEPTH = 3;

  private final Formulas formulas;
  private final SchemaReader reader;
  private final Map<Formula, Dfa> strings = new HashMap<>();
  private final Map<Formula, Dfa> numbers = new HashMap<>();
  private final Map<Formula, List<Set<Formula>>> arrays = new HashMap<>();
  private final Map<Formula, List<Set<Formula>>> objects = new HashMap<>();
  private final Map<Dfa, List<String>> texts = new HashMap<>();
  private final Set<Formula> active = new HashSet<>();

  /** How often a guess met a reference whose meaning is not known yet. */
  private int unknown;

  private int guessing;

  Meaning(Formulas formulas, SchemaReader reader) {
    this.formulas = formulas;
    this.reader = reader;
  }

  /** The strings of which the formula holds. */
  Dfa strings(Formula f) {
    return texts(f, Formula.STRING, strings, Dfa.ALL);
  }

  /** The numbers of which the formula holds, out of {@link Numbers#universe}. */
  Dfa numbers(Formula f) {
    return texts(f, Formula.NUMBER, numbers, reader.numbers.universe());
  }

  /** Whether the formula holds of null, false or true. */
  boolean holds(Formula f, int type) {
    return switch (f.kind) {
      case ALL -> true;
      case TYPES -> (f.low & type) != 0;
      case AND -> f.parts.stream().allMatch(p -> holds(p, type));
      case OR -> f.parts.stream().anyMatch(p -> holds(p, type));
      case REFERENCE -> {
        if (isUnknown(f)) {
          yield true;
        }
        enter(f);
        boolean holds = holds(resolve(f), type);
        active.remove(f);
        yield holds;
      }
      default -> false;
    };
  }

  private void enter(Formula reference) {
    if (!active.add(reference)) {
      Location at = reference.location;
      active.clear();
      throw new GrammarException(
          (at == null ? "#" : at.pointer())
              + ": refers to itself without end; put a property or element in between");
    }
  }

  private Formula resolve(Formula reference) {
    return reader.resolve(reference);
  }

  /** While guessing: a reference that is being worked on may mean anything. */
  private boolean isUnknown(Formula reference) {
    Location at = reference.location;
    boolean isUnknown =
        guessing > 0 && at != null && (reader.isReading(at) || active.contains(reference));
    unknown += isUnknown ? 1 : 0;
    return isUnknown;
  }

  private Dfa texts(Formula f, int type, Map<Formula, Dfa> known, Dfa all) {
    Dfa found = known.get(f);
    if (found != null) {
      return found;
    }
    int before = unknown;
    Dfa texts =
        switch (f.kind) {
          case ALL -> all;
          case TYPES -> (f.low & type) != 0 ? all : Dfa.NONE;
          case AND -> {
            Dfa common = all;
            for (Formula part : f.parts) {
              common = common.isEmpty() ? common : common.intersect(texts(part, type, known, all));
            }
            yield common;
          }
          case OR -> {
            Dfa joined = Dfa.NONE;
            for (Formula part : f.parts) {
              joined = joined.equals(all) ? joined : joined.union(texts(part, type, known, all));
            }
            yield joined;
          }
          case REFERENCE -> {
            if (isUnknown(f)) {
              yield all;
            }
            enter(f);
            Dfa meant = texts(resolve(f), type, known, all);
            active.remove(f);
            yield meant;
          }
          default -> f.kind.type == type ? f.dfa() : Dfa.NONE;
        };
    if (before == unknown) {
      known.put(f, texts);
    }
    return texts;
  }

  /** The alternatives for arrays or objects: each a set of leaves that all must hold. */
  List<Set<Formula>> clauses(Formula f, int type) {
    Map<Formula, List<Set<Formula>>> known = type == Formula.ARRAY ? arrays : objects;
    List<Set<Formula>> found = known.get(f);
    if (found != null) {
      return found;
    }
    int before = unknown;
    List<Set<Formula>> clauses =
        switch (f.kind) {
          case ALL -> List.of(Set.of());
          case NONE -> List.of();
          case TYPES -> (f.low & type) != 0 ? List.of(Set.of()) : List.of();
          case AND -> {
            List<Set<Formula>> product = List.of(Set.of());
            for (Formula part : f.parts) {
              product = product(product, clauses(part, type), type);
            }
            yield product;
          }
          case OR -> {
            List<Set<Formula>> joined = new ArrayList<>();
            for (Formula part : f.parts) {
              joined.addAll(clauses(part, type));
            }
            yield reduce(joined, type);
          }
          case REFERENCE -> {
            if (isUnknown(f)) {
              yield List.of(Set.of());
            }
            enter(f);
            List<Set<Formula>> meant = clauses(resolve(f), type);
            active.remove(f);
            yield meant;
          }
          default -> f.kind.type == type ? List.of(Set.of(f)) : List.of();
        };
    if (before == unknown) {
      known.put(f, clauses);
    }
    return clauses;
  }

  private List<Set<Formula>> product(List<Set<Formula>> a, List<Set<Formula>> b, int type) {
    if ((long) a.size() * b.size() > MAX_CLAUSES * 16L) {
      throw tooMany();
    }
    List<Set<Formula>> out = new ArrayList<>();
    for (Set<Formula> x : a) {
      for (Set<Formula> y : b) {
        Set<Formula> both = new HashSet<>(x);
        both.addAll(y);
        out.add(both);
      }
    }
    return a.size() == 1 && b.size() == 1 ? out : reduce(out, type);
  }

  /** Without alternatives that nothing satisfies or that another includes. */
  private List<Set<Formula>> reduce(List<Set<Formula>> clauses, int type) {
    List<Set<Formula>> sorted = new ArrayList<>(new HashSet<>(clauses));
    sorted.removeIf(clause -> type == Formula.OBJECT ? noObject(clause, 0) : noArray(clause, 0));
    if (sorted.size() > MANY && guessing == 0) {
      // Worth a closer look: conditions on one property often exclude each other.
      int before = unknown;
      guessing++;
      sorted.removeIf(clause -> type == Formula.OBJECT ? noObject(clause, 1) : noArray(clause, 1));
      guessing--;
      unknown = before; // what was not found out has only left an alternative in
    }
    if (sorted.size() > MAX_CLAUSES) {
      throw tooMany();
    }
    sorted.sort((x, y) -> Integer.compare(x.size(), y.size()));
    List<Set<Formula>> kept = new ArrayList<>();
    for (Set<Formula> clause : sorted) {
      if (sorted.size() > 500 || kept.stream().noneMatch(clause::containsAll)) {
        kept.add(clause);
      }
    }
    return kept;
  }

  private GrammarException tooMany() {
    active.clear();
    return new GrammarException(
        "#: the alternatives of the schema multiply to more than "
            + MAX_CLAUSES
            + "; use fewer combinations of anyOf, oneOf, not and if");
  }

  /** Whether surely nothing satisfies the formula; "no" may mean that it was not found out. */
  boolean isEmpty(Formula f) {
    guessing++;
    Set<Formula> outer = new HashSet<>(active);
    try {
      return isEmpty(f, DEPTH);
    } finally {
      guessing--;
      active.clear();
      active.addAll(outer);
    }
  }

  private boolean isEmpty(Formula f, int depth) {
    if (f == formulas.none) {
      return true;
    }
    if (f == formulas.all || depth == 0) {
      return false;
    }
    return !holds(f, Formula.NULL)
        && !holds(f, Formula.TRUE)
        && !holds(f, Formula.FALSE)
        && strings(f).isEmpty()
        && numbers(f).isEmpty()
        && clauses(f, Formula.ARRAY).stream().allMatch(c -> noArray(c, depth - 1))
        && clauses(f, Formula.OBJECT).stream().allMatch(c -> noObject(c, depth - 1));
  }

  private boolean noArray(Set<Formula> clause, int depth) {
    int min = low(clause, Formula.Kind.LENGTH);
    if (min > high(clause, Formula.Kind.LENGTH)) {
      return true;
    }
    for (int i = 0; i < Math.min(min, 8); i++) {
      List<Formula> item = new ArrayList<>();
      for (Formula leaf : clause) {
        if (leaf.kind == Formula.Kind.ITEMS_ALL && leaf.from <= i && i < leaf.to) {
          item.add(leaf.part());
        }
      }
      if (isEmpty(formulas.and(item), depth)) {
        return true;
      }
    }
    return false;
  }

  private boolean noObject(Set<Formula> clause, int depth) {
    Set<String> required = new TreeSet<>();
    for (Formula leaf : clause) {
      String name = leaf.kind == Formula.Kind.MEMBERS_SOME ? single(leaf.dfa()) : null;
      if (name != null) {
        required.add(name);
      }
    }
    int max = high(clause, Formula.Kind.MEMBERS);
    if (Math.max(low(clause, Formula.Kind.MEMBERS), required.size()) > max) {
      return true;
    }
    for (String name : required) {
      if (isEmpty(member(clause, name), depth)) {
        return true;
      }
    }
    return false;
  }

  /** What the value of a member must satisfy if the member is there. */
  Formula member(Set<Formula> clause, String name) {
    List<Formula> parts = new ArrayList<>();
    for (Formula leaf : clause) {
      boolean all = leaf.kind == Formula.Kind.MEMBERS_ALL && leaf.dfa().contains(name);
      boolean some = leaf.kind == Formula.Kind.MEMBERS_SOME && name.equals(single(leaf.dfa()));
      if (all || some) {
        parts.add(leaf.part());
      }
    }
    return formulas.and(parts);
  }

  static int low(Set<Formula> clause, Formula.Kind kind) {
    return clause.stream().filter(f -> f.kind == kind).mapToInt(f -> f.low).max().orElse(0);
  }

  static int high(Set<Formula> clause, Formula.Kind kind) {
    return clause.stream()
        .filter(f -> f.kind == kind)
        .mapToInt(f -> f.high)
        .min()
        .orElse(Formula.UNBOUNDED);
  }

  /** The texts of the automaton if there are only a few, else an empty list. */
  List<String> few(Dfa dfa) {
    return texts.computeIfAbsent(
        dfa,
        key -> {
          List<String> found = key.texts(16);
          return found == null ? List.of() : found;
        });
  }

  /** The only text of the automaton, null where it has none or several. */
  @Nullable String single(Dfa dfa) {
    List<String> found = few(dfa);
    return found.size() == 1 ? found.get(0) : null;
  }

  /** All values of which the formula holds, if they are a few scalars, else null. */
  @Nullable List<Formula> values(Formula f, int max) {
    List<Formula> found = new ArrayList<>();
    for (int type : new int[] {Formula.NULL, Formula.FALSE, Formula.TRUE}) {
      if (holds(f, type)) {
        found.add(formulas.types(type));
      }
    }
    List<String> texts = strings(f).texts(max);
    Dfa rest = numbers(f);
    if (texts == null
        || !clauses(f, Formula.ARRAY).isEmpty()
        || !clauses(f, Formula.OBJECT).isEmpty()) {
      return null;
    }
    texts.forEach(text -> found.add(formulas.stringIn(Dfa.text(text))));
    for (Map.Entry<BigDecimal, Dfa> constant : reader.numbers.constants().entrySet()) {
      if (!rest.isEmpty() && !rest.intersect(constant.getValue()).isEmpty()) {
        found.add(formulas.numberIn(constant.getValue()));
        rest = rest.minus(constant.getValue());
      }
    }
    return rest.isEmpty() && found.size() <= max ? found : null;
  }
}
