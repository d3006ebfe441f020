package dev.jllm.core.grammar.regex;

import dev.jllm.core.grammar.automaton.CharSet;
import dev.jllm.core.grammar.automaton.IntList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Makes an {@link Nfa} deterministic by the subset construction. Conditions are decided by what is
 * read before and after a place: a state remembers whether it is the first and whether a word
 * character came before; edges with conditions are followed for each kind of what comes next.
 */
final class Subsets {
  private static final int WORD = 0;
  private static final int OTHER = 1;
  private static final int END = 2;

  /** Total size of all subsets, a bound on the work. */
  private static final int MAX_WORK = 3_000_000;

  private record Key(BitSet states, boolean first, boolean afterWord) {}

  private final Nfa nfa;
  private final Map<Key, Integer> numbers = new HashMap<>();
  private final List<Key> keys = new ArrayList<>();
  private final int maxStates;
  private int work;

  private Subsets(Nfa nfa, int maxStates) {
    this.nfa = nfa;
    this.maxStates = maxStates;
  }

  /** The deterministic automaton; refused where it has more than {@code maxStates} states. */
  static Dfa determinise(Nfa nfa, int maxStates) {
    return new Subsets(nfa, maxStates).run();
  }

  private Dfa run() {
    BitSet start = new BitSet();
    start.set(nfa.start);
    number(new Key(start, true, false));
    List<int[]> segments = new ArrayList<>();
    List<Boolean> ends = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Key key = keys.get(i);
      ends.add(closure(key, END).get(nfa.end));
      segments.add(row(key));
    }
    return Dfa.of(segments, ends);
  }

  private int number(Key key) {
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    work += key.states.cardinality();
    if (keys.size() >= maxStates || work > MAX_WORK) {
      throw Dfa.tooLarge();
    }
    numbers.put(key, keys.size());
    keys.add(key);
    return keys.size() - 1;
  }

  private int[] row(Key key) {
    BitSet beforeWord = closure(key, WORD);
    BitSet beforeOther = nfa.hasWordConditions() ? closure(key, OTHER) : beforeWord;
    TreeSet<Integer> starts = new TreeSet<>();
    starts.add(0);
    List<Nfa.Edge> word = edges(beforeWord, starts);
    List<Nfa.Edge> other = beforeOther == beforeWord ? word : edges(beforeOther, starts);
    if (nfa.hasWordConditions()) {
      bounds(CharClasses.WORD, starts);
    }
    IntList out = new IntList();
    Map<BitSet, Integer> wordTargets = new HashMap<>();
    Map<BitSet, Integer> otherTargets = new HashMap<>();
    int last = -2;
    for (int first : starts) {
      boolean isWord = nfa.hasWordConditions() && CharClasses.WORD.contains(first);
      BitSet target = new BitSet();
      for (Nfa.Edge edge : isWord ? word : other) {
        CharSet set = edge.set();
        if (set != null && set.contains(first)) {
          target.set(edge.to());
        }
      }
      int to =
          target.isEmpty()
              ? -1
              : (isWord ? wordTargets : otherTargets)
                  .computeIfAbsent(target, t -> number(new Key(t, false, isWord)));
      if (to != last) {
        out.add(first);
        out.add(to);
        last = to;
      }
    }
    return out.toArray();
  }

  private List<Nfa.Edge> edges(BitSet states, TreeSet<Integer> starts) {
    List<Nfa.Edge> found = new ArrayList<>();
    for (int s = states.nextSetBit(0); s >= 0; s = states.nextSetBit(s + 1)) {
      for (Nfa.Edge edge : nfa.edges.get(s)) {
        CharSet set = edge.set();
        if (set != null) {
          found.add(edge);
          bounds(set, starts);
        }
      }
    }
    return found;
  }

  private static void bounds(CharSet set, TreeSet<Integer> starts) {
    for (int i = 0; i < set.ranges(); i++) {
      starts.add(set.first(i));
      if (set.last(i) < CharSet.MAX) {
        starts.add(set.last(i) + 1);
      }
    }
  }

  /** The states reached without reading, if what comes next is of this kind. */
  private BitSet closure(Key key, int next) {
    BitSet reached = (BitSet) key.states.clone();
    IntList todo = new IntList();
    for (int s = reached.nextSetBit(0); s >= 0; s = reached.nextSetBit(s + 1)) {
      todo.add(s);
    }
    while (!todo.isEmpty()) {
      for (Nfa.Edge edge : nfa.edges.get(todo.pop())) {
        if (edge.set() == null && holds(edge, key, next) && !reached.get(edge.to())) {
          reached.set(edge.to());
          todo.add(edge.to());
        }
      }
    }
    work += reached.cardinality();
    return reached;
  }

  private static boolean holds(Nfa.Edge edge, Key key, int next) {
    Node.Kind condition = edge.condition();
    if (condition == null) {
      return true;
    }
    boolean boundary = key.afterWord != (next == WORD);
    return switch (condition) {
      case START -> key.first;
      case END -> next == END;
      case WORD_BOUNDARY -> boundary;
      case NO_WORD_BOUNDARY -> !boundary;
    };
  }
}
