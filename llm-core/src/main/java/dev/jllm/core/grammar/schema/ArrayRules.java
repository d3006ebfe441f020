package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The elements of an array as a small automaton over values: a state knows how many elements were
 * written (as far as that matters), how many of them satisfied each {@code contains}, and which of
 * a few values were used under {@code uniqueItems}.
 */
final class ArrayRules {
  private static final int MAX_STATES = 20_000;
  private static final int MAX_UNIQUE = 12;

  private final ValueRules values;

  ArrayRules(ValueRules values) {
    this.values = values;
  }

  /** Writes arrays of which all leaves hold, between two states of a rule. */
  void write(Set<Formula> clause, @Nullable Location at, int from, int to) {
    new Writer(clause, at, to).write(from);
  }

  /** How far the elements have come: {@code index} elements, the counts, the values used. */
  private record State(int index, List<Integer> counts, int used) {}

  private final class Writer {
    private final RuleNetBuilder net = values.net;
    private final Formulas formulas = values.formulas;
    private final Order.Names names;
    private final int to;
    private final List<Formula> all = new ArrayList<>();
    private final List<Formula> counted = new ArrayList<>();
    private final int min;
    private final int max;
    private final int horizon;
    private final @Nullable List<Formula> unique;

    /** For a state: where the next element begins, and where the last one has ended. */
    private final Map<State, int[]> nodes = new HashMap<>();

    private final List<State> todo = new ArrayList<>();

    Writer(Set<Formula> clause, @Nullable Location at, int to) {
      this.to = to;
      names = values.order.of(at);
      min = Meaning.low(clause, Formula.Kind.LENGTH);
      max = Meaning.high(clause, Formula.Kind.LENGTH);
      int far = Math.max(min, max == Formula.UNBOUNDED ? 0 : max);
      boolean distinct = false;
      for (Formula leaf : clause) {
        if (leaf.kind == Formula.Kind.ITEMS_ALL) {
          all.add(leaf);
        } else if (leaf.kind == Formula.Kind.ITEMS_COUNT) {
          counted.add(leaf);
        }
        if (leaf.kind == Formula.Kind.NOT_UNIQUE) {
          throw new GrammarException(path(at) + ": uniqueItems cannot be negated");
        }
        distinct |= leaf.kind == Formula.Kind.UNIQUE;
        far = Math.max(far, Math.max(leaf.from, leaf.to == Formula.UNBOUNDED ? 0 : leaf.to));
      }
      far = Math.max(far, names.prefix());
      if (far > MAX_STATES) {
        throw tooMany();
      }
      horizon = far;
      unique = distinct && max > 1 ? uniqueValues(at) : null;
    }

    private GrammarException tooMany() {
      return new GrammarException(
          "#: an array needs more than "
              + MAX_STATES
              + " states; use smaller bounds for its elements");
    }

    private String path(@Nullable Location at) {
      return at == null ? "#" : at.pointer();
    }

    /** The few values that elements can have. */
    private List<Formula> uniqueValues(@Nullable Location at) {
      List<Formula> union = new ArrayList<>();
      for (int i = 0; i <= horizon; i++) {
        if (i < max) {
          union.add(item(i));
        }
      }
      List<Formula> found = values.meaning.values(formulas.or(union), MAX_UNIQUE);
      if (found == null) {
        throw new GrammarException(
            path(at)
                + "/uniqueItems: can only be held to where elements are one of up to "
                + MAX_UNIQUE
                + " values (enum, const, boolean)");
      }
      return found;
    }

    private Formula item(int index) {
      List<Formula> parts = new ArrayList<>();
      for (Formula leaf : all) {
        if (leaf.from <= index && (index < leaf.to || leaf.to == Formula.UNBOUNDED)) {
          parts.add(leaf.part());
        }
      }
      return formulas.and(parts);
    }

    /** Members of an element after the prefix come in the order of the items' schema. */
    private @Nullable Location orderOf(int index) {
      return index < names.prefix() ? null : names.items();
    }

    void write(int from) {
      State start = new State(0, counted.stream().map(c -> 0).collect(Collectors.toList()), 0);
      int open = net.state();
      net.bytes(from, '[', '[', open);
      values.space(open, nodes(start)[0]);
      if (ends(start)) {
        close(open);
      }
      while (!todo.isEmpty()) {
        elements(todo.remove(todo.size() - 1));
      }
    }

    private void close(int from) {
      int before = net.state();
      values.space(from, before);
      net.bytes(before, ']', ']', to);
    }

    private boolean ends(State state) {
      boolean enough = state.index >= min;
      for (int i = 0; i < counted.size(); i++) {
        enough &= state.counts.get(i) >= counted.get(i).low;
      }
      return enough;
    }

    private int[] nodes(State state) {
      int[] known = nodes.get(state);
      if (known == null) {
        if (nodes.size() > MAX_STATES) {
          throw tooMany();
        }
        known = new int[] {net.state(), net.state()};
        nodes.put(state, known);
        todo.add(state);
        values.mark(known[1], ',', known[0]);
        if (ends(state)) {
          close(known[1]);
        }
      }
      return known;
    }

    private void elements(State state) {
      if (max != Formula.UNBOUNDED && state.index >= max) {
        return;
      }
      int from = nodes(state)[0];
      Formula item = item(state.index);
      if (unique == null) {
        choose(state, 0, new int[counted.size()], List.of(item), from, 0);
        return;
      }
      for (int v = 0; v < unique.size(); v++) {
        if ((state.used & 1 << v) == 0) {
          choose(state, 0, new int[counted.size()], List.of(item, unique.get(v)), from, 1 << v);
        }
      }
    }

    /** Decides for each count whether the element adds to it, then writes the element. */
    private void choose(State state, int i, int[] more, List<Formula> parts, int from, int used) {
      if (i == counted.size()) {
        Formula element = formulas.and(parts);
        if (element == formulas.none) {
          return;
        }
        List<Integer> counts = new ArrayList<>(state.counts);
        for (int c = 0; c < more.length; c++) {
          counts.set(c, counts.get(c) + more[c]);
        }
        State next = new State(Math.min(state.index + 1, horizon), counts, state.used | used);
        int rule = values.rule(element, orderOf(state.index));
        net.call(from, rule, nodes(next)[1]);
        return;
      }
      Formula count = counted.get(i);
      boolean inside =
          count.from <= state.index && (state.index < count.to || count.to == Formula.UNBOUNDED);
      int soFar = state.counts.get(i);
      boolean bounded = count.high != Formula.UNBOUNDED;
      if (!inside || !bounded) {
        more[i] = 0;
        choose(state, i + 1, more, parts, from, used);
      } else {
        more[i] = 0;
        choose(state, i + 1, more, with(parts, formulas.not(count.part())), from, used);
      }
      if (inside && soFar < (bounded ? count.high : count.low)) {
        more[i] = 1;
        choose(state, i + 1, more, with(parts, count.part()), from, used);
        more[i] = 0;
      }
    }

    private List<Formula> with(List<Formula> parts, Formula part) {
      List<Formula> more = new ArrayList<>(parts);
      more.add(part);
      return more;
    }
  }
}
