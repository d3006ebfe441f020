package dev.jllm.core.engine;

import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.tensor.Activations;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes steps of any number of sequences, one at a time, in the order in which they are asked for.
 * A step uses all workers, so that steps side by side would only take turns on the same cores and
 * hold several times the memory; correctness does not rest on the lock, since sequences share
 * nothing that changes.
 */
final class Engine {
  /**
   * Tokens of a prompt that one step processes: large enough for full speed, and the longest wait.
   * Half as many on a small heap, which the activations of a step would fill.
   */
  static final int CHUNK = Runtime.getRuntime().maxMemory() < 512L << 20 ? 256 : 512;

  private final LanguageModel model;
  private final LanguageModel.Evaluator evaluator;
  private final Batch batch = new Batch();
  private final ReentrantLock turn = new ReentrantLock(true);

  Engine(LanguageModel model) {
    this.model = model;
    this.evaluator = model.newEvaluator();
  }

  int vocabularySize() {
    return model.spec().vocabulary;
  }

  int contextLength() {
    return model.spec().context;
  }

  /** The width of the hidden states. */
  int width() {
    return model.spec().width;
  }

  SequenceCache newSequence() {
    return model.newSequence();
  }

  /**
   * Appends {@code tokens[from, to)} to a sequence.
   *
   * @param logits receives the logits after the last token
   */
  void step(SequenceCache sequence, IntList tokens, int from, int to, float[] logits) {
    turn.lock();
    try {
      batch.clear();
      for (int i = from; i < to; i++) {
        batch.add(sequence, tokens.get(i), i == to - 1);
      }
      Activations out = evaluator.forward(batch);
      System.arraycopy(out.data(), 0, logits, 0, logits.length);
    } finally {
      batch.clear();
      turn.unlock();
    }
  }

  /** Sees the logits after one token. */
  @FunctionalInterface
  interface LogitsReader {
    /** The logits after {@code tokens[index]}: {@code data[offset, offset + vocabulary)}. */
    void read(int index, float[] data, int offset);
  }

  /** As {@link #step}, showing the logits after every token. */
  void stepAll(SequenceCache sequence, IntList tokens, int from, int to, LogitsReader reader) {
    turn.lock();
    try {
      batch.clear();
      for (int i = from; i < to; i++) {
        batch.add(sequence, tokens.get(i), true);
      }
      Activations out = evaluator.forward(batch);
      for (int i = from; i < to; i++) {
        reader.read(i, out.data(), (i - from) * out.width());
      }
    } finally {
      batch.clear();
      turn.unlock();
    }
  }

  /** As {@link #stepAll}, showing the hidden states behind the last norm in place of logits. */
  void stepHidden(SequenceCache sequence, IntList tokens, int from, int to, LogitsReader reader) {
    turn.lock();
    try {
      batch.clear();
      for (int i = from; i < to; i++) {
        batch.add(sequence, tokens.get(i), true);
      }
      Activations out = evaluator.hidden(batch);
      for (int i = from; i < to; i++) {
        reader.read(i, out.data(), (i - from) * out.width());
      }
    } finally {
      batch.clear();
      turn.unlock();
    }
  }
}
