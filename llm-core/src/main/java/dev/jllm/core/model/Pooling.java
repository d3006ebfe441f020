package dev.jllm.core.model;

import dev.jllm.gguf.GgufMetadata;
import org.jspecify.annotations.Nullable;

/** How the hidden states of a text's tokens become one vector. */
public enum Pooling {
  /** The mean of all. */
  MEAN,
  /** The first token's. */
  CLS,
  /** The last token's. */
  LAST;

  /**
   * What the file says ({@code pooling_type}, numbered as in llama.cpp); null where it says
   * nothing, or none of these.
   */
  public static @Nullable Pooling of(GgufMetadata metadata, String architecture) {
    return switch (metadata.integer(architecture + ".pooling_type", 0)) {
      case 1 -> MEAN;
      case 2 -> CLS;
      case 3 -> LAST;
      default -> null;
    };
  }

  /** Gathers the rows of one text, in order. */
  public Pool newPool(int width) {
    return new Pool(this, width);
  }

  /** The vector in the making. */
  public static final class Pool {
    private final Pooling pooling;
    private final double[] sum;
    private int rows;

    private Pool(Pooling pooling, int width) {
      this.pooling = pooling;
      sum = new double[width];
    }

    /** Takes the next token's row, {@code data[offset, offset + width)}. */
    public void add(float[] data, int offset) {
      boolean first = rows++ == 0;
      if (pooling == CLS && !first) {
        return;
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] = data[offset + i] + (pooling == MEAN ? sum[i] : 0);
      }
    }

    /**
     * The vector.
     *
     * @param normalize whether to bring it to length one; a vector of zeros stays
     */
    public float[] vector(boolean normalize) {
      double scale = pooling == MEAN && rows > 0 ? 1.0 / rows : 1;
      if (normalize) {
        double squares = 0;
        for (double value : sum) {
          squares += value * value;
        }
        scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
      }
      float[] vector = new float[sum.length];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (sum[i] * scale);
      }
      return vector;
    }
  }
}
