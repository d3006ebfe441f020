package dev.jllm.core.grammar.gbnf;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules read so far: each a list of alternatives, each a list of elements. */
final class Rules {
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<@Nullable List<List<Element>>> alternatives = new ArrayList<>();

  /** Where a rule was first mentioned, for messages. */
  private final List<Integer> offsets = new ArrayList<>();

  /** Rules that stand for x*: their first alternative ends with the rule itself. */
  private final BitSet loops = new BitSet();

  int size() {
    return names.size();
  }

  /** The rule of this name, which need not be defined yet. */
  int named(String name, int offset) {
    Integer known = ids.get(name);
    if (known != null) {
      return known;
    }
    int id = add(name, offset);
    ids.put(name, id);
    return id;
  }

  @Nullable Integer find(String name) {
    return ids.get(name);
  }

  /** A rule without a name of its own: a group or repetition inside the rule {@code of}. */
  int anonymous(String of, int offset) {
    return add(of, offset);
  }

  private int add(String name, int offset) {
    names.add(name);
    offsets.add(offset);
    alternatives.add(null);
    return names.size() - 1;
  }

  /** The last definition of a rule counts. */
  void define(int rule, List<List<Element>> definition) {
    alternatives.set(rule, definition);
  }

  void markLoop(int rule) {
    loops.set(rule);
  }

  boolean isLoop(int rule) {
    return loops.get(rule);
  }

  String name(int rule) {
    return names.get(rule);
  }

  int offset(int rule) {
    return offsets.get(rule);
  }

  @Nullable List<List<Element>> alternatives(int rule) {
    return alternatives.get(rule);
  }
}
