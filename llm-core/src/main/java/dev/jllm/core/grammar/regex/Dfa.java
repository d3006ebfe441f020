package dev.jllm.core.grammar.regex;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.CharSet;
import dev.jllm.core.grammar.automaton.IntList;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable deterministic automaton over code points: a set of texts with the operations of
 * sets. State 0 is the first; states are numbered in the order in which they are reached, and none
 * is there that leads nowhere, so that small automata for equal sets are equal.
 */
public final class Dfa {
  /** The bound on states, of intermediate results too. */
  public static final int MAX_STATES = 30_000;

  private static final int MINIMISED = 600;

  /** No text. */
  public static final Dfa NONE = new Dfa(new int[][] {{0, -1}}, new boolean[] {false});

  /** Every text. */
  public static final Dfa ALL = new Dfa(new int[][] {{0, 0}}, new boolean[] {true});

  /**
   * For a state: the first code point of a segment and the next state (-1 for none), two ints a
   * segment; the first begins at 0, each ends before the next.
   */
  private final int[][] segments;

  private final boolean[] ends;

  private Dfa(int[][] segments, boolean[] ends) {
    this.segments = segments;
    this.ends = ends;
  }

  /** The automaton with these tables, reduced. */
  static Dfa of(List<int[]> segments, List<Boolean> ends) {
    boolean[] accepting = new boolean[ends.size()];
    for (int i = 0; i < accepting.length; i++) {
      accepting[i] = ends.get(i);
    }
    return new Dfa(segments.toArray(new int[0][]), accepting).reduced();
  }

  /** Exactly the one text. */
  public static Dfa text(String text) {
    int[] codePoints = text.codePoints().toArray();
    List<int[]> segments = new ArrayList<>();
    List<Boolean> ends = new ArrayList<>();
    for (int i = 0; i < codePoints.length; i++) {
      segments.add(segments(CharSet.of(codePoints[i]), i + 1));
      ends.add(false);
    }
    segments.add(new int[] {0, -1});
    ends.add(true);
    return of(segments, ends);
  }

  /** Texts of so many code points; {@code max} -1 for no bound. */
  public static Dfa length(int min, int max) {
    int states = (max < 0 ? min : max) + 1;
    if (states > MAX_STATES) {
      throw tooLarge();
    }
    List<int[]> segments = new ArrayList<>();
    List<Boolean> ends = new ArrayList<>();
    for (int i = 0; i < states; i++) {
      segments.add(new int[] {0, i + 1 < states ? i + 1 : max < 0 ? i : -1});
      ends.add(i >= min);
    }
    return of(segments, ends);
  }

  private static int[] segments(CharSet set, int to) {
    IntList out = new IntList();
    int next = 0;
    for (int i = 0; i < set.ranges(); i++) {
      if (set.first(i) > next) {
        out.add(next);
        out.add(-1);
      }
      out.add(set.first(i));
      out.add(to);
      next = set.last(i) + 1;
    }
    if (next <= CharSet.MAX) {
      out.add(next);
      out.add(-1);
    }
    return out.toArray();
  }

  static GrammarException tooLarge() {
    return new GrammarException(
        "An automaton of more than "
            + MAX_STATES
            + " states would be needed; use shorter repetitions or simpler patterns");
  }

  public boolean isEmpty() {
    return !ends[0] && segments[0].length == 2 && segments[0][1] < 0;
  }

  /** Whether every text is in the set. */
  public boolean isAll() {
    return equals(ALL);
  }

  /** The number of states. */
  public int states() {
    return ends.length;
  }

  /** A new rule for the texts of the set. */
  public int rule(RuleNetBuilder net, String name) {
    int rule = net.rule(name);
    int[] states = new int[states()];
    for (int s = 0; s < states.length; s++) {
      states[s] = s == 0 ? net.entry(rule) : net.state();
    }
    for (int s = 0; s < states.length; s++) {
      for (int i = 0; i < segments(s); i++) {
        if (next(s, i) >= 0) {
          net.chars(states[s], CharSet.range(first(s, i), last(s, i)), states[next(s, i)]);
        }
      }
      if (ends(s)) {
        net.accept(states[s]);
      }
    }
    return rule;
  }

  /** Whether the text read in this state is in the set. */
  public boolean ends(int state) {
    return ends[state];
  }

  /** The number of segments of the state. */
  public int segments(int state) {
    return segments[state].length / 2;
  }

  /** The first code point of the segment. */
  public int first(int state, int segment) {
    return segments[state][2 * segment];
  }

  /** The last code point of the segment. */
  public int last(int state, int segment) {
    int[] s = segments[state];
    return 2 * segment + 2 < s.length ? s[2 * segment + 2] - 1 : CharSet.MAX;
  }

  /** The state after a code point of the segment, -1 where none can follow. */
  public int next(int state, int segment) {
    return segments[state][2 * segment + 1];
  }

  /** The state after the code point, -1 for none. */
  public int step(int state, int codePoint) {
    int[] s = segments[state];
    int low = 0;
    int high = s.length / 2 - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (s[2 * middle] <= codePoint) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return s[2 * low + 1];
  }

  /** Whether the text is in the set. */
  public boolean contains(String text) {
    int state = 0;
    for (int i = 0; i < text.length() && state >= 0; ) {
      int c = text.codePointAt(i);
      state = step(state, c);
      i += Character.charCount(c);
    }
    return state >= 0 && ends[state];
  }

  /** All texts not in the set. */
  public Dfa complement() {
    int n = ends.length;
    int[][] all = new int[n + 1][];
    boolean[] accepting = new boolean[n + 1];
    for (int s = 0; s < n; s++) {
      all[s] = segments[s].clone();
      for (int i = 1; i < all[s].length; i += 2) {
        if (all[s][i] < 0) {
          all[s][i] = n;
        }
      }
      accepting[s] = !ends[s];
    }
    all[n] = new int[] {0, n};
    accepting[n] = true;
    return new Dfa(all, accepting).reduced();
  }

  /** Texts in both sets. */
  public Dfa intersect(Dfa other) {
    if (isAll() || other.isEmpty() || equals(other)) {
      return other;
    }
    if (other.isAll() || isEmpty()) {
      return this;
    }
    Map<Long, Integer> numbers = new HashMap<>();
    List<long[]> pairs = new ArrayList<>();
    List<int[]> out = new ArrayList<>();
    List<Boolean> accepting = new ArrayList<>();
    numbers.put(0L, 0);
    pairs.add(new long[] {0, 0});
    for (int p = 0; p < pairs.size(); p++) {
      int a = (int) pairs.get(p)[0];
      int b = (int) pairs.get(p)[1];
      int[] x = segments[a];
      int[] y = other.segments[b];
      IntList row = new IntList();
      for (int i = 0, j = 0; ; ) {
        int first = Math.max(x[i], y[j]);
        int to = -1;
        if (x[i + 1] >= 0 && y[j + 1] >= 0) {
          long key = (long) x[i + 1] << 32 | y[j + 1];
          Integer known = numbers.get(key);
          if (known == null) {
            known = pairs.size();
            if (known >= MAX_STATES) {
              throw tooLarge();
            }
            numbers.put(key, known);
            pairs.add(new long[] {x[i + 1], y[j + 1]});
          }
          to = known;
        }
        row.add(first);
        row.add(to);
        int nextX = i + 2 < x.length ? x[i + 2] : CharSet.MAX + 1;
        int nextY = j + 2 < y.length ? y[j + 2] : CharSet.MAX + 1;
        if (nextX > CharSet.MAX && nextY > CharSet.MAX) {
          break;
        }
        i += nextX <= nextY ? 2 : 0;
        j += nextY <= nextX ? 2 : 0;
      }
      out.add(row.toArray());
      accepting.add(ends[a] && other.ends[b]);
    }
    return of(out, accepting);
  }

  /** Texts in either set. */
  public Dfa union(Dfa other) {
    if (isEmpty() || other.isAll() || equals(other)) {
      return other;
    }
    if (other.isEmpty() || isAll()) {
      return this;
    }
    return complement().intersect(other.complement()).complement();
  }

  /** Texts in this set but not in the other. */
  public Dfa minus(Dfa other) {
    return other.isEmpty() ? this : intersect(other.complement());
  }

  /** The texts of the set, shortest first by depth; null where there are more than {@code max}. */
  public @Nullable List<String> texts(int max) {
    List<String> found = new ArrayList<>();
    return collect(0, new StringBuilder(), max, found, 0) ? found : null;
  }

  private boolean collect(int state, StringBuilder text, int max, List<String> found, int depth) {
    if (depth > Math.min(ends.length, 500)) { // longer than there are states: a loop
      return false;
    }
    if (ends[state]) {
      found.add(text.toString());
    }
    int length = text.length();
    for (int i = 0; i < segments(state); i++) {
      if (next(state, i) >= 0) {
        if (last(state, i) - first(state, i) >= max) {
          return false;
        }
        for (int c = first(state, i); c <= last(state, i); c++) {
          text.appendCodePoint(c);
          boolean few = collect(next(state, i), text, max, found, depth + 1);
          text.setLength(length);
          if (!few || found.size() > max) {
            return false;
          }
        }
      }
    }
    return found.size() <= max;
  }

  /** The same set without states that lead nowhere, merged and numbered as they are reached. */
  private Dfa reduced() {
    boolean[] useful = useful();
    if (!useful[0]) {
      return NONE;
    }
    int n = ends.length;
    int[] merged = n <= MINIMISED ? merge(useful) : null;
    int[] number = new int[n];
    Arrays.fill(number, -1);
    IntList order = new IntList();
    List<int[]> out = new ArrayList<>();
    List<Boolean> accepting = new ArrayList<>();
    int first = merged == null ? 0 : merged[0];
    number[first] = 0;
    order.add(first);
    for (int i = 0; i < order.size(); i++) {
      int s = order.get(i);
      IntList row = new IntList();
      int last = -2;
      for (int j = 0; j < segments[s].length; j += 2) {
        int to = segments[s][j + 1];
        if (to >= 0 && !useful[to]) {
          to = -1;
        }
        if (to >= 0) {
          to = merged == null ? to : merged[to];
          if (number[to] < 0) {
            number[to] = order.size();
            order.add(to);
          }
          to = number[to];
        }
        if (to != last) {
          row.add(segments[s][j]);
          row.add(to);
          last = to;
        }
      }
      out.add(row.toArray());
      accepting.add(ends[s]);
    }
    boolean[] acceptingArray = new boolean[accepting.size()];
    for (int i = 0; i < acceptingArray.length; i++) {
      acceptingArray[i] = accepting.get(i);
    }
    return new Dfa(out.toArray(new int[0][]), acceptingArray);
  }

  /** The states from which an end can be reached. */
  private boolean[] useful() {
    int n = ends.length;
    int[] count = new int[n + 1];
    for (int[] row : segments) {
      for (int j = 1; j < row.length; j += 2) {
        if (row[j] >= 0) {
          count[row[j] + 1]++;
        }
      }
    }
    for (int s = 0; s < n; s++) {
      count[s + 1] += count[s];
    }
    int[] into = new int[count[n]];
    int[] at = Arrays.copyOf(count, n);
    for (int s = 0; s < n; s++) {
      for (int j = 1; j < segments[s].length; j += 2) {
        if (segments[s][j] >= 0) {
          into[at[segments[s][j]]++] = s;
        }
      }
    }
    boolean[] useful = new boolean[n];
    IntList work = new IntList();
    for (int s = 0; s < n; s++) {
      if (ends[s]) {
        useful[s] = true;
        work.add(s);
      }
    }
    while (!work.isEmpty()) {
      int s = work.pop();
      for (int i = count[s]; i < count[s + 1]; i++) {
        if (!useful[into[i]]) {
          useful[into[i]] = true;
          work.add(into[i]);
        }
      }
    }
    return useful;
  }

  /** For each state the first state that accepts the same texts (Moore's refinement). */
  private int[] merge(boolean[] useful) {
    int n = ends.length;
    int[] block = new int[n];
    int blocks = 0;
    for (int s = 0; s < n; s++) {
      block[s] = !useful[s] ? -1 : ends[s] ? 1 : 0;
    }
    while (true) {
      Map<List<Integer>, Integer> signatures = new HashMap<>();
      int[] refined = new int[n];
      for (int s = 0; s < n; s++) {
        if (!useful[s]) {
          refined[s] = -1;
          continue;
        }
        List<Integer> signature = new ArrayList<>(segments[s].length + 1);
        signature.add(block[s]);
        int last = -2;
        for (int j = 0; j < segments[s].length; j += 2) {
          int to = segments[s][j + 1] < 0 ? -1 : block[segments[s][j + 1]];
          if (to != last) {
            signature.add(segments[s][j]);
            signature.add(to);
            last = to;
          }
        }
        Integer known = signatures.putIfAbsent(signature, signatures.size());
        refined[s] = known == null ? signatures.size() - 1 : known;
      }
      block = refined;
      if (signatures.size() == blocks) {
        break;
      }
      blocks = signatures.size();
    }
    int[] firstOf = new int[blocks];
    Arrays.fill(firstOf, -1);
    int[] merged = new int[n];
    for (int s = 0; s < n; s++) {
      if (block[s] >= 0) {
        if (firstOf[block[s]] < 0) {
          firstOf[block[s]] = s;
        }
        merged[s] = firstOf[block[s]];
      }
    }
    return merged;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Dfa other
        && Arrays.equals(ends, other.ends)
        && Arrays.deepEquals(segments, other.segments);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.deepHashCode(segments) + Arrays.hashCode(ends);
  }
}
