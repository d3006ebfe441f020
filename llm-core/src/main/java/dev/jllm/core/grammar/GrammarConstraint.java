package dev.jllm.core.grammar;

import dev.jllm.core.grammar.automaton.Position;
import dev.jllm.core.sample.Candidates;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Holds the tokens of one text to a grammar.
 *
 * <p>Cheap where it can be: ask {@link #allows} for the token that was chosen freely, and only
 * where it is refused {@link #apply} the grammar to all candidates and choose again. An
 * end-of-generation token is allowed where the text may end; tokens that stand for no text only
 * where a GBNF grammar names them. Tokens may end within a code point.
 *
 * <p>For one thread at a time; {@link #copy} for forks.
 */
public final class GrammarConstraint {
  private final TokenGrammar grammar;
  private final Triggers triggers;
  private Position at;
  private boolean awaiting;

  /** The last bytes before a trigger, as many as the longest trigger text could begin in. */
  private byte[] tail;

  private int tailLength;

  /** Where members' names must differ. */
  private @Nullable NameTracker names;

  GrammarConstraint(TokenGrammar grammar, Triggers triggers) {
    this.grammar = grammar;
    this.triggers = triggers;
    at = grammar.matcher().start();
    awaiting = !triggers.isEmpty();
    tail = new byte[awaiting ? 64 : 0];
    names = grammar.grammar().distinctNames() ? new NameTracker() : null;
  }

  /** Whether the token can follow. */
  public boolean allows(int token) {
    if (awaiting) {
      return true;
    }
    if (grammar.trie().endsGeneration(token)) {
      return at.isComplete();
    }
    if (grammar.after(at, token).isDead()) {
      return false;
    }
    return !repeatsName(token) || (allowed()[token >> 6] & 1L << token) != 0;
  }

  private boolean repeatsName(int token) {
    return names != null && names.repeats(grammar.trie().bytes(token));
  }

  /**
   * Learns that the token follows. An end-of-generation token changes nothing.
   *
   * @throws IllegalArgumentException if the grammar does not allow it; nothing has changed then
   */
  public void accept(int token) {
    if (awaiting) {
      await(token);
    } else if (!grammar.trie().endsGeneration(token)) {
      Position to = grammar.after(at, token);
      if (to.isDead()) {
        throw new IllegalArgumentException("the grammar does not allow the token " + token);
      }
      move(to, grammar.trie().bytes(token));
    } else if (!at.isComplete()) {
      throw new IllegalArgumentException("the grammar does not allow the text to end here");
    }
  }

  private void move(Position to, byte[] bytes) {
    at = to;
    if (names != null) {
      names.accept(bytes);
    }
  }

  /**
   * The tokens that can follow, without those that would repeat a member's name, unless nothing
   * would be left.
   */
  private long[] allowed() {
    long[] mask = grammar.mask(at);
    if (names == null) {
      return mask;
    }
    long[] distinct = mask.clone();
    boolean any = false;
    for (int word = 0; word < mask.length; word++) {
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        int token = (word << 6) + Long.numberOfTrailingZeros(bits);
        if (repeatsName(token)) {
          distinct[word] &= ~(bits & -bits);
        }
      }
      any |= distinct[word] != 0;
    }
    return any ? distinct : mask;
  }

  private void await(int token) {
    byte[] bytes = grammar.trie().bytes(token);
    if (triggers.isTrigger(token)) {
      Position to = grammar.after(at, token);
      if (to.isDead()) {
        throw new IllegalArgumentException(
            "the grammar does not begin with its trigger, the token " + token);
      }
      awaiting = false;
      move(to, bytes);
      return;
    }
    if (tailLength + bytes.length > tail.length) {
      tail = Arrays.copyOf(tail, (tailLength + bytes.length) * 2);
    }
    System.arraycopy(bytes, 0, tail, tailLength, bytes.length);
    tailLength += bytes.length;
    int found = triggers.find(tail, tailLength);
    if (found >= 0) {
      byte[] begun = Arrays.copyOfRange(tail, found, tailLength);
      Position to = grammar.after(at, begun);
      awaiting = false;
      if (to.isDead()) {
        throw new IllegalArgumentException(
            "the grammar does not match the text that set it off and what came with it");
      }
      move(to, begun);
      return;
    }
    int keep = Math.min(tailLength, Math.max(triggers.longest - 1, 0));
    System.arraycopy(tail, tailLength - keep, tail, 0, keep);
    tailLength = keep;
  }

  /**
   * Sets the logits of all tokens that cannot follow to negative infinity.
   *
   * @param logits one for each token of the vocabulary
   * @throws IllegalStateException if no token can follow: the vocabulary lacks a byte that the
   *     grammar needs
   */
  public void mask(float[] logits) {
    if (awaiting) {
      return;
    }
    long[] mask = allowed();
    boolean any = false;
    for (int word = 0; word << 6 < logits.length; word++) {
      long bits = word < mask.length ? mask[word] : 0;
      any |= bits != 0;
      int base = word << 6;
      if (bits == 0) {
        Arrays.fill(logits, base, Math.min(base + 64, logits.length), Float.NEGATIVE_INFINITY);
        continue;
      }
      for (long refused = ~bits; refused != 0; refused &= refused - 1) {
        int token = base + Long.numberOfTrailingZeros(refused);
        if (token < logits.length) {
          logits[token] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    require(any);
  }

  /**
   * Sets the logits of all candidates that cannot follow to negative infinity; see {@link #mask}.
   */
  public void apply(Candidates candidates) {
    if (awaiting) {
      return;
    }
    float[] logits = candidates.logits();
    if (candidates.whole() && candidates.size() == logits.length) {
      mask(logits);
    } else {
      long[] mask = allowed();
      boolean any = false;
      for (int i = 0; i < candidates.size(); i++) {
        int token = candidates.id(i);
        if (token >> 6 < mask.length && (mask[token >> 6] & 1L << token) != 0) {
          any = true;
        } else {
          logits[i] = Float.NEGATIVE_INFINITY;
        }
      }
      require(any);
    }
    candidates.reordered();
  }

  private static void require(boolean any) {
    if (!any) {
      throw new IllegalStateException(
          "no token can follow: the vocabulary or the candidates lack what the grammar needs");
    }
  }

  /** Whether the text may end here. */
  public boolean isComplete() {
    return awaiting || at.isComplete();
  }

  /** Whether the text is complete and nothing can follow. */
  public boolean isFinished() {
    return !awaiting && at.isComplete() && at.isFinal();
  }

  /** Whether the grammar is still waiting for its trigger. */
  public boolean isAwaiting() {
    return awaiting;
  }

  /** A constraint in the same state, for a text that goes another way. */
  public GrammarConstraint copy() {
    GrammarConstraint copy = new GrammarConstraint(grammar, triggers);
    copy.at = at;
    copy.awaiting = awaiting;
    copy.tail = tail.clone();
    copy.tailLength = tailLength;
    copy.names = names == null ? null : names.copy();
    return copy;
  }

  /** Takes the state of {@code earlier}, a copy of this constraint: back to where it was made. */
  public void restore(GrammarConstraint earlier) {
    if (earlier.grammar != grammar) {
      throw new IllegalArgumentException("a constraint of another grammar");
    }
    at = earlier.at;
    awaiting = earlier.awaiting;
    tail = earlier.tail.clone();
    tailLength = earlier.tailLength;
    names = earlier.names == null ? null : earlier.names.copy();
  }
}
