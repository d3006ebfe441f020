package dev.jllm.core.grammar.regex;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.CharSet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A nondeterministic automaton over code points (Thompson's construction). */
final class Nfa {
  private static final int MAX_STATES = 100_000;

  /** An edge: reads a code point of the set, or nothing under a condition, or nothing at all. */
  record Edge(@Nullable CharSet set, Node.@Nullable Kind condition, int to) {}

  final List<List<Edge>> edges = new ArrayList<>();
  final int start;
  final int end;
  private boolean conditions;
  private boolean wordConditions;

  /**
   * The automaton of an expression.
   *
   * @param anywhere whether the expression may match a part of the text
   */
  Nfa(Node node, boolean anywhere) {
    start = state();
    int from = start;
    if (anywhere) {
      edge(start, CharSet.ALL, null, start);
      from = state();
      edge(start, null, null, from);
    }
    end = build(node, from);
    if (anywhere) {
      edge(end, CharSet.ALL, null, end);
    }
  }

  boolean hasConditions() {
    return conditions;
  }

  boolean hasWordConditions() {
    return wordConditions;
  }

  private int state() {
    if (edges.size() == MAX_STATES) {
      throw new GrammarException(
          "The regular expression needs more than "
              + MAX_STATES
              + " states; use fewer or shorter repetitions");
    }
    edges.add(new ArrayList<>(2));
    return edges.size() - 1;
  }

  private void edge(int from, @Nullable CharSet set, Node.@Nullable Kind condition, int to) {
    edges.get(from).add(new Edge(set, condition, to));
  }

  /** Builds the node from the state on and returns the state after it. */
  private int build(Node node, int from) {
    int to;
    if (node instanceof Node.Chars chars) {
      to = state();
      edge(from, chars.set(), null, to);
    } else if (node instanceof Node.Sequence sequence) {
      to = from;
      for (Node part : sequence.parts()) {
        to = build(part, to);
      }
      if (to == from) { // so that a loop around it cannot run into what precedes it
        to = state();
        edge(from, null, null, to);
      }
    } else if (node instanceof Node.Choice choice) {
      to = state();
      for (Node option : choice.options()) {
        int begin = state();
        edge(from, null, null, begin);
        edge(build(option, begin), null, null, to);
      }
    } else if (node instanceof Node.Repeat repeat) {
      to = repeat(repeat, from);
    } else if (node instanceof Node.Assertion assertion) {
      to = state();
      conditions = true;
      wordConditions |= assertion.kind() != Node.Kind.START && assertion.kind() != Node.Kind.END;
      edge(from, null, assertion.kind(), to);
    } else {
      throw new IllegalStateException("unknown node " + node);
    }
    return to;
  }

  private int repeat(Node.Repeat repeat, int from) {
    int at = from;
    for (int i = 0; i < repeat.min(); i++) {
      at = build(repeat.body(), at);
    }
    int out = state();
    if (repeat.max() == Node.UNBOUNDED) {
      int loop = state();
      edge(at, null, null, loop);
      edge(build(repeat.body(), loop), null, null, loop);
      edge(loop, null, null, out);
      return out;
    }
    for (int i = repeat.min(); i < repeat.max(); i++) {
      edge(at, null, null, out);
      int begin = state();
      edge(at, null, null, begin);
      at = build(repeat.body(), begin);
    }
    edge(at, null, null, out);
    return out;
  }

  /** Adds the automaton to a net as a rule; only where it has no conditions. */
  int rule(RuleNetBuilder net) {
    if (conditions) {
      throw new IllegalStateException("an automaton with conditions");
    }
    int rule = net.rule("regex");
    int[] states = new int[edges.size()];
    for (int s = 0; s < states.length; s++) {
      states[s] = s == start ? net.entry(rule) : net.state();
    }
    for (int s = 0; s < states.length; s++) {
      for (Edge edge : edges.get(s)) {
        CharSet set = edge.set();
        if (set == null) {
          net.empty(states[s], states[edge.to()]);
        } else {
          net.chars(states[s], set, states[edge.to()]);
        }
      }
    }
    net.accept(states[end]);
    return rule;
  }
}
