package dev.jllm.core.block;

import dev.jllm.core.arch.BlockIndexerSpec;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.cache.KvRows;
import dev.jllm.core.tensor.Activations;
import java.util.Arrays;

/** Chooses blocks of tokens by their greatest score, see {@link BlockIndexerSpec}. */
public final class BlockIndexer implements TokenChooser {
  private final BlockIndexerSpec spec;
  private final int stateSlot;
  private final Linear query;
  private final Linear key;
  private final Norm queryNorm;
  private final Norm keyNorm;
  private final int ropeSlot;
  private final int querySlot;
  private final int keySlot;

  /**
   * Binds the tensors {@code indexer.*} of a layer.
   *
   * @param stateSlot the number of its keys in a sequence's cache
   */
  public BlockIndexer(
      BlockIndexerSpec spec, int layer, int width, int stateSlot, Weights w, Pass.Plan plan) {
    this.spec = spec;
    this.stateSlot = stateSlot;
    String blk = "blk." + layer + ".indexer.";
    query = w.linear(blk + "q_proj", width, spec.heads() * spec.dim());
    key = w.linear(blk + "k_proj", width, spec.dim());
    queryNorm = Norm.load(w, blk + "q_norm", spec.norm(), spec.dim());
    keyNorm = Norm.load(w, blk + "k_norm", spec.norm(), spec.dim());
    ropeSlot = plan.rope(Attention.table(spec.rope(), w));
    querySlot = plan.buffer("indexer.q", spec.heads() * spec.dim());
    keySlot = plan.buffer("indexer.k", spec.dim());
  }

  @Override
  public void choose(Pass pass, Activations x, Activations low) {
    Activations q = pass.buffer(querySlot);
    Activations k = pass.buffer(keySlot);
    pass.add(query, x, q).add(key, x, k).run();
    RopeTable rope = pass.rope(ropeSlot);
    Batch batch = pass.batch();
    int longest = 0;
    for (int row = 0; row < batch.size(); row++) {
      int at = row * spec.dim();
      keyNorm.apply(k.data(), at, k.data(), at);
      rope.rotate(k.data(), at, row);
      for (int h = row * spec.heads(); h < (row + 1) * spec.heads(); h++) {
        queryNorm.apply(q.data(), h * spec.dim(), q.data(), h * spec.dim());
        rope.rotate(q.data(), h * spec.dim(), row);
      }
      int index = batch.index(row);
      KvLayer state = (KvLayer) batch.cache(row).state(stateSlot);
      state.reserve(index, index + 1);
      state.store(index, k.data(), at, k.data(), at);
      longest = Math.max(longest, index + 1);
    }
    TokenChoice choice = pass.choice();
    choice.clear(batch.size(), spec.heads(), longest);
    pass.rows(batch.size(), (row, worker) -> chooseFor(pass, row, worker, q, choice));
  }

  private void chooseFor(Pass pass, int row, int worker, Activations q, TokenChoice choice) {
    int seen = pass.batch().index(row) + 1;
    int blocks = (seen + spec.block() - 1) / spec.block();
    AttentionScratch s = pass.attentionScratch(worker);
    s.size(spec.heads(), spec.dim(), 1);
    System.arraycopy(q.data(), row * q.width(), s.queries, 0, q.width());
    KvLayer state = (KvLayer) pass.batch().cache(row).state(stateSlot);
    float[] best = pass.scratch(worker, spec.heads() * blocks);
    Arrays.fill(best, 0, spec.heads() * blocks, Float.NEGATIVE_INFINITY);
    for (int page = 0; page * KvRows.SLOTS < seen; page++) {
      int rows = Math.min(KvRows.SLOTS, seen - page * KvRows.SLOTS);
      state.keys(page).scores(s.queries, spec.heads(), 0, rows, s.scores);
      for (int h = 0; h < spec.heads(); h++) {
        for (int i = 0; i < rows; i++) {
          int b = h * blocks + (page * KvRows.SLOTS + i) / spec.block();
          best[b] = Math.max(best[b], s.scores[h * KvRows.SLOTS + i]);
        }
      }
    }
    for (int h = 0; h < spec.heads(); h++) {
      chooseBlocks(best, h * blocks, blocks, row, h, seen, choice);
    }
  }

  private void chooseBlocks(
      float[] best, int at, int blocks, int row, int head, int seen, TokenChoice choice) {
    for (int b = Math.max(0, blocks - spec.local()); b < blocks; b++) {
      best[at + b] = Float.POSITIVE_INFINITY;
    }
    for (int k = 0; k < Math.min(spec.topK(), blocks); k++) {
      int chosen = 0;
      for (int b = 1; b < blocks; b++) {
        if (best[at + b] > best[at + chosen]) {
          chosen = b;
        }
      }
      best[at + chosen] = Float.NEGATIVE_INFINITY;
      int from = chosen * spec.block();
      choice.choose(row, head, from, Math.min(seen, from + spec.block()));
    }
  }
}
