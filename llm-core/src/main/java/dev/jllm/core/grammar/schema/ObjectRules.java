package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.grammar.regex.DfaExplorer;
import dev.jllm.core.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object as a small automaton: first the properties in the schema's order, each
 * at most once, then named ones without an order (those that only {@code required} or {@code const}
 * name) and any others. A state knows how far the order has come, which of the unordered ones are
 * there, which demands on some member are met, and how many members there are, as far as each
 * matters.
 */
final class ObjectRules {
  private static final int MAX_STATES = 20_000;

  /** More names than this are put in order, as the states would double with each. */
  private static final int MAX_UNORDERED = 8;

  private static final int MAX_DEMANDS = 6;

  private final ValueRules values;

  ObjectRules(ValueRules values) {
    this.values = values;
  }

  /** Writes objects of which all leaves hold, between two states of a rule. */
  void write(Set<Formula> clause, @Nullable Location at, int from, int to) {
    new Writer(clause, at, to).write(from);
  }

  private record State(int next, int present, int met, int count) {}

  /** A name with what its value must satisfy. */
  private record Named(String name, Formula value, boolean required, @Nullable Location order) {}

  /**
   * Names that are treated alike, with what their values must satisfy and the demands they can
   * meet.
   */
  private record Others(Dfa names, Formula value, int demands) {}

  private final class Writer {
    private final RuleNetBuilder net = values.net;
    private final Formulas formulas = values.formulas;
    private final Meaning meaning = values.meaning;
    private final Set<Formula> clause;
    private final int to;
    private final List<Named> ordered = new ArrayList<>();
    private final List<Named> unordered = new ArrayList<>();
    private final List<Others> others = new ArrayList<>();

    /** Demands that some member with one of many names is there. */
    private final List<Formula> demands = new ArrayList<>();

    private final int min;
    private final int max;
    private final int counted;
    private final Map<State, int[]> nodes = new HashMap<>();
    private final List<State> todo = new ArrayList<>();

    Writer(Set<Formula> clause, @Nullable Location at, int to) {
      this.clause = clause;
      this.to = to;
      min = Meaning.low(clause, Formula.Kind.MEMBERS);
      max = Meaning.high(clause, Formula.Kind.MEMBERS);
      counted = max == Formula.UNBOUNDED ? min : max;
      if (counted > MAX_STATES) {
        throw tooMany();
      }
      for (Formula leaf : clause) {
        if (leaf.kind == Formula.Kind.MEMBERS_SOME && meaning.single(leaf.dfa()) == null) {
          demands.add(leaf);
        }
      }
      if (demands.size() > MAX_DEMANDS) {
        throw tooMany();
      }
      name(values.order.of(at).properties());
      regions();
      boolean counts = min > 0 || !demands.isEmpty();
      if (counts && !others.isEmpty()) {
        values.needDistinctNames();
      }
    }

    private GrammarException tooMany() {
      return new GrammarException(
          "#: an object needs more than "
              + MAX_STATES
              + " states; use smaller bounds or fewer conditions on its properties");
    }

    /** Finds the names that are told apart. */
    private void name(Map<String, Location> order) {
      Set<String> loose = new LinkedHashSet<>();
      Set<String> required = new LinkedHashSet<>();
      for (Formula leaf : clause) {
        if (leaf.kind == Formula.Kind.MEMBERS_ALL || leaf.kind == Formula.Kind.MEMBERS_SOME) {
          List<String> few = meaning.few(leaf.dfa());
          loose.addAll(few.isEmpty() ? meaning.few(leaf.dfa().complement()) : few);
          String only = leaf.kind == Formula.Kind.MEMBERS_SOME ? meaning.single(leaf.dfa()) : null;
          if (only != null) {
            required.add(only);
          }
        }
      }
      order.forEach(
          (name, schema) ->
              ordered.add(
                  new Named(name, meaning.member(clause, name), required.contains(name), schema)));
      loose.removeAll(order.keySet());
      for (String name : loose) {
        Formula value = meaning.member(clause, name);
        if (value != formulas.none || required.contains(name)) {
          unordered.add(new Named(name, value, required.contains(name), null));
        }
      }
      if (unordered.size() > MAX_UNORDERED) {
        ordered.addAll(unordered);
        unordered.clear();
      }
    }

    /** Divides all other names by the leaves that speak of them. */
    private void regions() {
      List<String> named = new ArrayList<>();
      ordered.forEach(n -> named.add(n.name));
      unordered.forEach(n -> named.add(n.name));
      for (Formula leaf : clause) { // names that must be absent
        if (leaf.kind == Formula.Kind.MEMBERS_ALL && leaf.part() == formulas.none) {
          named.addAll(meaning.few(leaf.dfa()));
        }
      }
      others.add(new Others(DfaExplorer.texts(named).complement(), formulas.all, 0));
      for (Formula leaf : clause) {
        if (leaf.kind == Formula.Kind.MEMBERS_ALL) {
          split(leaf.dfa(), leaf.part(), 0);
        }
      }
      for (int d = 0; d < demands.size(); d++) {
        split(demands.get(d).dfa(), formulas.all, 1 << d);
      }
    }

    private void split(Dfa names, Formula part, int demand) {
      List<Others> before = new ArrayList<>(others);
      others.clear();
      for (Others region : before) {
        Dfa inside = region.names.intersect(names);
        Dfa outside = region.names.minus(names);
        Formula value = formulas.and(List.of(region.value, part));
        if (!inside.isEmpty() && value != formulas.none) {
          others.add(new Others(inside, value, region.demands | demand));
        }
        if (!outside.isEmpty()) {
          others.add(new Others(outside, region.value, region.demands));
        }
      }
      if (others.size() > 500) {
        throw tooMany();
      }
    }

    void write(int from) {
      State start = new State(0, 0, 0, 0);
      int open = net.state();
      net.bytes(from, '{', '{', open);
      values.space(open, nodes(start)[0]);
      if (ends(start)) {
        close(open);
      }
      while (!todo.isEmpty()) {
        members(todo.remove(todo.size() - 1));
      }
    }

    private void close(int from) {
      int before = net.state();
      values.space(from, before);
      net.bytes(before, '}', '}', to);
    }

    private boolean ends(State state) {
      for (int i = state.next; i < ordered.size(); i++) {
        if (ordered.get(i).required) {
          return false;
        }
      }
      for (int i = 0; i < unordered.size(); i++) {
        if (unordered.get(i).required && (state.present & 1 << i) == 0) {
          return false;
        }
      }
      return state.met == (1 << demands.size()) - 1 && state.count >= min;
    }

    /** Where the next member begins, and where the last one has ended. */
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

    private void members(State state) {
      if (max != Formula.UNBOUNDED && state.count >= max) {
        return;
      }
      int from = nodes(state)[0];
      int count = Math.min(state.count + 1, counted);
      if (state.next < ordered.size()) {
        Named named = ordered.get(state.next);
        member(named, from, state, state.next + 1, state.present, count);
        if (!named.required) {
          State skipped = new State(state.next + 1, state.present, state.met, state.count);
          net.empty(from, nodes(skipped)[0]);
        }
        return;
      }
      for (int i = 0; i < unordered.size(); i++) {
        if ((state.present & 1 << i) == 0) {
          member(unordered.get(i), from, state, state.next, state.present | 1 << i, count);
        }
      }
      for (Others region : others) {
        int colon = net.state();
        net.call(from, values.string(region.names), colon);
        int value = net.state();
        values.mark(colon, ':', value);
        value(value, region.value, null, region.demands, state, state.next, state.present, count);
      }
    }

    private void member(Named named, int from, State state, int next, int present, int count) {
      if (named.value == formulas.none) {
        return;
      }
      int possible = 0;
      for (int d = 0; d < demands.size(); d++) {
        possible |= demands.get(d).dfa().contains(named.name) ? 1 << d : 0;
      }
      int value = net.state();
      values.mark(net.text(from, Json.quote(named.name)), ':', value);
      value(value, named.value, named.order, possible, state, next, present, count);
    }

    /** A value that meets any of the possible demands that were not met before. */
    private void value(
        int from,
        Formula value,
        @Nullable Location order,
        int possible,
        State state,
        int next,
        int present,
        int count) {
      int open = possible & ~state.met;
      for (int meets = open; ; meets = meets - 1 & open) {
        List<Formula> parts = new ArrayList<>();
        parts.add(value);
        for (int d = 0; d < demands.size(); d++) {
          if ((meets & 1 << d) != 0) {
            parts.add(demands.get(d).part());
          }
        }
        Formula all = formulas.and(parts);
        if (all != formulas.none) {
          State after = new State(next, present, state.met | meets, count);
          net.call(from, values.rule(all, order), nodes(after)[1]);
        }
        if (meets == 0) {
          return;
        }
      }
    }
  }
}
