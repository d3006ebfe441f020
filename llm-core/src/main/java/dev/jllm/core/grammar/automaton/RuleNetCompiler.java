package dev.jllm.core.grammar.automaton;

import dev.jllm.api.GrammarException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Checks the rules, cuts away what leads nowhere, and does the empty transitions once and for all.
 */
final class RuleNetCompiler {
  private static final int MAX_CLOSURE = 8_000_000;
  private static final int[] NONE = {};

  private final RuleNetBuilder net;
  private final int root;
  private final int states;
  private final int rules;
  private final int[] edges;

  /** Edges by the state they leave (outOrder from outStart) and by the state they enter. */
  private final int[] outStart;

  private final int[] outOrder;
  private final int[] inStart;
  private final int[] inOrder;

  private int closureSize;

  RuleNetCompiler(RuleNetBuilder net, int root) {
    this.net = net;
    this.root = root;
    states = net.states;
    rules = net.rules();
    edges = net.edges.toArray();
    outStart = new int[states + 1];
    outOrder = group(0, outStart);
    inStart = new int[states + 1];
    inOrder = group(4, inStart);
  }

  /** Counting sort of the edges by one of their fields. */
  private int[] group(int field, int[] start) {
    int n = edges.length / 5;
    for (int e = 0; e < n; e++) {
      start[edges[5 * e + field] + 1]++;
    }
    for (int s = 0; s < states; s++) {
      start[s + 1] += start[s];
    }
    int[] next = Arrays.copyOf(start, states);
    int[] order = new int[n];
    for (int e = 0; e < n; e++) {
      order[next[edges[5 * e + field]]++] = 5 * e;
    }
    return order;
  }

  RuleNet compile() {
    BitSet nullable = reachingTheEnd(true);
    int[] ranks = ranks(nullable);
    BitSet productive = reachingTheEnd(false);
    int[][] bytes = new int[states][];
    int[][] tokens = new int[states][];
    int[][] active = new int[states][];
    int[][] calls = new int[states][];
    boolean[] ends = new boolean[states];
    for (int i = 0; i < net.finals.size(); i++) {
      ends[net.finals.get(i)] = true;
    }
    boolean[] endsHere = ends.clone();
    Closure closure = new Closure(nullable, productive, endsHere);
    BitSet seen = new BitSet();
    IntList work = new IntList();
    int entry = net.entry(root);
    seen.set(entry);
    work.add(entry);
    while (!work.isEmpty()) {
      int state = work.pop();
      closure.of(state);
      active[state] = closure.active.toArray();
      calls[state] = closure.calls.toArray();
      ends[state] = closure.ends;
      closureSize += active[state].length + calls[state].length;
      if (closureSize > MAX_CLOSURE) {
        throw new GrammarException(
            "The grammar is too large: too many optional parts follow one another");
      }
      for (int at : active[state]) {
        if (bytes[at] == null) {
          bytes[at] = moves(at, productive, true);
          tokens[at] = moves(at, productive, false);
        }
        visit(bytes[at], seen, work);
        visit(tokens[at], seen, work);
      }
      for (int i = 0; i < calls[state].length; i += 2) {
        push(net.entry(calls[state][i]), seen, work);
        push(calls[state][i + 1], seen, work);
      }
    }
    return new RuleNet(bytes, tokens, active, calls, ends, net.entries.toArray(), ranks, root);
  }

  private static void visit(int[] moves, BitSet seen, IntList work) {
    for (int i = 2; i < moves.length; i += 3) {
      push(moves[i], seen, work);
    }
  }

  private static void push(int state, BitSet seen, IntList work) {
    if (!seen.get(state)) {
      seen.set(state);
      work.add(state);
    }
  }

  private int[] moves(int state, BitSet productive, boolean bytes) {
    IntList out = new IntList();
    for (int i = outStart[state]; i < outStart[state + 1]; i++) {
      int e = outOrder[i];
      int kind = edges[e + 1];
      if (!productive.get(edges[e + 4])) {
        continue;
      }
      if (bytes && kind == RuleNetBuilder.BYTES) {
        out.add(edges[e + 2]);
        out.add(edges[e + 3]);
        out.add(edges[e + 4]);
      } else if (!bytes && kind >= RuleNetBuilder.TOKEN) {
        out.add(kind == RuleNetBuilder.TOKEN ? 0 : 1);
        out.add(edges[e + 2]);
        out.add(edges[e + 4]);
      }
    }
    return out.isEmpty() ? NONE : out.toArray();
  }

  /**
   * The states from which the end of their rule can be reached: by reading nothing (empty), or by
   * reading anything.
   */
  private BitSet reachingTheEnd(boolean empty) {
    BitSet good = new BitSet(states);
    BitSet goodRules = new BitSet(rules);
    int[] ruleOfEntry = new int[states];
    Arrays.fill(ruleOfEntry, -1);
    for (int r = 0; r < rules; r++) {
      ruleOfEntry[net.entry(r)] = r;
    }
    int[] callStart = new int[rules + 1];
    int[] callOrder = calls(callStart);
    IntList work = new IntList();
    for (int i = 0; i < net.finals.size(); i++) {
      push(net.finals.get(i), good, work);
    }
    while (!work.isEmpty()) {
      int state = work.pop();
      for (int i = inStart[state]; i < inStart[state + 1]; i++) {
        int e = inOrder[i];
        int kind = edges[e + 1];
        boolean passes =
            switch (kind) {
              case RuleNetBuilder.EMPTY -> true;
              case RuleNetBuilder.CALL -> goodRules.get(edges[e + 2]);
              default -> !empty;
            };
        if (passes) {
          push(edges[e], good, work);
        }
      }
      int rule = ruleOfEntry[state];
      if (rule >= 0 && !goodRules.get(rule)) {
        goodRules.set(rule);
        for (int i = callStart[rule]; i < callStart[rule + 1]; i++) {
          int e = callOrder[i];
          if (good.get(edges[e + 4])) {
            push(edges[e], good, work);
          }
        }
      }
    }
    return good;
  }

  /** Call edges by the rule they call. */
  private int[] calls(int[] start) {
    int n = 0;
    for (int e = 0; e < edges.length; e += 5) {
      if (edges[e + 1] == RuleNetBuilder.CALL) {
        start[edges[e + 2] + 1]++;
        n++;
      }
    }
    for (int r = 0; r < rules; r++) {
      start[r + 1] += start[r];
    }
    int[] next = Arrays.copyOf(start, rules);
    int[] order = new int[n];
    for (int e = 0; e < edges.length; e += 5) {
      if (edges[e + 1] == RuleNetBuilder.CALL) {
        order[next[edges[e + 2]]++] = e;
      }
    }
    return order;
  }

  /** Numbers the rules so that each begins only with rules of higher numbers. */
  private int[] ranks(BitSet nullable) {
    int[][] beginsWith = new int[rules][];
    for (int r = 0; r < rules; r++) {
      beginsWith[r] = beginsWith(r, nullable);
    }
    int[] ranks = new int[rules];
    byte[] color = new byte[rules];
    int next = rules;
    IntList path = new IntList();
    int[] at = new int[rules];
    for (int start = 0; start < rules; start++) {
      if (color[start] == 0) {
        path.add(start);
        color[start] = 1;
      }
      while (!path.isEmpty()) {
        int r = path.get(path.size() - 1);
        if (at[r] == beginsWith[r].length) {
          path.pop();
          color[r] = 2;
          ranks[r] = --next;
          continue;
        }
        int callee = beginsWith[r][at[r]++];
        if (color[callee] == 1) {
          throw new GrammarException(
              "Left recursion: rule '"
                  + net.names.get(callee)
                  + "' can begin with itself; write a repetition (x*) or put the recursion last");
        }
        if (color[callee] == 0) {
          color[callee] = 1;
          path.add(callee);
        }
      }
    }
    return ranks;
  }

  private int[] beginsWith(int rule, BitSet nullable) {
    BitSet seen = new BitSet();
    IntList work = new IntList();
    BitSet found = new BitSet();
    push(net.entry(rule), seen, work);
    while (!work.isEmpty()) {
      int state = work.pop();
      for (int i = outStart[state]; i < outStart[state + 1]; i++) {
        int e = outOrder[i];
        int kind = edges[e + 1];
        if (kind == RuleNetBuilder.CALL) {
          found.set(edges[e + 2]);
        }
        if (kind == RuleNetBuilder.EMPTY
            || kind == RuleNetBuilder.CALL && nullable.get(net.entry(edges[e + 2]))) {
          push(edges[e + 4], seen, work);
        }
      }
    }
    return found.stream().toArray();
  }

  /** Everything that can be reached from a state without reading. */
  private final class Closure {
    private final BitSet nullable;
    private final BitSet productive;
    private final boolean[] endsHere;
    private final BitSet seen = new BitSet();
    private final IntList work = new IntList();
    private final IntList visited = new IntList();
    final IntList active = new IntList();
    final IntList calls = new IntList();
    boolean ends;

    Closure(BitSet nullable, BitSet productive, boolean[] endsHere) {
      this.nullable = nullable;
      this.productive = productive;
      this.endsHere = endsHere;
    }

    void of(int start) {
      active.clear();
      calls.clear();
      ends = false;
      enter(start);
      while (!work.isEmpty()) {
        int state = work.pop();
        ends |= endsHere[state];
        boolean reads = false;
        for (int i = outStart[state]; i < outStart[state + 1]; i++) {
          int e = outOrder[i];
          int to = edges[e + 4];
          if (!productive.get(to)) {
            continue;
          }
          switch (edges[e + 1]) {
            case RuleNetBuilder.EMPTY -> enter(to);
            case RuleNetBuilder.CALL -> {
              int entry = net.entry(edges[e + 2]);
              if (productive.get(entry)) {
                calls.add(edges[e + 2]);
                calls.add(to);
              }
              if (nullable.get(entry)) {
                enter(to);
              }
            }
            default -> reads = true;
          }
        }
        if (reads) {
          active.add(state);
        }
      }
      for (int i = 0; i < visited.size(); i++) {
        seen.clear(visited.get(i));
      }
      visited.clear();
    }

    private void enter(int state) {
      if (!seen.get(state)) {
        seen.set(state);
        visited.add(state);
        work.add(state);
      }
    }
  }
}
