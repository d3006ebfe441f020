package dev.jllm.core.block;

import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.CompressedAttentionSpec;
import dev.jllm.core.arch.IndexerSpec;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * Attention over the last tokens and over compressed blocks, see {@link CompressedAttentionSpec}.
 */
public final class CompressedAttention implements Mixer {
  private final CompressedAttentionSpec spec;
  private final int layer;
  private final int stateSlot;
  private final Linear queryDown;
  private final Norm queryDownNorm;
  private final Linear query;
  private final Norm queryNorm;
  private final Linear key;
  private final Norm keyNorm;
  private final Linear[] outputDown;
  private final Linear output;
  private final AttentionHeads heads;
  private final @Nullable Compressor compressor;
  private final @Nullable BlockChooser chooser;
  private final int rotatedFrom;
  private final int ropeSlot;
  private final int lowSlot;
  private final int querySlot;
  private final int keySlot;
  private final int headsSlot;
  private final int groupSlot;
  private final int downSlot;
  private final int joinedSlot;

  /**
   * The states of a layer.
   *
   * @param tokens keys of the last tokens
   * @param past what blocks are made of
   * @param blocks keys of blocks
   * @param indexerPast what the indexer's blocks are made of
   * @param indexerBlocks the indexer's keys of blocks
   */
  public record Slots(int tokens, int past, int blocks, int indexerPast, int indexerBlocks) {}

  /** Values that the state of a token has from which blocks are made. */
  public static int pastWidth(int dim, boolean overlap) {
    return Compressor.pastWidth(dim, overlap);
  }

  /** Binds the tensors of a layer. */
  public CompressedAttention(
      CompressedAttentionSpec spec, int layer, int width, Slots slots, Weights w, Pass.Plan plan) {
    this.spec = spec;
    this.layer = layer;
    stateSlot = slots.tokens();
    String blk = "blk." + layer + ".";
    int all = spec.heads() * spec.dim();
    int rank = w.rows(blk + "attn_q_a");
    int share = all / spec.groups();
    queryDown = w.linear(blk + "attn_q_a", width, rank);
    queryDownNorm = Norm.load(w, blk + "attn_q_a_norm", spec.norm(), rank);
    query = w.linear(blk + "attn_q_b", rank, all);
    queryNorm = new Norm(spec.norm(), spec.dim(), null, null);
    key = w.linear(blk + "attn_kv", width, spec.dim());
    keyNorm = Norm.load(w, blk + "attn_kv_a_norm", spec.norm(), spec.dim());
    outputDown = outputDown(w, blk + "attn_output_a", share);
    output = w.linear(blk + "attn_output_b", spec.groups() * spec.outputRank(), width);
    AttentionSpec inner =
        new AttentionSpec(spec.heads(), 1, spec.dim(), spec.dim())
            .scale(1 / (float) Math.sqrt(spec.dim()))
            .window(spec.window());
    heads =
        new AttentionHeads(inner, w.optionalVector(blk + "attn_sinks.weight", spec.heads()))
            .blocks(spec.ratio() > 0 ? slots.blocks() : -1, spec.ratio());
    compressor =
        spec.ratio() == 0
            ? null
            : new Compressor(
                blk + "attn_compressor",
                width,
                spec.dim(),
                spec.ratio(),
                spec.overlap(),
                spec.norm(),
                spec.rope(),
                slots.past(),
                slots.blocks(),
                w,
                plan);
    chooser = chooser(spec, layer, width, slots, w, plan);
    rotatedFrom = spec.dim() - spec.rope().dims();
    ropeSlot = plan.rope(Attention.table(spec.rope(), w));
    lowSlot = plan.buffer("latent.q_down", rank);
    querySlot = plan.buffer("attn.q", all);
    keySlot = plan.buffer("attn.k", spec.dim());
    headsSlot = plan.buffer("attn.heads", all);
    groupSlot = plan.buffer("compressed.group", share);
    downSlot = plan.buffer("compressed.down", spec.outputRank());
    joinedSlot = plan.buffer("compressed.joined", spec.groups() * spec.outputRank());
  }

  /** One matrix a group: a stack of them, or one below the other in one tensor. */
  private Linear[] outputDown(Weights w, String name, int share) {
    int rank = spec.outputRank();
    if (w.rows(name) == rank && spec.groups() > 1) {
      return w.stack(name, share, rank, spec.groups());
    }
    Linear[] all = new Linear[spec.groups()];
    for (int g = 0; g < all.length; g++) {
      all[g] = w.slice(name, share, all.length * rank, g * rank, rank);
    }
    return all;
  }

  private static @Nullable BlockChooser chooser(
      CompressedAttentionSpec spec, int layer, int width, Slots slots, Weights w, Pass.Plan plan) {
    IndexerSpec i = spec.indexer();
    if (i == null) {
      return null;
    }
    Compressor own =
        new Compressor(
            "blk." + layer + ".indexer_compressor",
            width,
            i.dim(),
            spec.ratio(),
            spec.overlap(),
            spec.norm(),
            spec.rope(),
            slots.indexerPast(),
            slots.indexerBlocks(),
            w,
            plan);
    return new BlockChooser(i, layer, width, spec.ratio(), slots.indexerBlocks(), own, w, plan);
  }

  @Override
  public void forward(Pass pass, Activations x, Activations y) {
    Activations low = pass.buffer(lowSlot);
    Activations q = pass.buffer(querySlot);
    Activations k = pass.buffer(keySlot);
    pass.add(queryDown, x, low).add(key, x, k).run();
    queryDownNorm.forward(pass, low, low);
    pass.add(query, low, q).run();
    RopeTable rope = pass.rope(ropeSlot);
    pass.rows(q.rows(), (row, worker) -> prepare(row, rope, q, k));
    pass.trace("Qcur", layer, q);
    pass.trace("Kcur", layer, k);
    store(pass, k);
    Compressor c = compressor;
    if (c != null) {
      c.forward(pass, x);
    }
    BlockChooser chosen = chooser;
    if (chosen != null) {
      chosen.choose(pass, x, low);
    }
    Activations out = pass.buffer(headsSlot);
    heads.forward(pass, stateSlot, q, out, chosen == null ? null : pass.choice());
    pass.rows(out.rows(), (row, worker) -> rotateBack(row, rope, out));
    pass.trace("kqv_out", layer, out);
    project(pass, out, y);
  }

  private void prepare(int row, RopeTable rope, Activations q, Activations k) {
    for (int at = row * q.width(); at < (row + 1) * q.width(); at += spec.dim()) {
      queryNorm.apply(q.data(), at, q.data(), at);
      rope.rotate(q.data(), at + rotatedFrom, row);
    }
    int at = row * k.width();
    keyNorm.apply(k.data(), at, k.data(), at);
    rope.rotate(k.data(), at + rotatedFrom, row);
  }

  private void store(Pass pass, Activations k) {
    Batch batch = pass.batch();
    for (int row = 0; row < batch.size(); row++) {
      int index = batch.index(row);
      KvLayer state = (KvLayer) batch.cache(row).state(stateSlot);
      state.reserve(index, index + 1);
      state.store(index, k.data(), row * k.width(), k.data(), row * k.width());
    }
  }

  private void rotateBack(int row, RopeTable rope, Activations out) {
    for (int at = row * out.width(); at < (row + 1) * out.width(); at += spec.dim()) {
      rope.rotateBack(out.data(), at + rotatedFrom, row);
    }
  }

  /** Each group of heads through its own matrix, then all together. */
  private void project(Pass pass, Activations out, Activations y) {
    int rows = out.rows();
    int groups = spec.groups();
    int share = out.width() / groups;
    int rank = spec.outputRank();
    Activations parts = pass.buffer(groupSlot, rows * groups);
    Activations down = pass.buffer(downSlot, rows * groups);
    for (int g = 0; g < groups; g++) {
      for (int row = 0; row < rows; row++) {
        int from = row * out.width() + g * share;
        System.arraycopy(out.data(), from, parts.data(), (g * rows + row) * share, share);
      }
      pass.add(outputDown[g], parts, g * rows, down, g * rows, rows);
    }
    pass.run();
    Activations joined = pass.buffer(joinedSlot);
    for (int g = 0; g < groups; g++) {
      for (int row = 0; row < rows; row++) {
        int to = row * joined.width() + g * rank;
        System.arraycopy(down.data(), (g * rows + row) * rank, joined.data(), to, rank);
      }
    }
    pass.add(output, joined, y).run();
  }
}
