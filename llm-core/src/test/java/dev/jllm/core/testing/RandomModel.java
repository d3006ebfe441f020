package dev.jllm.core.testing;

import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.GgufWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        .forEach(
            (name, shape) -> {
              if (name.endsWith("tid2eid.weight")) {
                ByteBuffer table = expertsOfTokens(recipe, shape, random);
                writer.tensor(name, GgmlType.I32, table, shape);
              } else {
                writer.tensor(name, values(name, shape, random), shape);
              }
            });
    try {
      writer.write(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For each token its experts; for every fourth token the same one over and over. */
  private static ByteBuffer expertsOfTokens(Recipe recipe, long[] shape, Random random) {
    int used = Math.toIntExact(shape[0]);
    int experts = (Integer) recipe.entries().get(recipe.architecture() + ".expert_count");
    ByteBuffer table =
        ByteBuffer.allocate(Math.toIntExact(4 * used * shape[1])).order(ByteOrder.LITTLE_ENDIAN);
    for (int token = 0; token < shape[1]; token++) {
      int first = random.nextInt(experts);
      for (int k = 0; k < used; k++) {
        table.putInt(token % 4 == 3 ? first : (first + k) % experts);
      }
    }
    return table.flip();
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
