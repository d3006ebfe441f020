package dev.jllm.core.grammar;

import dev.jllm.core.grammar.automaton.Matcher;
import dev.jllm.core.grammar.automaton.Position;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A grammar over the tokens of one vocabulary, with what has been learnt about it so far: shared by
 * all generations under this grammar. Thread-safe; memory is bounded.
 */
public final class TokenGrammar {
  /** Masks kept; 16 KiB each for 128k tokens. */
  private static final int MAX_MASKS = 512;

  private final Grammar grammar;
  private final TokenTrie trie;
  private final Matcher matcher;
  private final boolean unseenInText;
  private final Position[] path;

  private final Map<Position, long[]> masks =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, long[]> eldest) {
          return size() > MAX_MASKS;
        }
      };

  /** The grammar over the vocabulary. */
  public TokenGrammar(Grammar grammar, TokenTrie trie) {
    this(grammar, trie, false);
  }

  /**
   * The grammar over the vocabulary.
   *
   * @param unseenInText whether tokens that stand for no text may stand where the grammar allows
   *     any text
   */
  public TokenGrammar(Grammar grammar, TokenTrie trie, boolean unseenInText) {
    this.grammar = grammar;
    this.trie = trie;
    this.unseenInText = unseenInText;
    matcher = new Matcher(grammar.net());
    path = new Position[trie.maxDepth + 1];
  }

  /** A constraint for one text, which begins anew. */
  public GrammarConstraint constraint() {
    return new GrammarConstraint(this, Triggers.NONE);
  }

  /** A constraint for one text, which begins where one of the triggers occurs. */
  public GrammarConstraint constraint(Triggers triggers) {
    return new GrammarConstraint(this, triggers);
  }

  Grammar grammar() {
    return grammar;
  }

  TokenTrie trie() {
    return trie;
  }

  Matcher matcher() {
    return matcher;
  }

  /** The place after the token, a dead one where it cannot follow. */
  Position after(Position at, int token) {
    byte[] piece = trie.bytes(token);
    if (piece.length == 0 && isFree(at)) {
      return at;
    }
    Position bytes = after(at, piece);
    return matcher.readsTokens(at) ? matcher.stepToken(at, token, bytes) : bytes;
  }

  /**
   * Whether tokens that stand for no text may stand here: only where any text may, control
   * characters too, and only if this grammar was made so.
   */
  private boolean isFree(Position at) {
    return unseenInText && !matcher.step(at, 1).isDead();
  }

  /** The place after the bytes; a dead one also where there are none. */
  Position after(Position at, byte[] bytes) {
    Position to = bytes.length == 0 ? matcher.dead() : at;
    for (int i = 0; i < bytes.length && !to.isDead(); i++) {
      to = matcher.step(to, bytes[i] & 0xFF);
    }
    return to;
  }

  /** The tokens that can follow, a bit a token. Not to be changed. */
  synchronized long[] mask(Position at) {
    long[] mask = masks.get(at);
    if (mask == null) {
      mask = compute(at);
      masks.put(at, mask);
    }
    return mask;
  }

  private long[] compute(Position at) {
    long[] mask = new long[trie.size() + 63 >>> 6];
    path[0] = at;
    int nodes = trie.labels.length;
    for (int node = 0; node < nodes; ) {
      int depth = trie.depths[node];
      Position to = matcher.step(path[depth], trie.labels[node] & 0xFF);
      if (to.isDead()) {
        node = trie.ends[node];
        continue;
      }
      path[depth + 1] = to;
      // The tokens that end at this node come before those of the next one.
      int stop = node + 1 < nodes ? trie.firstToken[node + 1] : trie.tokens.length;
      for (int t = trie.firstToken[node]; t < stop; t++) {
        set(mask, trie.tokens[t]);
      }
      node++;
    }
    if (matcher.readsTokens(at) || isFree(at)) {
      for (int token = 0; token < trie.size(); token++) {
        if (!trie.endsGeneration(token) && !after(at, token).isDead()) {
          set(mask, token);
        }
      }
    }
    if (at.isComplete()) {
      for (int token : trie.endOfGeneration()) {
        set(mask, token);
      }
    }
    return mask;
  }

  private static void set(long[] mask, int token) {
    mask[token >> 6] |= 1L << token;
  }
}
