package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.regex.Dfa;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes formulas: simplified, unique by content, and their opposites. */
final class Formulas {
  private static final int MAX_FORMULAS = 200_000;

  private final Map<Formula.Content, Formula> known = new HashMap<>();
  private final Map<Formula, Formula> opposites = new HashMap<>();
  private final Numbers numbers;
  final Formula all = make(Formula.Kind.ALL, 0, 0, 0, 0, null, null, false, List.of());
  final Formula none = make(Formula.Kind.NONE, 0, 0, 0, 0, null, null, false, List.of());

  Formulas(Numbers numbers) {
    this.numbers = numbers;
  }

  private Formula make(
      Formula.Kind kind,
      int low,
      int high,
      int from,
      int to,
      @Nullable Dfa texts,
      @Nullable Location location,
      boolean negated,
      List<Formula> parts) {
    if (known.size() > MAX_FORMULAS) {
      throw new GrammarException(
          "The JSON schema is too intricate: its combinations of alternatives are too many");
    }
    return known.computeIfAbsent(
        new Formula.Content(kind, low, high, from, to, texts, location, negated, parts),
        content -> new Formula(known.size(), content));
  }

  Formula types(int mask) {
    int types = mask & Formula.ANY;
    return types == Formula.ANY
        ? all
        : types == 0
            ? none
            : make(Formula.Kind.TYPES, types, 0, 0, 0, null, null, false, List.of());
  }

  Formula reference(Location location, boolean negated) {
    return make(Formula.Kind.REFERENCE, 0, 0, 0, 0, null, location, negated, List.of());
  }

  Formula numberIn(Dfa texts) {
    return texts.isEmpty()
        ? none
        : make(Formula.Kind.NUMBER_IN, 0, 0, 0, 0, texts, null, false, List.of());
  }

  Formula stringIn(Dfa texts) {
    return texts.isEmpty()
        ? none
        : texts.isAll()
            ? types(Formula.STRING)
            : make(Formula.Kind.STRING_IN, 0, 0, 0, 0, texts, null, false, List.of());
  }

  Formula length(int min, int max) {
    return range(Formula.Kind.LENGTH, min, max);
  }

  Formula members(int min, int max) {
    return range(Formula.Kind.MEMBERS, min, max);
  }

  private Formula range(Formula.Kind kind, int min, int max) {
    return min > max
        ? none
        : min <= 0 && max == Formula.UNBOUNDED
            ? types(kind.type)
            : make(kind, Math.max(min, 0), max, 0, 0, null, null, false, List.of());
  }

  Formula itemsAll(int from, int to, Formula part) {
    return part == all || from >= to
        ? types(Formula.ARRAY)
        : make(Formula.Kind.ITEMS_ALL, 0, 0, from, to, null, null, false, List.of(part));
  }

  Formula itemsCount(int from, int to, int min, int max, Formula part) {
    if (min > max) {
      return none;
    }
    if (min <= 0 && max == Formula.UNBOUNDED) {
      return types(Formula.ARRAY);
    }
    if (part == none) {
      return min <= 0 ? types(Formula.ARRAY) : none;
    }
    if (part == all && from == 0 && to == Formula.UNBOUNDED) {
      return length(min, max);
    }
    return make(
        Formula.Kind.ITEMS_COUNT,
        Math.max(min, 0),
        max,
        from,
        to,
        null,
        null,
        false,
        List.of(part));
  }

  Formula unique(boolean negated) {
    return make(
        negated ? Formula.Kind.NOT_UNIQUE : Formula.Kind.UNIQUE,
        0,
        0,
        0,
        0,
        null,
        null,
        false,
        List.of());
  }

  Formula membersAll(Dfa names, Formula part) {
    return part == all || names.isEmpty()
        ? types(Formula.OBJECT)
        : make(Formula.Kind.MEMBERS_ALL, 0, 0, 0, 0, names, null, false, List.of(part));
  }

  Formula membersSome(Dfa names, Formula part) {
    return part == none || names.isEmpty()
        ? none
        : make(Formula.Kind.MEMBERS_SOME, 0, 0, 0, 0, names, null, false, List.of(part));
  }

  /** The formula for values of its type, every value of other types. */
  Formula only(int type, Formula formula) {
    return or(List.of(types(~type), formula));
  }

  Formula and(Collection<Formula> formulas) {
    return combine(Formula.Kind.AND, formulas);
  }

  Formula or(Collection<Formula> formulas) {
    return combine(Formula.Kind.OR, formulas);
  }

  private Formula combine(Formula.Kind kind, Collection<Formula> formulas) {
    boolean and = kind == Formula.Kind.AND;
    Formula neutral = and ? all : none;
    Formula absorbing = and ? none : all;
    Set<Formula> parts = new LinkedHashSet<>();
    int mask = and ? Formula.ANY : 0;
    for (Formula formula : formulas) {
      for (Formula part : formula.kind == kind ? formula.parts : List.of(formula)) {
        if (part == absorbing) {
          return absorbing;
        }
        if (part.kind == Formula.Kind.TYPES) {
          mask = and ? mask & part.low : mask | part.low;
        } else if (part != neutral) {
          parts.add(part);
        }
      }
    }
    Formula types = types(mask);
    if (types == absorbing) {
      return absorbing;
    }
    if (types != neutral) {
      // A leaf of another type is nothing under "and", of an included type nothing new under "or".
      int wanted = mask;
      if (and && parts.stream().anyMatch(p -> isLeaf(p) && (p.kind.type & wanted) == 0)) {
        return none;
      }
      if (!and) {
        parts.removeIf(p -> isLeaf(p) && (p.kind.type & wanted) != 0);
      }
      parts.add(types);
    }
    if (parts.isEmpty()) {
      return neutral;
    }
    if (parts.size() == 1) {
      return parts.iterator().next();
    }
    List<Formula> sorted = new ArrayList<>(parts);
    sorted.sort(Comparator.comparingInt(p -> p.id));
    return make(kind, 0, 0, 0, 0, null, null, false, List.copyOf(sorted));
  }

  private static boolean isLeaf(Formula formula) {
    return formula.kind.type != Formula.ANY;
  }

  /** All values that the formula does not describe. */
  Formula not(Formula formula) {
    Formula opposite = opposites.get(formula);
    if (opposite == null) {
      opposite = opposite(formula);
      opposites.put(formula, opposite);
    }
    return opposite;
  }

  private Formula opposite(Formula f) {
    return switch (f.kind) {
      case ALL -> none;
      case NONE -> all;
      case TYPES -> types(~f.low);
      case AND -> or(f.parts.stream().map(this::not).collect(Collectors.toList()));
      case OR -> and(f.parts.stream().map(this::not).collect(Collectors.toList()));
      case REFERENCE -> {
        if (f.location == null) {
          throw new IllegalStateException("a reference to nothing");
        }
        yield reference(f.location, !f.negated);
      }
      default -> only(f.kind.type, oppositeLeaf(f));
    };
  }

  private Formula oppositeLeaf(Formula f) {
    return switch (f.kind) {
      case NUMBER_IN -> numberIn(numbers.universe().minus(f.dfa()));
      case STRING_IN -> stringIn(f.dfa().complement());
      case LENGTH -> outside(f, this::length);
      case MEMBERS -> outside(f, this::members);
      case ITEMS_ALL -> itemsCount(f.from, f.to, 1, Formula.UNBOUNDED, not(f.part()));
      case ITEMS_COUNT -> outside(f, (min, max) -> itemsCount(f.from, f.to, min, max, f.part()));
      case UNIQUE -> unique(true);
      case NOT_UNIQUE -> unique(false);
      case MEMBERS_ALL -> membersSome(f.dfa(), not(f.part()));
      case MEMBERS_SOME -> membersAll(f.dfa(), not(f.part()));
      default -> throw new IllegalStateException("no leaf: " + f);
    };
  }

  /** A range of counts. */
  private interface Range {
    Formula of(int min, int max);
  }

  private Formula outside(Formula f, Range range) {
    Formula below = f.low == 0 ? none : range.of(0, f.low - 1);
    Formula above = f.high == Formula.UNBOUNDED ? none : range.of(f.high + 1, Formula.UNBOUNDED);
    return or(List.of(below, above));
  }
}
