package dev.jllm.core.model;

import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.block.Pass;
import dev.jllm.core.block.Tracer;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Workers;
import dev.jllm.gguf.GgufFile;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a file, ready to run. Immutable and thread-safe; each thread computes through its
 * own {@link Evaluator}.
 */
public final class LanguageModel {
  private final Transformer transformer;
  private final Workers workers;

  private LanguageModel(Transformer transformer, Workers workers) {
    this.transformer = transformer;
    this.workers = workers;
  }

  /**
   * Binds the tensors of {@code file}, which stays open as long as the model is used.
   *
   * @param workers the threads, which the caller closes
   */
  public static LanguageModel load(GgufFile file, ModelOptions options, Workers workers) {
    return new LanguageModel(ModelBuilder.build(file, options, workers), workers);
  }

  /** What this model is. */
  public ModelSpec spec() {
    return transformer.spec();
  }

  /** An empty sequence. */
  public SequenceCache newSequence() {
    return newSequence(0);
  }

  /** An empty sequence whose first token has {@code firstPosition}. */
  public SequenceCache newSequence(int firstPosition) {
    return transformer.newSequence(firstPosition);
  }

  /** Memory and method to compute with, for one thread at a time. */
  public Evaluator newEvaluator() {
    return new Evaluator(transformer, new Pass(transformer.plan(), workers));
  }

  /** Computes batches, one after another. */
  public static final class Evaluator {
    private final Transformer transformer;
    private final Pass pass;

    Evaluator(Transformer transformer, Pass pass) {
      this.transformer = transformer;
      this.pass = pass;
    }

    /** As {@link #forward(Batch, Tracer)}, without a tracer. */
    public Activations forward(Batch batch) {
      return forward(batch, null);
    }

    /**
     * Computes the batch and appends its tokens to the caches of their sequences.
     *
     * @return the logits of the rows that want them, {@code outputs × vocabulary}, valid until the
     *     next call
     * @throws IllegalArgumentException if a token is no token of the model, or a sequence outgrows
     *     the context
     */
    public Activations forward(Batch batch, @Nullable Tracer tracer) {
      check(batch);
      pass.begin(batch, tracer);
      Activations logits = transformer.forward(pass);
      advance(batch);
      return logits;
    }

    /**
     * As {@link #forward(Batch)}, but gives hidden states in place of logits.
     *
     * @return what the output head would read, {@code outputs × width}, valid until the next call
     */
    public Activations hidden(Batch batch) {
      check(batch);
      pass.begin(batch, null);
      Activations rows = transformer.hidden(pass);
      advance(batch);
      return rows;
    }

    private static void advance(Batch batch) {
      for (int row = 0; row < batch.size(); row++) {
        batch.cache(row).advance(1);
      }
    }

    private void check(Batch batch) {
      ModelSpec spec = transformer.spec();
      for (int row = 0; row < batch.size(); row++) {
        int token = batch.token(row);
        if (token < 0 || token >= spec.vocabulary) {
          throw new IllegalArgumentException(
              "token " + token + " is none of the model's " + spec.vocabulary);
        }
        if (batch.index(row) >= spec.context) {
          throw new IllegalArgumentException(
              "the sequence is longer than the context of " + spec.context + " tokens");
        }
      }
    }
  }
}
