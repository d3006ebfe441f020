package dev.jllm.core.cache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one forward pass, of any number of sequences. The tokens of one sequence follow one
 * another and continue it. Reusable: {@link #clear}, then {@link #add}.
 */
public final class Batch {
  private int[] tokens = new int[16];
  private int[] indices = new int[16];
  private int[] outputRow = new int[16];
  private @Nullable SequenceCache[] caches = new SequenceCache[16];
  private int size;
  private int outputs;

  /** Empties the batch. */
  public Batch clear() {
    Arrays.fill(caches, 0, size, null);
    size = 0;
    outputs = 0;
    return this;
  }

  /** Adds the next token of {@code cache}'s sequence. */
  public Batch add(SequenceCache cache, int token, boolean wantLogits) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * size);
      indices = Arrays.copyOf(indices, 2 * size);
      outputRow = Arrays.copyOf(outputRow, 2 * size);
      caches = Arrays.copyOf(caches, 2 * size);
    }
    int index = cache.length();
    for (int i = size - 1; i >= 0; i--) {
      if (caches[i] == cache) {
        if (i != size - 1) {
          throw new IllegalArgumentException(
              "the tokens of one sequence must follow one another in a batch");
        }
        index = indices[i] + 1;
        break;
      }
    }
    tokens[size] = token;
    indices[size] = index;
    caches[size] = cache;
    outputRow[size] = wantLogits ? outputs++ : -1;
    size++;
    return this;
  }

  /** Tokens in the batch. */
  public int size() {
    return size;
  }

  /** Rows of logits that are wanted. */
  public int outputs() {
    return outputs;
  }

  /** The token of {@code row}. */
  public int token(int row) {
    return tokens[row];
  }

  /** The token's place in its sequence's cache. */
  public int index(int row) {
    return indices[row];
  }

  /** The token's position. */
  public int position(int row) {
    return indices[row] + cache(row).firstPosition();
  }

  /** The sequence of {@code row}. */
  public SequenceCache cache(int row) {
    SequenceCache cache = caches[row];
    if (cache == null) {
      throw new IndexOutOfBoundsException("row " + row + " of a batch of " + size);
    }
    return cache;
  }

  /** The row of logits of {@code row}, or −1 where none is wanted. */
  public int outputRow(int row) {
    return outputRow[row];
  }
}
