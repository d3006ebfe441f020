package dev.jllm.core.testing;

import dev.jllm.gguf.GgufWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes tiny models with random weights, for any registered architecture. Weights are drawn so
 * that activations neither vanish nor explode: norms about 1, biases small, matrices by the root of
 * their input's width.
 */
public final class RandomModel {
  private RandomModel() {}

  /** Writes the model of {@code recipe} with weights drawn from {@code seed} to {@code path}. */
  public static void write(Recipe recipe, long seed, Path path) {
    GgufWriter writer = new GgufWriter();
    recipe.entries().forEach(writer::put);
    Random random = new Random(seed);
    recipe
        .tensors()
        .forEach((name, shape) -> writer.tensor(name, values(name, shape, random), shape));
    try {
      writer.write(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] values(String name, long[] shape, Random random) {
    int n = 1;
    for (long d : shape) {
      n *= Math.toIntExact(d);
    }
    double mean = 0;
    double deviation = 1 / Math.sqrt(shape[0]);
    if (name.contains("norm") && name.endsWith("weight") || name.contains("scale")) {
      mean = 1;
      deviation = 0.1;
    } else if (name.endsWith("bias") || name.contains("exp_probs_b")) {
      deviation = 0.1;
    } else if (name.startsWith("rope_")) {
      mean = 2;
      deviation = 0.3;
    } else if (name.contains("embd") || shape.length == 1) {
      deviation = 1;
    }
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }
}
