package dev.jllm.core.block;

import dev.jllm.core.arch.IndexerSpec;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.cache.KvRows;
import dev.jllm.core.tensor.Activations;

/**
 * Chooses the tokens that attention sees: {@code score(t, s) = Σ_h w_h(t) · relu(q_h(t) · k(s))},
 * of which the best are taken; see {@link IndexerSpec}.
 */
public final class Indexer implements TokenChooser {
  private final IndexerSpec spec;
  private final int stateSlot;
  private final int rotatedFrom;
  private final Linear query;
  private final Linear key;
  private final Norm keyNorm;
  private final Linear weight;
  private final int ropeSlot;
  private final int querySlot;
  private final int keySlot;
  private final int weightSlot;

  /**
   * Binds the tensors {@code indexer.*} of a layer.
   *
   * @param stateSlot the number of its keys in a sequence's cache
   */
  public Indexer(IndexerSpec spec, int layer, int width, int stateSlot, Weights w, Pass.Plan plan) {
    this.spec = spec;
    this.stateSlot = stateSlot;
    rotatedFrom = spec.rotatedLast() ? spec.dim() - spec.rope().dims() : 0;
    String blk = "blk." + layer + ".indexer.";
    int heads = spec.heads();
    int dim = spec.dim();
    query = w.linear(blk + "attn_q_b", w.columns(blk + "attn_q_b"), heads * dim);
    key = w.linear(blk + "attn_k", width, dim);
    keyNorm = Norm.load(w, blk + "k_norm", spec.norm(), dim);
    weight = w.linear(blk + "proj", width, heads);
    ropeSlot = plan.rope(Attention.table(spec.rope(), w));
    querySlot = plan.buffer("indexer.q", heads * dim);
    keySlot = plan.buffer("indexer.k", dim);
    weightSlot = plan.buffer("indexer.w", heads);
  }

  @Override
  public void choose(Pass pass, Activations x, Activations low) {
    Activations q = pass.buffer(querySlot);
    Activations k = pass.buffer(keySlot);
    Activations w = pass.buffer(weightSlot);
    pass.add(query, low, q).add(key, x, k).add(weight, x, w).run();
    RopeTable rope = pass.rope(ropeSlot);
    Batch batch = pass.batch();
    int longest = 0;
    for (int row = 0; row < batch.size(); row++) {
      int at = row * spec.dim();
      keyNorm.apply(k.data(), at, k.data(), at);
      rope.rotate(k.data(), at + rotatedFrom, row);
      for (int h = 0; h < spec.heads(); h++) {
        rope.rotate(q.data(), row * q.width() + h * spec.dim() + rotatedFrom, row);
      }
      int index = batch.index(row);
      KvLayer state = (KvLayer) batch.cache(row).state(stateSlot);
      state.reserve(index, index + 1);
      state.store(index, k.data(), at, k.data(), at);
      longest = Math.max(longest, index + 1);
    }
    TokenChoice choice = pass.choice();
    choice.clear(batch.size(), 1, longest);
    pass.rows(batch.size(), (row, worker) -> chooseFor(pass, row, worker, q, w, choice));
  }

  private void chooseFor(
      Pass pass, int row, int worker, Activations q, Activations w, TokenChoice choice) {
    int seen = pass.batch().index(row) + 1;
    if (seen <= spec.topK()) {
      choice.choose(row, 0, 0, seen);
      return;
    }
    AttentionScratch s = pass.attentionScratch(worker);
    s.size(spec.heads(), spec.dim(), 1);
    System.arraycopy(q.data(), row * q.width(), s.queries, 0, q.width());
    KvLayer state = (KvLayer) pass.batch().cache(row).state(stateSlot);
    float[] total = pass.scratch(worker, seen);
    for (int page = 0; page * KvRows.SLOTS < seen; page++) {
      int rows = Math.min(KvRows.SLOTS, seen - page * KvRows.SLOTS);
      state.keys(page).scores(s.queries, spec.heads(), 0, rows, s.scores);
      for (int i = 0; i < rows; i++) {
        float sum = 0;
        for (int h = 0; h < spec.heads(); h++) {
          sum += w.data()[row * w.width() + h] * Math.max(0, s.scores[h * KvRows.SLOTS + i]);
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
