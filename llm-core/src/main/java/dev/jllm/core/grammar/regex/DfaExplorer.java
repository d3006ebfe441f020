package dev.jllm.core.grammar.regex;

import dev.jllm.core.grammar.automaton.CharSet;
import dev.jllm.core.grammar.automaton.IntList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes an automaton of states described by values. */
public final class DfaExplorer {
  private DfaExplorer() {}

  /** The state after a character, null for none. */
  @FunctionalInterface
  public interface Step<S> {
    /** The state after a character, null for none. */
    @Nullable S next(S state, int c);
  }

  /** The automaton of all states that can be reached by characters of the alphabet. */
  public static <S> Dfa explore(S start, String alphabet, Step<S> step, Predicate<S> ends) {
    int[] letters = alphabet.chars().sorted().toArray();
    Map<S, Integer> numbers = new HashMap<>();
    List<S> states = new ArrayList<>();
    List<int[]> segments = new ArrayList<>();
    List<Boolean> accepting = new ArrayList<>();
    numbers.put(start, 0);
    states.add(start);
    for (int i = 0; i < states.size(); i++) {
      S state = states.get(i);
      IntList row = new IntList();
      row.add(0);
      row.add(-1);
      for (int letter : letters) {
        S next = step.next(state, letter);
        if (next == null) {
          continue;
        }
        Integer to = numbers.get(next);
        if (to == null) {
          to = states.size();
          if (to >= Dfa.MAX_STATES) {
            throw Dfa.tooLarge();
          }
          numbers.put(next, to);
          states.add(next);
        }
        if (row.get(row.size() - 2) == letter) {
          row.set(row.size() - 1, to);
        } else {
          row.add(letter);
          row.add(to);
        }
        row.add(letter + 1);
        row.add(-1);
      }
      segments.add(row.toArray());
      accepting.add(ends.test(state));
    }
    return Dfa.of(segments, accepting);
  }

  /** Exactly the given texts. */
  public static Dfa texts(List<String> texts) {
    List<TreeMap<Integer, Integer>> children = new ArrayList<>();
    List<Boolean> accepting = new ArrayList<>();
    children.add(new TreeMap<>());
    accepting.add(false);
    for (String text : texts) {
      int at = 0;
      for (int c : text.codePoints().toArray()) {
        Integer next = children.get(at).get(c);
        if (next == null) {
          next = children.size();
          if (next >= Dfa.MAX_STATES) {
            throw Dfa.tooLarge();
          }
          children.get(at).put(c, next);
          children.add(new TreeMap<>());
          accepting.add(false);
        }
        at = next;
      }
      accepting.set(at, true);
    }
    List<int[]> segments = new ArrayList<>();
    for (TreeMap<Integer, Integer> row : children) {
      IntList out = new IntList();
      out.add(0);
      out.add(-1);
      row.forEach(
          (c, to) -> {
            if (out.get(out.size() - 2) == c) {
              out.set(out.size() - 1, to);
            } else {
              out.add(c);
              out.add(to);
            }
            if (c < CharSet.MAX) {
              out.add(c + 1);
              out.add(-1);
            }
          });
      segments.add(out.toArray());
    }
    return Dfa.of(segments, accepting);
  }
}
