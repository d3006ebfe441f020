package dev.jllm.core.model;

import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Workers;
import dev.jllm.gguf.GgufFile;
import java.nio.file.Path;
import java.util.Arrays;

/** A small model at hand for tests. */
final class TinyModel implements AutoCloseable {
  private final GgufFile file;
  private final Workers workers = new Workers(2);
  final LanguageModel model;
  private final LanguageModel.Evaluator evaluator;

  TinyModel(Path path, int context) {
    this(path, new ModelOptions(context, KvFormat.F32, KvFormat.F32));
  }

  TinyModel(Path path, ModelOptions options) {
    file = GgufFile.open(path);
    try {
      model = LanguageModel.load(file, options, workers);
    } catch (RuntimeException e) {
      workers.close();
      file.close();
      throw e;
    }
    evaluator = model.newEvaluator();
  }

  /** Feeds {@code ids[from … to]} in one batch; returns the logits of all rows. */
  float[] feed(SequenceCache sequence, int[] ids, int from, int to) {
    Batch batch = new Batch();
    for (int i = from; i < to; i++) {
      batch.add(sequence, ids[i], true);
    }
    return feed(batch);
  }

  float[] feed(Batch batch) {
    Activations logits = evaluator.forward(batch);
    return Arrays.copyOf(logits.data(), logits.rows() * logits.width());
  }

  /** All logits of {@code ids}, fed in pieces of {@code chunk}. */
  float[] logits(SequenceCache sequence, int[] ids, int chunk) {
    int vocabulary = model.spec().vocabulary;
    float[] all = new float[ids.length * vocabulary];
    for (int from = 0; from < ids.length; from += chunk) {
      float[] part = feed(sequence, ids, from, Math.min(ids.length, from + chunk));
      System.arraycopy(part, 0, all, from * vocabulary, part.length);
    }
    return all;
  }

  /** Sum of squared differences over sum of squares. */
  static double nmse(float[] got, float[] wanted) {
    if (got.length != wanted.length) {
      return Double.POSITIVE_INFINITY;
    }
    double error = 0;
    double power = 0;
    for (int i = 0; i < got.length; i++) {
      if (wanted[i] < -1e30f) {
        if (got[i] >= -1e30f) {
          return Double.POSITIVE_INFINITY;
        }
      } else {
        double d = (double) got[i] - wanted[i];
        error += d * d;
        power += (double) wanted[i] * wanted[i];
      }
    }
    double ratio = error / power;
    return Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
  }

  @Override
  public void close() {
    workers.close();
    file.close();
  }
}
