package dev.jllm.core.grammar.automaton;

/**
 * A grammar compiled to a recursive transition network over bytes: an immutable pushdown automaton.
 * From every state that a text can reach, the text can be completed; parts of the grammar from
 * which it could not are cut away.
 *
 * <p>Empty transitions are gone: for a state, {@link #active} holds the states at which the next
 * byte can be read and {@link #calls} the rules that can begin, both with everything optional
 * skipped.
 */
public final class RuleNet {
  /** For a state: first and last byte and the next state, three ints an edge. */
  final int[][] bytes;

  /** For a state: 1 if negated, the token's id and the next state, three ints an edge. */
  final int[][] tokens;

  /** For a state: where bytes or tokens can be read. */
  final int[][] active;

  /** For a state: rule and the state after it, two ints a call. */
  final int[][] calls;

  /** Whether the rule may end in this state. */
  final boolean[] ends;

  /** For a rule: its first state. */
  final int[] entries;

  /** For a rule: a number such that a rule only ever begins with rules of higher numbers. */
  final int[] ranks;

  final int root;

  /** Bytes that no transition tells apart have the same class. */
  final short[] classes;

  final int classCount;
  final boolean hasTokens;

  RuleNet(
      int[][] bytes,
      int[][] tokens,
      int[][] active,
      int[][] calls,
      boolean[] ends,
      int[] entries,
      int[] ranks,
      int root) {
    this.bytes = bytes;
    this.tokens = tokens;
    this.active = active;
    this.calls = calls;
    this.ends = ends;
    this.entries = entries;
    this.ranks = ranks;
    this.root = root;
    boolean[] starts = new boolean[257];
    starts[0] = true;
    boolean anyToken = false;
    for (int state = 0; state < bytes.length; state++) {
      int[] edges = bytes[state];
      for (int i = 0; edges != null && i < edges.length; i += 3) {
        starts[edges[i]] = true;
        starts[edges[i + 1] + 1] = true;
      }
      anyToken |= tokens[state] != null && tokens[state].length > 0;
    }
    hasTokens = anyToken;
    classes = new short[256];
    int count = 0;
    for (int b = 0; b < 256; b++) {
      count += starts[b] ? 1 : 0;
      classes[b] = (short) (count - 1);
    }
    classCount = count;
  }

  /** Whether no text at all matches. */
  public boolean isEmpty() {
    int entry = entries[root];
    return active[entry].length == 0 && calls[entry].length == 0 && !ends[entry];
  }

  /** The number of states, a measure of its size. */
  public int states() {
    return ends.length;
  }
}
