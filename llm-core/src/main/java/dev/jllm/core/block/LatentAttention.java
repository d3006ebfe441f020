package dev.jllm.core.block;

import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.LatentAttentionSpec;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * Attention over latent vectors, see {@link LatentAttentionSpec}. Shapes of a row: queries {@code
 * heads × (plain + rotated)}; absorbed, they become {@code heads × (rank + rotated)} against one
 * key {@code rank + rotated}, whose first {@code rank} values are the value.
 */
public final class LatentAttention implements Mixer {
  private final LatentAttentionSpec spec;
  private final int layer;
  private final int stateSlot;
  private final @Nullable Linear queryDown;
  private final @Nullable Norm queryNorm;
  private final Linear query;
  private final Linear latent;
  private final Norm latentNorm;
  private final @Nullable Norm rotatedKeyNorm;
  private final Linear @Nullable [] keyUp;
  private final Linear @Nullable [] valueUp;
  private final @Nullable Linear keyValueUp;
  private final @Nullable Linear gate;
  private final Linear output;
  private final @Nullable Indexer indexer;
  private final boolean absorbed;
  private final AttentionSpec inner;
  private final AttentionHeads heads;
  private final int ropeSlot;
  private final int queryDownSlot;
  private final int querySlot;
  private final int latentSlot;
  private final int compressedSlot;
  private final int headInSlot;
  private final int headOutSlot;
  private final int innerQuerySlot;
  private final int innerKeySlot;
  private final int innerValueSlot;
  private final int upSlot;
  private final int mixedSlot;
  private final int resultSlot;
  private final int gateSlot;
  private final int backSlot;

  /** What softmax attention has to do in the file's form of {@code spec}. */
  public static AttentionSpec inner(LatentAttentionSpec spec, boolean absorbed) {
    AttentionSpec a =
        absorbed
            ? new AttentionSpec(spec.heads, 1, spec.rank + spec.rotatedDim, spec.rank)
            : new AttentionSpec(
                spec.heads, spec.heads, spec.plainDim + spec.rotatedDim, spec.valueDim);
    return a.scale(spec.scale).window(spec.window);
  }

  /** Binds the tensors of a layer. */
  public LatentAttention(
      LatentAttentionSpec spec,
      int layer,
      int width,
      int stateSlot,
      @Nullable Indexer indexer,
      Weights w,
      Pass.Plan plan) {
    this.spec = spec;
    this.layer = layer;
    this.stateSlot = stateSlot;
    this.indexer = indexer;
    String blk = "blk." + layer + ".";
    int dim = spec.plainDim + spec.rotatedDim;
    int rank = spec.rank;
    if (w.has(blk + "attn_q_a")) {
      int queryRank = w.rows(blk + "attn_q_a");
      queryDown = w.linear(blk + "attn_q_a", width, queryRank);
      queryNorm = Norm.load(w, blk + "attn_q_a_norm", spec.norm, queryRank);
      query = w.linear(blk + "attn_q_b", queryRank, spec.heads * dim);
    } else {
      queryDown = null;
      queryNorm = null;
      query = w.linear(blk + "attn_q", width, spec.heads * dim);
    }
    latent = w.linear(blk + "attn_kv_a_mqa", width, rank + spec.rotatedDim);
    latentNorm = Norm.load(w, blk + "attn_kv_a_norm", spec.norm, rank);
    rotatedKeyNorm =
        spec.rotatedKeyNorm ? Norm.load(w, blk + "attn_k_norm", spec.norm, spec.rotatedDim) : null;
    absorbed = w.has(blk + "attn_k_b");
    if (absorbed) {
      keyUp = w.stack(blk + "attn_k_b", spec.plainDim, rank, spec.heads);
      valueUp = w.stack(blk + "attn_v_b", rank, spec.valueDim, spec.heads);
      keyValueUp = null;
    } else {
      keyUp = null;
      valueUp = null;
      keyValueUp = w.linear(blk + "attn_kv_b", rank, spec.heads * (spec.plainDim + spec.valueDim));
    }
    int out = spec.heads * spec.valueDim;
    output = w.linear(blk + "attn_output", out, width);
    gate =
        spec.gate == AttentionSpec.Gate.NONE
            ? null
            : w.linear(blk + "attn_gate", width, w.rows(blk + "attn_gate"));
    inner = inner(spec, absorbed);
    heads = new AttentionHeads(inner, w.optionalVector(blk + "attn_sinks.weight", spec.heads));
    ropeSlot = plan.rope(Attention.table(spec.rope, w));
    queryDownSlot = plan.buffer("latent.q_down", queryDown == null ? 0 : queryDown.out());
    querySlot = plan.buffer("latent.q", spec.heads * dim);
    latentSlot = plan.buffer("latent.kv", rank + spec.rotatedDim);
    compressedSlot = plan.buffer("latent.compressed", rank);
    headInSlot = plan.buffer("latent.head_in", spec.plainDim);
    headOutSlot = plan.buffer("latent.head_out", rank);
    innerQuerySlot = plan.buffer("attn.q", spec.heads * inner.keyDim);
    innerKeySlot = plan.buffer("attn.k", inner.kvHeads * inner.keyDim);
    innerValueSlot = plan.buffer("attn.v", inner.kvHeads * inner.valueDim);
    upSlot = plan.buffer("latent.up", spec.heads * (spec.plainDim + spec.valueDim));
    mixedSlot = plan.buffer("attn.heads", spec.heads * inner.valueDim);
    resultSlot = plan.buffer("latent.result", out);
    backSlot = plan.buffer("latent.back", spec.valueDim);
    gateSlot = gate == null ? -1 : plan.buffer("attn.gate", gate.out());
  }

  @Override
  public void forward(Pass pass, Activations x, Activations y) {
    Activations q = pass.buffer(querySlot);
    Activations kv = pass.buffer(latentSlot);
    Linear g = gate;
    if (g != null) {
      pass.add(g, x, pass.buffer(gateSlot));
    }
    Activations low = projectQuery(pass, x, q, kv);
    RopeTable rope = pass.rope(ropeSlot);
    Activations compressed = pass.buffer(compressedSlot);
    pass.rows(q.rows(), (row, worker) -> prepare(pass.batch(), row, rope, q, kv, compressed));
    Indexer i = indexer;
    if (i != null) {
      i.choose(pass, x, low);
    }
    Activations out =
        absorbed ? absorbed(pass, q, kv, compressed) : expanded(pass, q, kv, compressed);
    pass.trace("kqv_out", layer, out);
    if (g != null) {
      Attention.applyGate(spec.gate, pass.buffer(gateSlot), out);
    }
    pass.add(output, out, y).run();
  }

  /** Returns what the query comes from: its low-rank vector, or {@code x}. */
  private Activations projectQuery(Pass pass, Activations x, Activations q, Activations kv) {
    Linear down = queryDown;
    Norm norm = queryNorm;
    if (down == null || norm == null) {
      pass.add(query, x, q).add(latent, x, kv).run();
      return x;
    }
    Activations low = pass.buffer(queryDownSlot);
    pass.add(down, x, low).add(latent, x, kv).run();
    norm.forward(pass, low, low);
    pass.add(query, low, q).run();
    return low;
  }

  /** Rotates one token's queries and key, and normalises its latent vector. */
  private void prepare(
      Batch batch, int row, RopeTable rope, Activations q, Activations kv, Activations compressed) {
    int dim = spec.plainDim + spec.rotatedDim;
    for (int h = 0; h < spec.heads; h++) {
      rope.rotate(q.data(), row * q.width() + h * dim + spec.plainDim, row);
    }
    int at = row * kv.width();
    Norm keyNorm = rotatedKeyNorm;
    if (keyNorm != null) {
      keyNorm.apply(kv.data(), at + spec.rank, kv.data(), at + spec.rank);
    }
    rope.rotate(kv.data(), at + spec.rank, row);
    latentNorm.apply(kv.data(), at, compressed.data(), row * spec.rank);
    if (spec.temperatureLength > 0) {
      double steps = Math.floor((double) batch.position(row) / spec.temperatureLength);
      float t = (float) (Math.log(steps + 1) * spec.temperatureScale + 1);
      for (int i = row * q.width(); i < (row + 1) * q.width(); i++) {
        q.data()[i] *= t;
      }
    }
  }

  /** Queries go to the latent space, attention happens there, values come back from it. */
  private Activations absorbed(Pass pass, Activations q, Activations kv, Activations compressed) {
    int rows = q.rows();
    int dim = spec.plainDim + spec.rotatedDim;
    int rank = spec.rank;
    Activations plain = pass.buffer(headInSlot, rows * spec.heads);
    Activations up = pass.buffer(headOutSlot, rows * spec.heads);
    Linear[] keys = keyUp;
    Linear[] values = valueUp;
    if (keys == null || values == null) {
      throw new IllegalStateException("layer " + layer + " is not absorbed");
    }
    for (int h = 0; h < spec.heads; h++) {
      for (int row = 0; row < rows; row++) {
        copy(q, row, h * dim, plain, h * rows + row, 0, spec.plainDim);
      }
      pass.add(keys[h], plain, h * rows, up, h * rows, rows);
    }
    pass.run();
    Activations innerQuery = pass.buffer(innerQuerySlot);
    Activations innerKey = pass.buffer(innerKeySlot);
    for (int row = 0; row < rows; row++) {
      for (int h = 0; h < spec.heads; h++) {
        int to = h * (rank + spec.rotatedDim);
        copy(up, h * rows + row, 0, innerQuery, row, to, rank);
        copy(q, row, h * dim + spec.plainDim, innerQuery, row, to + rank, spec.rotatedDim);
      }
      copy(compressed, row, 0, innerKey, row, 0, rank);
      copy(kv, row, rank, innerKey, row, rank, spec.rotatedDim);
    }
    store(pass, innerKey, innerKey);
    Activations mixed = pass.buffer(mixedSlot);
    heads.forward(pass, stateSlot, innerQuery, mixed, choice(pass));
    Activations result = pass.buffer(resultSlot);
    // Each head's latent result is projected by its own matrix: rows sorted by head again.
    for (int row = 0; row < rows; row++) {
      for (int h = 0; h < spec.heads; h++) {
        copy(mixed, row, h * rank, up, h * rows + row, 0, rank);
      }
    }
    return project(pass, values, up, result);
  }

  private Activations project(Pass pass, Linear[] values, Activations up, Activations result) {
    int rows = result.rows();
    Activations back = pass.buffer(backSlot, rows * spec.heads);
    for (int h = 0; h < spec.heads; h++) {
      pass.add(values[h], up, h * rows, back, h * rows, rows);
    }
    pass.run();
    for (int row = 0; row < rows; row++) {
      for (int h = 0; h < spec.heads; h++) {
        copy(back, h * rows + row, 0, result, row, h * spec.valueDim, spec.valueDim);
      }
    }
    return result;
  }

  /** Keys and values of all heads are made of the latent vectors and kept. */
  private Activations expanded(Pass pass, Activations q, Activations kv, Activations compressed) {
    Linear both = keyValueUp;
    if (both == null) {
      throw new IllegalStateException("layer " + layer + " is absorbed");
    }
    Activations up = pass.buffer(upSlot);
    pass.add(both, compressed, up).run();
    Activations k = pass.buffer(innerKeySlot);
    Activations v = pass.buffer(innerValueSlot);
    int dim = spec.plainDim + spec.rotatedDim;
    int share = spec.plainDim + spec.valueDim;
    for (int row = 0; row < q.rows(); row++) {
      for (int h = 0; h < spec.heads; h++) {
        copy(up, row, h * share, k, row, h * dim, spec.plainDim);
        copy(kv, row, spec.rank, k, row, h * dim + spec.plainDim, spec.rotatedDim);
        copy(up, row, h * share + spec.plainDim, v, row, h * spec.valueDim, spec.valueDim);
      }
    }
    store(pass, k, v);
    Activations out = pass.buffer(mixedSlot);
    heads.forward(pass, stateSlot, q, out, choice(pass));
    return out;
  }

  private @Nullable TokenChoice choice(Pass pass) {
    return indexer != null || spec.indexerLayer >= 0 ? pass.choice() : null;
  }

  private void store(Pass pass, Activations k, Activations v) {
    Batch batch = pass.batch();
    for (int row = 0; row < batch.size(); row++) {
      int index = batch.index(row);
      KvLayer state = (KvLayer) batch.cache(row).state(stateSlot);
      state.reserve(index, index + 1);
      state.store(index, k.data(), row * k.width(), v.data(), row * v.width());
    }
  }

  private static void copy(
      Activations from, int row, int at, Activations to, int toRow, int toAt, int n) {
    System.arraycopy(from.data(), row * from.width() + at, to.data(), toRow * to.width() + toAt, n);
  }
}
