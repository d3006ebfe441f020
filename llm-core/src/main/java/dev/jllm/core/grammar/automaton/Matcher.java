package dev.jllm.core.grammar.automaton;

import dev.jllm.api.GrammarException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Matches texts against a {@link RuleNet}, byte by byte, all alternatives at once. The sets of
 * alternatives met on the way are kept as {@link Position}s with the transitions between them, so
 * that a repeated situation costs one table look-up a byte (a pushdown automaton made deterministic
 * lazily, with the graph-structured stack of Tomita's parsing algorithm).
 *
 * <p>Memory is bounded: past {@value #MAX_POSITIONS} positions everything known is forgotten and
 * computed anew when met. Thread-safe; positions may be used after they were forgotten.
 */
public final class Matcher {
  private static final int MAX_POSITIONS = 100_000;
  private static final int MAX_STACKS = 200_000;

  /** Alternatives at one place of a text; a grammar with more is ambiguous beyond use. */
  private static final int MAX_ALTERNATIVES = 50_000;

  /** How deeply rules may be nested within one another. */
  private static final int MAX_DEPTH = 10_000;

  private final RuleNet net;
  private final Map<Key, Position> positions = new HashMap<>();
  private final Map<Stack.Key, Stack> stacks = new HashMap<>();
  private final Position dead;
  private final Position start;
  private int nextStack;

  // Scratch memory of one step.
  private final IntList states = new IntList();
  private final List<Stack> stacksOf = new ArrayList<>();
  private final LongSet seen = new LongSet();
  private final LongSet reached = new LongSet();
  private final IntList workStates = new IntList();
  private final List<Stack> workStacks = new ArrayList<>();
  private final TreeMap<Integer, Callers> pending = new TreeMap<>();
  private boolean complete;

  /** Who calls a rule at this place. */
  private static final class Callers {
    final int rule;
    final IntList returns = new IntList();
    final List<Stack> below = new ArrayList<>();
    final LongSet seen = new LongSet();

    Callers(int rule) {
      this.rule = rule;
    }
  }

  private record Key(int[] states, int[] stacks, boolean complete) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Key key
          && complete == key.complete
          && Arrays.equals(states, key.states)
          && Arrays.equals(stacks, key.stacks);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(states) + Arrays.hashCode(stacks);
    }
  }

  /** A matcher of the grammar; its caches are its own. */
  public Matcher(RuleNet net) {
    this.net = net;
    dead = new Position(new int[0], new Stack[0], false);
    Stack bottom = stack(new int[] {Stack.END}, new Stack[1]);
    workStates.add(net.entries[net.root]);
    workStacks.add(bottom);
    start = close();
  }

  /** The grammar that is matched. */
  public RuleNet net() {
    return net;
  }

  /** The place before any text. */
  public Position start() {
    return start;
  }

  /** The place after what is no beginning of any text. */
  public Position dead() {
    return dead;
  }

  /** The place after one more byte (0 to 255); a dead one where the byte cannot follow. */
  public Position step(Position from, int b) {
    if (from.states.length == 0) {
      return dead;
    }
    Position[] next = from.next;
    Position known = next == null ? null : next[net.classes[b]];
    return known != null ? known : compute(from, b);
  }

  /** Whether the whole text matches. */
  public boolean matches(byte[] utf8) {
    Position at = start;
    for (byte b : utf8) {
      at = step(at, b & 0xFF);
    }
    return at.isComplete();
  }

  /** Whether some alternative reads tokens as a whole here. */
  public boolean readsTokens(Position from) {
    if (net.hasTokens) {
      for (int state : from.states) {
        if (net.tokens[state].length > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * The place after the token: where the grammar reads this token as a whole, joined with {@code
   * byBytes}, the place after the token's bytes (dead where it has none).
   */
  public synchronized Position stepToken(Position from, int token, Position byBytes) {
    boolean any = false;
    for (int i = 0; i < from.states.length; i++) {
      int[] edges = net.tokens[from.states[i]];
      for (int e = 0; e < edges.length; e += 3) {
        if (edges[e] == 0 == (edges[e + 1] == token)) {
          reach(edges[e + 2], from.stacks[i]);
          any = true;
        }
      }
    }
    if (!any) {
      return byBytes;
    }
    complete = byBytes.complete;
    for (int i = 0; i < byBytes.states.length; i++) {
      activate(byBytes.states[i], byBytes.stacks[i]);
    }
    return close();
  }

  private synchronized Position compute(Position from, int b) {
    for (int i = 0; i < from.states.length; i++) {
      int[] edges = net.bytes[from.states[i]];
      for (int e = 0; e < edges.length; e += 3) {
        if (b >= edges[e] && b <= edges[e + 1]) {
          reach(edges[e + 2], from.stacks[i]);
        }
      }
    }
    Position to = close();
    Position[] next = from.next;
    if (next == null) {
      next = new Position[net.classCount];
      from.next = next;
    }
    next[net.classes[b]] = to;
    return to;
  }

  private static long pair(int state, Stack stack) {
    return (long) state << 32 | stack.id;
  }

  private void reach(int state, Stack stack) {
    if (reached.add(pair(state, stack))) {
      workStates.add(state);
      workStacks.add(stack);
    }
  }

  private void activate(int state, Stack stack) {
    if (seen.add(pair(state, stack))) {
      if (states.size() >= MAX_ALTERNATIVES) {
        reset();
        throw new GrammarException(
            "The grammar is too ambiguous: more than "
                + MAX_ALTERNATIVES
                + " alternatives at one place; rewrite it so that alternatives differ early");
      }
      states.add(state);
      stacksOf.add(stack);
    }
  }

  private void reset() {
    states.clear();
    stacksOf.clear();
    seen.clear();
    reached.clear();
    workStates.clear();
    workStacks.clear();
    pending.clear();
    complete = false;
  }

  /** The position of everything that was reached, with rules ended and begun as far as possible. */
  private Position close() {
    while (!workStates.isEmpty()) {
      int state = workStates.pop();
      Stack stack = workStacks.remove(workStacks.size() - 1);
      for (int at : net.active[state]) {
        activate(at, stack);
      }
      note(net.calls[state], stack);
      if (net.ends[state]) {
        for (int i = 0; i < stack.returns.length; i++) {
          if (stack.returns[i] == Stack.END) {
            complete = true;
          } else {
            reach(stack.returns[i], stack.below[i]);
          }
        }
      }
    }
    // Rules in the order of their ranks: when one begins, all its callers at this place are known.
    while (!pending.isEmpty()) {
      Callers callers = pending.remove(pending.firstKey());
      Stack stack = stackOf(callers);
      if (stack.depth <= MAX_DEPTH) {
        int entry = net.entries[callers.rule];
        for (int at : net.active[entry]) {
          activate(at, stack);
        }
        note(net.calls[entry], stack);
      }
    }
    Position position = position();
    reset();
    return position;
  }

  private void note(int[] calls, Stack stack) {
    for (int i = 0; i < calls.length; i += 2) {
      int rule = calls[i];
      Callers callers = pending.computeIfAbsent(net.ranks[rule], rank -> new Callers(rule));
      int after = calls[i + 1];
      // A call at the end of a rule needs no return into that rule.
      if (net.ends[after] && net.active[after].length == 0 && net.calls[after].length == 0) {
        for (int j = 0; j < stack.returns.length; j++) {
          add(callers, stack.returns[j], stack.below[j]);
        }
      } else {
        add(callers, after, stack);
      }
    }
  }

  private static void add(Callers callers, int state, @Nullable Stack below) {
    int id = below == null ? 0 : below.id + 1;
    if (callers.seen.add((long) (state + 1) << 32 | id)) {
      callers.returns.add(state);
      callers.below.add(below);
    }
  }

  private Stack stackOf(Callers callers) {
    int n = callers.returns.size();
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) ->
            callers.returns.get(a) != callers.returns.get(b)
                ? Integer.compare(callers.returns.get(a), callers.returns.get(b))
                : Integer.compare(id(callers.below.get(a)), id(callers.below.get(b))));
    int[] returns = new int[n];
    Stack[] below = new Stack[n];
    for (int i = 0; i < n; i++) {
      returns[i] = callers.returns.get(order[i]);
      below[i] = callers.below.get(order[i]);
    }
    return stack(returns, below);
  }

  private static int id(@Nullable Stack stack) {
    return stack == null ? -1 : stack.id;
  }

  private Stack stack(int[] returns, Stack[] below) {
    int[] ids = new int[below.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = id(below[i]);
    }
    if (stacks.size() > MAX_STACKS) {
      stacks.clear();
    }
    return stacks.computeIfAbsent(
        new Stack.Key(returns, ids), key -> new Stack(returns, below, nextStack++));
  }

  private Position position() {
    int n = states.size();
    if (n == 0 && !complete) {
      return dead;
    }
    long[] order = new long[n];
    Map<Integer, Stack> byId = new HashMap<>();
    for (int i = 0; i < n; i++) {
      order[i] = pair(states.get(i), stacksOf.get(i));
      byId.put(stacksOf.get(i).id, stacksOf.get(i));
    }
    Arrays.sort(order);
    int[] sorted = new int[n];
    int[] ids = new int[n];
    Stack[] stacks = new Stack[n];
    for (int i = 0; i < n; i++) {
      sorted[i] = (int) (order[i] >>> 32);
      ids[i] = (int) order[i];
      stacks[i] = byId.get(ids[i]);
    }
    Key key = new Key(sorted, ids, complete);
    Position known = positions.get(key);
    if (known != null) {
      return known;
    }
    if (positions.size() >= MAX_POSITIONS) {
      forget();
    }
    Position position = new Position(sorted, stacks, complete);
    positions.put(key, position);
    return position;
  }

  /** Cuts the links between all known positions, so that those nobody holds can be collected. */
  private void forget() {
    for (Position position : positions.values()) {
      position.next = null;
    }
    positions.clear();
  }
}
