package dev.jllm.core.block;

import dev.jllm.core.arch.IndexerSpec;
import dev.jllm.core.cache.BlockLayer;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.cache.KvRows;
import dev.jllm.core.tensor.Activations;

/** As {@link Indexer}, over blocks that {@link Compressor} has made instead of tokens. */
final class BlockChooser implements TokenChooser {
  private final IndexerSpec spec;
  private final int ratio;
  private final int blockSlot;
  private final int rotatedFrom;
  private final float scale;
  private final Compressor compressor;
  private final Linear query;
  private final Linear weight;
  private final int ropeSlot;
  private final int querySlot;
  private final int weightSlot;

  /**
   * Binds the tensors {@code indexer.*} of a layer.
   *
   * @param blockSlot the state that keeps its blocks
   */
  BlockChooser(
      IndexerSpec spec,
      int layer,
      int width,
      int ratio,
      int blockSlot,
      Compressor compressor,
      Weights w,
      Pass.Plan plan) {
    this.spec = spec;
    this.ratio = ratio;
    this.blockSlot = blockSlot;
    this.compressor = compressor;
    rotatedFrom = spec.dim() - spec.rope().dims();
    scale = 1 / (float) Math.sqrt((float) (spec.dim() * spec.heads()));
    String blk = "blk." + layer + ".indexer.";
    query = w.linear(blk + "attn_q_b", w.columns(blk + "attn_q_b"), spec.heads() * spec.dim());
    weight = w.linear(blk + "proj", width, spec.heads());
    ropeSlot = plan.rope(Attention.table(spec.rope(), w));
    querySlot = plan.buffer("indexer.q", spec.heads() * spec.dim());
    weightSlot = plan.buffer("indexer.w", spec.heads());
  }

  @Override
  public void choose(Pass pass, Activations x, Activations low) {
    compressor.forward(pass, x);
    Activations q = pass.buffer(querySlot);
    Activations w = pass.buffer(weightSlot);
    pass.add(query, low, q).add(weight, x, w).run();
    RopeTable rope = pass.rope(ropeSlot);
    int most = 1;
    for (int row = 0; row < q.rows(); row++) {
      most = Math.max(most, (pass.batch().index(row) + 1) / ratio);
    }
    TokenChoice choice = pass.choice();
    choice.clear(q.rows(), 1, most);
    pass.rows(q.rows(), (row, worker) -> chooseFor(pass, row, worker, rope, q, w, choice));
  }

  private void chooseFor(
      Pass pass,
      int row,
      int worker,
      RopeTable rope,
      Activations q,
      Activations w,
      TokenChoice choice) {
    int seen = (pass.batch().index(row) + 1) / ratio;
    if (seen <= spec.topK()) {
      choice.choose(row, 0, 0, seen);
      return;
    }
    for (int h = 0; h < spec.heads(); h++) {
      rope.rotate(q.data(), row * q.width() + h * spec.dim() + rotatedFrom, row);
    }
    AttentionScratch s = pass.attentionScratch(worker);
    s.size(spec.heads(), spec.dim(), 1);
    System.arraycopy(q.data(), row * q.width(), s.queries, 0, q.width());
    KvLayer blocks = ((BlockLayer) pass.batch().cache(row).state(blockSlot)).blocks();
    float[] total = pass.scratch(worker, seen);
    for (int page = 0; page * KvRows.SLOTS < seen; page++) {
      int rows = Math.min(KvRows.SLOTS, seen - page * KvRows.SLOTS);
      blocks.keys(page).scores(s.queries, spec.heads(), 0, rows, s.scores);
      for (int i = 0; i < rows; i++) {
        float sum = 0;
        for (int h = 0; h < spec.heads(); h++) {
          float weight = w.data()[row * w.width() + h] * scale;
          sum += weight * Math.max(0, s.scores[h * KvRows.SLOTS + i]);
        }
        total[page * KvRows.SLOTS + i] = sum;
      }
    }
    int[] best = s.indices(spec.topK());
    TopK.select(total, seen, spec.topK(), best);
    for (int i = 0; i < spec.topK(); i++) {
      choice.choose(row, 0, best[i], best[i] + 1);
    }
  }
}
