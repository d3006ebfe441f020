package dev.jllm.core.chat.constrain;

import dev.jllm.core.grammar.automaton.CharSet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Any text up to the first of some marks, as an automaton that always knows how much of a mark it
 * has read (Aho and Corasick, "Efficient string matching", 1975).
 */
final class FreeText {
  private final RuleNetBuilder net;

  /** For a mark, the state behind it; -1 where the mark must not occur. */
  private final Map<String, Integer> marks = new LinkedHashMap<>();

  /** For a beginning of a mark, the state in which it was just read. */
  private final Map<String, Integer> states = new LinkedHashMap<>();

  private final TreeSet<Integer> alphabet = new TreeSet<>();

  FreeText(RuleNetBuilder net) {
    this.net = net;
    states.put("", net.state());
  }

  /** The state before the text. */
  int start() {
    return state("");
  }

  private int state(String read) {
    Integer state = states.get(read);
    if (state == null) {
      throw new IllegalArgumentException("not the beginning of a mark: " + read);
    }
    return state;
  }

  /** Adds a mark, and where the text goes on behind it. */
  FreeText mark(String mark, int behind) {
    if (!mark.isEmpty()) {
      marks.putIfAbsent(mark, behind);
    }
    return this;
  }

  /**
   * Writes the automaton; no mark can be added any more.
   *
   * @param mayEnd whether the rule may end within the text
   */
  FreeText write(boolean mayEnd) {
    for (String mark : marks.keySet()) {
      mark.codePoints().forEach(alphabet::add);
      for (int i = 1; i < mark.length(); i++) {
        if (!marks.containsKey(mark.substring(0, i))) {
          states.putIfAbsent(mark.substring(0, i), net.state());
        }
      }
    }
    states.forEach(
        (read, state) -> {
          if (mayEnd) {
            net.accept(state);
          }
          edges(state, read);
        });
    return this;
  }

  private void edges(int from, String read) {
    CharSet others = CharSet.ALL;
    for (int c : alphabet) {
      CharSet one = CharSet.of(c);
      others = others.minus(one);
      int to = after(read + Character.toString(c));
      if (to >= 0) {
        net.chars(from, one, to);
      }
    }
    net.chars(from, others, start());
  }

  /**
   * Adds a way into this text for which further marks are forbidden at its very beginning, white
   * space aside.
   */
  void beginWithout(int from, Iterable<String> forbidden) {
    Map<String, Integer> begun = new LinkedHashMap<>();
    TreeSet<Integer> letters = new TreeSet<>(alphabet);
    begun.put("", from);
    for (String mark : forbidden) {
      mark.codePoints().forEach(letters::add);
      for (int i = 1; i < mark.length(); i++) {
        begun.putIfAbsent(mark.substring(0, i), net.state());
      }
    }
    " \t\r\n".codePoints().forEach(letters::add);
    begun.forEach((read, state) -> begin(state, read, begun, letters, forbidden));
  }

  private void begin(
      int from,
      String read,
      Map<String, Integer> begun,
      TreeSet<Integer> letters,
      Iterable<String> forbidden) {
    net.accept(from);
    CharSet others = CharSet.ALL;
    for (int c : letters) {
      CharSet one = CharSet.of(c);
      others = others.minus(one);
      String text = read + Character.toString(c);
      boolean forbids = false;
      for (String mark : forbidden) {
        forbids |= mark.equals(text);
      }
      Integer next = begun.get(text);
      if (read.isEmpty() && Character.isWhitespace(c)) {
        net.chars(from, one, from);
      } else if (next != null) {
        net.chars(from, one, next);
      } else if (!forbids) {
        int to = after(text);
        if (to >= 0) {
          net.chars(from, one, to);
        }
      }
    }
    net.chars(from, others, start());
  }

  /** The state after a text that holds no whole mark but at its end; -1 for none. */
  private int after(String text) {
    for (int i = 0; i <= text.length(); i++) {
      String rest = text.substring(i);
      Integer to = marks.containsKey(rest) ? marks.get(rest) : states.get(rest);
      if (to != null) {
        return to;
      }
    }
    return start();
  }
}
