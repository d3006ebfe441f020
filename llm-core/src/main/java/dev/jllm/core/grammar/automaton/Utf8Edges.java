package dev.jllm.core.grammar.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Code points as byte edges, so that the automaton can rest inside a code point. Surrogates have no
 * UTF-8 form and are left out. States for equal remainders of a code point are shared.
 */
final class Utf8Edges {
  private static final int CONTINUATION = 0x80;

  /**
   * What is left of a code point: so many bytes, whose value lies in the ranges, then the state.
   */
  private record Remainder(int bytes, List<Integer> ranges, int target) {}

  private final RuleNetBuilder net;
  private final Map<Remainder, Integer> shared = new HashMap<>();

  Utf8Edges(RuleNetBuilder net) {
    this.net = net;
  }

  /** Adds edges from a state to another for every code point of the set. */
  void add(int from, CharSet set, int to) {
    CharSet valid = set.minus(CharSet.range(0xD800, 0xDFFF));
    lead(from, valid, 0, 0x7F, 0x00, 0, to);
    lead(from, valid, 0x80, 0x7FF, 0xC0, 1, to);
    lead(from, valid, 0x800, 0xFFFF, 0xE0, 2, to);
    lead(from, valid, 0x10000, CharSet.MAX, 0xF0, 3, to);
  }

  /** Edges for the part of the set between min and max: a first byte, then {@code rest} more. */
  private void lead(int from, CharSet set, int min, int max, int mark, int rest, int to) {
    int[] ranges = new int[2 * set.ranges()];
    int n = 0;
    for (int i = 0; i < set.ranges(); i++) {
      int first = Math.max(set.first(i), min);
      int last = Math.min(set.last(i), max);
      if (first <= last) {
        ranges[n++] = first;
        ranges[n++] = last;
      }
    }
    blocks(from, Arrays.copyOf(ranges, n), mark, rest, to);
  }

  /**
   * Edges for values in the ranges whose highest part makes one byte (added to {@code mark}) and
   * whose lower 6·rest bits follow.
   */
  private void blocks(int from, int[] ranges, int mark, int rest, int to) {
    int shift = 6 * rest;
    int size = 1 << shift;
    int partBlock = -1;
    List<Integer> part = new ArrayList<>();
    for (int i = 0; i < ranges.length; i += 2) {
      int first = ranges[i];
      int last = ranges[i + 1];
      while (first <= last) {
        int block = first >> shift;
        int base = block << shift;
        if (block != partBlock) {
          finish(from, mark, partBlock, rest, part, to);
          part = new ArrayList<>();
          partBlock = -1;
        }
        if (first == base && last >= base + size - 1) { // whole blocks: one edge for all of them
          int end = (last + 1 >> shift) - 1;
          int target = rest == 0 ? to : remainder(new Remainder(rest, List.of(0, size - 1), to));
          net.bytes(from, mark + block, mark + end, target);
          first = end + 1 << shift;
        } else {
          int end = Math.min(last, base + size - 1);
          partBlock = block;
          part.add(first - base);
          part.add(end - base);
          first = end + 1;
        }
      }
    }
    finish(from, mark, partBlock, rest, part, to);
  }

  private void finish(int from, int mark, int block, int rest, List<Integer> ranges, int to) {
    if (block >= 0) {
      net.bytes(from, mark + block, mark + block, remainder(new Remainder(rest, ranges, to)));
    }
  }

  private int remainder(Remainder remainder) {
    Integer known = shared.get(remainder);
    if (known != null) {
      return known;
    }
    int state = net.state();
    shared.put(remainder, state);
    int[] ranges = remainder.ranges.stream().mapToInt(Integer::intValue).toArray();
    blocks(state, ranges, CONTINUATION, remainder.bytes - 1, remainder.target);
    return state;
  }
}
