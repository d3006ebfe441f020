package dev.jllm.core.grammar;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a vocabulary as a trie over their bytes, in flat arrays in depth-first order. Built
 * once for a vocabulary and shared by all grammars. Immutable.
 */
public final class TokenTrie {
  /** For a node, the byte that leads to it. */
  final byte[] labels;

  /** For a node, the number of bytes above it. */
  final int[] depths;

  /** For a node, the first node that is not below it. */
  final int[] ends;

  /** For a node (and one past the last), the index in {@link #tokens} of the first token at it. */
  final int[] firstToken;

  /** The tokens that have bytes, in the order of their bytes. */
  final int[] tokens;

  /** For a token, its bytes; null where it has none that a text could contain. */
  private final byte @Nullable [][] bytes;

  private final int[] endOfGeneration;
  final int maxDepth;

  private TokenTrie(byte @Nullable [][] bytes, int[] endOfGeneration) {
    this.bytes = bytes;
    this.endOfGeneration = endOfGeneration;
    tokens = sorted(bytes);
    int nodes = 0;
    byte[] before = {};
    int deepest = 0;
    for (int token : tokens) {
      byte[] piece = bytes(token);
      nodes += piece.length - common(before, piece);
      deepest = Math.max(deepest, piece.length);
      before = piece;
    }
    maxDepth = deepest;
    labels = new byte[nodes];
    depths = new int[nodes];
    ends = new int[nodes];
    firstToken = new int[nodes + 1];
    int[] path = new int[deepest];
    int node = 0;
    int open = 0;
    before = new byte[0];
    for (int t = 0; t < tokens.length; t++) {
      byte[] piece = bytes(tokens[t]);
      int common = common(before, piece);
      while (open > common) {
        ends[path[--open]] = node;
      }
      for (; open < piece.length; open++) {
        labels[node] = piece[open];
        depths[node] = open;
        firstToken[node] = t;
        path[open] = node++;
      }
      before = piece;
    }
    while (open > 0) {
      ends[path[--open]] = node;
    }
    firstToken[node] = tokens.length;
  }

  /**
   * The trie of a vocabulary.
   *
   * @param size the number of tokens
   * @param pieces the bytes that a token adds to the text; null or none for tokens that stand for
   *     no text (control tokens)
   * @param endsGeneration which tokens end the text
   */
  public static TokenTrie of(
      int size, IntFunction<byte @Nullable []> pieces, IntPredicate endsGeneration) {
    byte[][] bytes = new byte[size][];
    int[] ends = new int[size];
    int n = 0;
    for (int token = 0; token < size; token++) {
      if (endsGeneration.test(token)) {
        ends[n++] = token;
      } else {
        byte[] piece = pieces.apply(token);
        bytes[token] = piece == null || piece.length == 0 ? null : piece;
      }
    }
    return new TokenTrie(bytes, Arrays.copyOf(ends, n));
  }

  private static int[] sorted(byte @Nullable [][] bytes) {
    Integer[] order = new Integer[bytes.length];
    int n = 0;
    for (int token = 0; token < bytes.length; token++) {
      if (bytes[token] != null) {
        order[n++] = token;
      }
    }
    Arrays.sort(order, 0, n, (a, b) -> compare(bytes[a], bytes[b]));
    int[] tokens = new int[n];
    for (int i = 0; i < n; i++) {
      tokens[i] = order[i];
    }
    return tokens;
  }

  private static int compare(byte[] a, byte[] b) {
    int common = common(a, b);
    if (common == Math.min(a.length, b.length)) {
      return Integer.compare(a.length, b.length);
    }
    return Integer.compare(a[common] & 0xFF, b[common] & 0xFF);
  }

  private static int common(byte[] a, byte[] b) {
    int n = Math.min(a.length, b.length);
    for (int i = 0; i < n; i++) {
      if (a[i] != b[i]) {
        return i;
      }
    }
    return n;
  }

  /** The number of tokens of the vocabulary. */
  public int size() {
    return bytes.length;
  }

  /** The bytes of the token; none where it stands for no text. Not to be changed. */
  byte[] bytes(int token) {
    byte[] piece = token < 0 || token >= bytes.length ? null : bytes[token];
    return piece == null ? NO_BYTES : piece;
  }

  private static final byte[] NO_BYTES = {};

  boolean endsGeneration(int token) {
    return Arrays.binarySearch(endOfGeneration, token) >= 0;
  }

  int[] endOfGeneration() {
    return endOfGeneration;
  }
}
