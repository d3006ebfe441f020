package dev.jllm.core.cache;

import java.util.List;

/**
 * All that a model remembers of one sequence of tokens: a state for each layer that has one, and
 * how many tokens there are. Not for several threads at once.
 */
public final class SequenceCache {
  private final LayerState[] layers;
  private final int firstPosition;
  private int length;

  /** An empty sequence with the given states, whose first token has {@code firstPosition}. */
  public SequenceCache(List<LayerState> layers, int firstPosition) {
    this(layers.toArray(new LayerState[0]), firstPosition);
  }

  private SequenceCache(LayerState[] layers, int firstPosition) {
    this.layers = layers;
    this.firstPosition = firstPosition;
  }

  /** Tokens remembered. */
  public int length() {
    return length;
  }

  /** The position of the first token, usually 0. */
  public int firstPosition() {
    return firstPosition;
  }

  /** The state number {@code slot}. */
  public LayerState state(int slot) {
    return layers[slot];
  }

  /**
   * Allocates the memory of all tokens up to {@code tokens} now, so that computing them allocates
   * nothing. Without this, pages of {@link KvRows#SLOTS} tokens come one by one.
   */
  public void reserve(int tokens) {
    for (LayerState layer : layers) {
      if (layer instanceof KvLayer kv) {
        kv.preallocate(length, tokens);
      }
    }
  }

  /** Counts the tokens of a batch that has been computed. */
  public void advance(int tokens) {
    length += tokens;
    for (LayerState layer : layers) {
      if (layer instanceof KvLayer kv) {
        kv.release(length);
      }
    }
  }

  /**
   * Forgets all tokens from {@code newLength} on, so that others can follow in their place.
   *
   * @return false where a layer has let go of what it would need (windows, recurrent states); then
   *     nothing has changed, and the sequence is to be computed anew
   */
  public boolean truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "cannot cut a sequence of " + length + " tokens to " + newLength);
    }
    for (LayerState layer : layers) {
      if (!layer.canTruncate(newLength)) {
        return false;
      }
    }
    for (LayerState layer : layers) {
      layer.truncate(newLength);
    }
    length = newLength;
    return true;
  }

  /** A sequence that goes its own way from here; memory is shared until one of the two writes. */
  public SequenceCache fork() {
    LayerState[] copies = new LayerState[layers.length];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = layers[i].fork();
    }
    SequenceCache copy = new SequenceCache(copies, firstPosition);
    copy.length = length;
    return copy;
  }

  /** Bytes of keys and values that one more token takes. */
  public long bytesPerToken() {
    long sum = 0;
    for (LayerState layer : layers) {
      if (layer instanceof KvLayer kv) {
        sum += kv.bytesPerToken();
      }
    }
    return sum;
  }

  /** Bytes of memory, shared ones included. */
  public long bytes() {
    long sum = 0;
    for (LayerState layer : layers) {
      sum += layer.bytes();
    }
    return sum;
  }
}
