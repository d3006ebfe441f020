package dev.jllm.core.grammar.gbnf;

import dev.jllm.api.GrammarException;
import java.util.List;
import java.util.Objects;

/**
 * Finds left recursion as the reference does: also in rules that are never used, and in repetitions
 * of what has an empty alternative, as {@code ("a" | )*}.
 */
final class LeftRecursion {
  private static final byte BEGUN = 1;
  private static final byte DONE = 2;

  private LeftRecursion() {}

  static void check(Rules rules) {
    byte[] color = new byte[rules.size()];
    int[] alternative = new int[rules.size()];
    int[] element = new int[rules.size()];
    int[] path = new int[rules.size() + 1];
    for (int start = 0; start < rules.size(); start++) {
      int depth = 0;
      if (color[start] == 0) {
        color[start] = BEGUN;
        path[depth++] = start;
      }
      while (depth > 0) {
        int rule = path[depth - 1];
        int next = next(rules, rule, alternative, element);
        if (next < 0) {
          color[rule] = DONE;
          depth--;
        } else if (color[next] == BEGUN) {
          throw new GrammarException(
              "Left recursion: the rule '"
                  + rules.name(next)
                  + "' can begin with itself; put the recursion last, or write a repetition of"
                  + " something that is never empty");
        } else if (color[next] == 0) {
          color[next] = BEGUN;
          path[depth++] = next;
        }
      }
    }
  }

  /** The next rule that this rule can begin with, or -1; the cursors move on. */
  private static int next(Rules rules, int rule, int[] alternative, int[] element) {
    List<List<Element>> alternatives = Objects.requireNonNull(rules.alternatives(rule));
    while (alternative[rule] < alternatives.size()) {
      List<Element> elements = alternatives.get(alternative[rule]);
      int i = element[rule];
      boolean leading =
          i < elements.size()
              && elements.get(i) instanceof Element.Reference
              && (i == 0
                  || elements.get(i - 1) instanceof Element.Reference before
                      && hasEmptyAlternative(rules, before.rule()));
      if (leading) {
        element[rule]++;
        return ((Element.Reference) elements.get(i)).rule();
      }
      alternative[rule]++;
      element[rule] = 0;
    }
    return -1;
  }

  private static boolean hasEmptyAlternative(Rules rules, int rule) {
    return Objects.requireNonNull(rules.alternatives(rule)).stream().anyMatch(List::isEmpty);
  }
}
