package dev.jllm.core.block;

import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.BlockLayer;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.cache.KvRows;
import dev.jllm.core.tensor.Activations;
import java.util.Arrays;

/**
 * Turns each block of {@code ratio} tokens into one key, when its last token arrives: a weighted
 * mean of one vector a token, with weights of its own for each value (a softmax over the block of a
 * score and a learned one for the place in the block). Where blocks overlap, the block before
 * counts too, through other vectors: those are the first halves, the own ones the second.
 */
final class Compressor {
  private static final float[] ONE = one();
  private final int dim;
  private final int ratio;
  private final int width;
  private final Linear values;
  private final Linear scores;
  private final float[] places;
  private final Norm norm;
  private final int rotatedFrom;
  private final int pastSlot;
  private final int blockSlot;
  private final RopeTable rope;
  private final int valuesSlot;
  private final int scoresSlot;

  /**
   * Binds the tensors {@code name_*}.
   *
   * @param pastSlot the state that keeps the vectors of the last tokens
   * @param blockSlot the state that keeps the blocks
   */
  Compressor(
      String name,
      int in,
      int dim,
      int ratio,
      boolean overlap,
      NormSpec norm,
      RopeSpec rope,
      int pastSlot,
      int blockSlot,
      Weights w,
      Pass.Plan plan) {
    this.dim = dim;
    this.ratio = ratio;
    this.width = overlap ? 2 * dim : dim;
    this.pastSlot = pastSlot;
    this.blockSlot = blockSlot;
    values = w.linear(name + "_kv", in, width);
    scores = w.linear(name + "_gate", in, width);
    places = w.values(name + "_ape.weight", width, ratio);
    this.norm = Norm.load(w, name + "_norm", norm, dim);
    rotatedFrom = dim - rope.dims();
    this.rope = Attention.table(rope, w);
    valuesSlot = plan.buffer("compressor.kv", width);
    scoresSlot = plan.buffer("compressor.gate", width);
  }

  private static float[] one() {
    float[] weights = new float[KvRows.SLOTS];
    Arrays.fill(weights, 1);
    return weights;
  }

  /** The vectors that the state {@code pastSlot} keeps of a token. */
  static int pastWidth(int dim, boolean overlap) {
    return overlap ? 4 * dim : 2 * dim;
  }

  /** Remembers the tokens of the batch and makes the blocks that they complete. */
  void forward(Pass pass, Activations x) {
    Activations v = pass.buffer(valuesSlot);
    Activations s = pass.buffer(scoresSlot);
    pass.add(values, x, v).add(scores, x, s).run();
    Batch batch = pass.batch();
    float[] both = pass.scratch(0, 2 * width + 2 * ratio * 2 * width + dim);
    for (int row = 0; row < batch.size(); row++) {
      int index = batch.index(row);
      int place = index % ratio;
      System.arraycopy(v.data(), row * width, both, 0, width);
      for (int i = 0; i < width; i++) {
        both[width + i] = s.data()[row * width + i] + places[place * width + i];
      }
      KvLayer past = (KvLayer) batch.cache(row).state(pastSlot);
      past.reserve(index, index + 1);
      past.store(index, both, 0, both, 0);
      if (place == ratio - 1) {
        complete(batch, row, index / ratio, past, pass.attentionScratch(0), both);
      }
    }
  }

  /** Makes block {@code block}, whose last token is in {@code row}. */
  private void complete(
      Batch batch, int row, int block, KvLayer past, AttentionScratch s, float[] memory) {
    boolean overlap = width > dim;
    int first = overlap ? Math.max(0, (block - 1) * ratio) : block * ratio;
    int end = (block + 1) * ratio;
    int at = 2 * width;
    for (int i = first; i < end; i++) {
      int slot = i % KvRows.SLOTS;
      s.size(1, 0, 2 * width);
      past.keys(i / KvRows.SLOTS).mix(ONE, 1, 0, slot, slot + 1, s.out, 2 * width);
      System.arraycopy(s.out, 0, memory, at + (i - first) * 2 * width, 2 * width);
    }
    int out = at + 2 * ratio * 2 * width;
    for (int c = 0; c < dim; c++) {
      memory[out + c] = mean(memory, at, first, end, block * ratio, overlap, c);
    }
    norm.apply(memory, out, memory, out);
    rope.rotateAt(memory, out + rotatedFrom, batch.position(row) - ratio + 1);
    KvLayer blocks = ((BlockLayer) batch.cache(row).state(blockSlot)).blocks();
    blocks.reserve(block, block + 1);
    blocks.store(block, memory, out, memory, out);
  }

  private float mean(
      float[] memory, int at, int first, int end, int own, boolean overlap, int channel) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = first; i < end; i++) {
      int c = at + (i - first) * 2 * width + (overlap && i >= own ? dim : 0) + channel;
      max = Math.max(max, memory[c + width]);
    }
    float sum = 0;
    float weighted = 0;
    for (int i = first; i < end; i++) {
      int c = at + (i - first) * 2 * width + (overlap && i >= own ? dim : 0) + channel;
      float weight = FastMath.exp(memory[c + width] - max);
      sum += weight;
      weighted += weight * memory[c];
    }
    return weighted / sum;
  }
}
