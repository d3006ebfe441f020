package dev.jllm.core.block;

import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.AttentionSpec.Gate;
import dev.jllm.core.arch.AttentionSpec.QkNorm;
import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * Attention with grouped query heads (Ainslie et al., arXiv:2305.13245) and the variants of {@link
 * AttentionSpec}. Shapes of a row: input {@code width}, queries {@code heads × keyDim}, keys {@code
 * kvHeads × keyDim}, values {@code kvHeads × valueDim}.
 */
public final class Attention implements Mixer {
  /** Tokens whose keys one worker stores: neighbours of a column share lines of its cache. */
  private static final int STORED_ROWS = 32;

  private final AttentionSpec spec;
  private final int layer;
  private final int stateSlot;
  private final Linear query;
  private final @Nullable Linear key;
  private final @Nullable Linear value;
  private final @Nullable Linear gate;
  private final Linear output;
  private final @Nullable Norm queryNorm;
  private final @Nullable Norm keyNorm;
  private final @Nullable Norm valueNorm;
  private final @Nullable Norm outputNorm;
  private final int ropeSlot;
  private final int querySlot;
  private final int keySlot;
  private final int valueSlot;
  private final int gateSlot;
  private final int headsSlot;
  private final AttentionHeads heads;
  private final @Nullable BlockIndexer indexer;

  /**
   * Binds the tensors of layer {@code layer}.
   *
   * @param stateSlot the number of the keys and values in a {@link SequenceCache}
   */
  public Attention(
      AttentionSpec spec,
      int layer,
      int width,
      int stateSlot,
      @Nullable BlockIndexer indexer,
      Weights w,
      Pass.Plan plan) {
    this.spec = spec;
    this.layer = layer;
    this.stateSlot = stateSlot;
    this.indexer = indexer;
    String blk = "blk." + layer + ".";
    int q = spec.heads * spec.keyDim;
    int k = spec.kvHeads * spec.keyDim;
    int v = spec.kvHeads * spec.valueDim;
    boolean own = spec.kvLayer < 0;
    if (w.has(blk + "attn_qkv")) {
      query = fused(w, blk, "q", width, 0, q);
      key = own ? fused(w, blk, "k", width, spec.fusedKeys, k) : null;
      value = own ? fused(w, blk, "v", width, spec.fusedValues, v) : null;
    } else {
      query = w.linear(blk + "attn_q", width, q);
      key = own ? w.linear(blk + "attn_k", width, k) : null;
      value = own && !spec.valueIsKey ? w.linear(blk + "attn_v", width, v) : null;
    }
    output = w.linear(blk + "attn_output", spec.heads * spec.valueDim, width);
    boolean perHead = w.rows(blk + "attn_gate") == spec.heads;
    gate =
        spec.gate == Gate.NONE
            ? null
            : w.linear(blk + "attn_gate", width, perHead ? spec.heads : spec.heads * spec.valueDim);
    queryNorm = qkNorm(w, blk + "attn_q_norm", spec.heads, spec.normWeights);
    keyNorm =
        own
            ? qkNorm(w, blk + "attn_k_norm", spec.kvHeads, spec.normWeights && spec.keyNormWeights)
            : null;
    NormSpec norm = spec.norm;
    valueNorm = spec.valueNorm && norm != null ? new Norm(norm, spec.valueDim, null, null) : null;
    NormSpec sub = spec.outputNorm;
    outputNorm =
        sub == null ? null : Norm.load(w, blk + "attn_sub_norm", sub, spec.heads * spec.valueDim);
    RopeSpec rope = spec.rope;
    ropeSlot = rope == null ? -1 : plan.rope(table(rope, w));
    querySlot = plan.buffer("attn.q", q);
    keySlot = plan.buffer("attn.k", k);
    valueSlot = plan.buffer("attn.v", v);
    gateSlot = gate == null ? -1 : plan.buffer("attn.gate", gate.out());
    headsSlot = plan.buffer("attn.heads", spec.heads * spec.valueDim);
    heads = new AttentionHeads(spec, w.optionalVector(blk + "attn_sinks.weight", spec.heads));
  }

  /** Rounds sums to half precision, see {@link AttentionSpec#halfSums()}. */
  public Attention halfSums() {
    heads.halfSums();
    return this;
  }

  /** Rows of the tensor {@code attn_qkv}, with adapters of their own. */
  private Linear fused(Weights w, String blk, String part, int width, int first, int rows) {
    return w.slice(blk + "attn_qkv", width, spec.fusedRows, first, rows)
        .with(w.adapters(blk + "attn_" + part, width, rows));
  }

  static RopeTable table(RopeSpec rope, Weights w) {
    String factors = rope.factors();
    return new RopeTable(rope, factors == null ? null : w.prefix(factors, rope.dims() / 2));
  }

  private @Nullable Norm qkNorm(Weights w, String name, int count, boolean weights) {
    NormSpec norm = spec.norm;
    if (spec.qkNorm == QkNorm.NONE || norm == null || spec.normsWherePresent && !w.has(name)) {
      return null;
    }
    if (!weights) {
      int all = spec.qkNorm == QkNorm.WHOLE ? count * spec.keyDim : spec.keyDim;
      return new Norm(norm, all, null, null);
    }
    if (spec.qkNorm == QkNorm.EACH && w.columns(name) == 1) {
      return new Norm(norm, spec.keyDim, spread(w.values(name + ".weight", 1, count)), null);
    }
    if (spec.qkNorm == QkNorm.EACH) {
      return new Norm(
          norm,
          spec.keyDim,
          w.values(name + ".weight", spec.keyDim, count),
          w.has(name, "bias") ? w.values(name + ".bias", spec.keyDim, count) : null);
    }
    int width = spec.qkNorm == QkNorm.HEAD ? spec.keyDim : count * spec.keyDim;
    return Norm.load(w, name, norm, width);
  }

  /** One weight a head, repeated for all of its values. */
  private float[] spread(float[] perHead) {
    float[] all = new float[perHead.length * spec.keyDim];
    for (int i = 0; i < all.length; i++) {
      all[i] = perHead[i / spec.keyDim];
    }
    return all;
  }

  @Override
  public void forward(Pass pass, Activations x, Activations y) {
    Activations q = pass.buffer(querySlot);
    Activations k = pass.buffer(keySlot);
    Activations v = pass.buffer(valueSlot);
    project(pass, x, q, k, v);
    RopeTable rope = ropeSlot < 0 ? null : pass.rope(ropeSlot);
    if (q.rows() == 1) {
      prepare(pass.batch(), 0, rope, q, k, v); // without a closure, which every token would pay
    } else {
      pass.rows(q.rows(), (row, worker) -> prepare(pass.batch(), row, rope, q, k, v));
    }
    pass.trace("Qcur", layer, q);
    if (key != null) {
      pass.trace("Kcur", layer, k);
      pass.trace("Vcur", layer, v);
      store(pass, k, v);
    }
    Activations out = pass.buffer(headsSlot);
    BlockIndexer i = indexer;
    if (i != null) {
      i.choose(pass, x, x);
    }
    heads.forward(pass, stateSlot, q, out, i == null ? null : pass.choice());
    gateHeads(pass, out);
    Norm sub = outputNorm;
    if (sub != null) {
      sub.forward(pass, out, out);
    }
    pass.trace("kqv_out", layer, out);
    pass.add(output, out, y).run();
  }

  private void project(Pass pass, Activations x, Activations q, Activations k, Activations v) {
    pass.add(query, x, q);
    Linear wk = key;
    Linear wv = value;
    Linear wg = gate;
    if (wk != null) {
      pass.add(wk, x, k);
    }
    if (wv != null) {
      pass.add(wv, x, v);
    }
    if (wg != null) {
      pass.add(wg, x, pass.buffer(gateSlot));
    }
    pass.run();
    if (wk != null && wv == null) {
      System.arraycopy(k.data(), 0, v.data(), 0, k.rows() * k.width());
    }
  }

  /** Clamps, normalises, rotates and scales one token's queries, keys and values. */
  private void prepare(
      Batch batch, int row, @Nullable RopeTable rope, Activations q, Activations k, Activations v) {
    if (spec.clamp > 0) {
      clamp(q, row);
      clamp(k, row);
      clamp(v, row);
    }
    if (!spec.normAfterRope) {
      normalise(queryNorm, q, row);
      normalise(keyNorm, k, row);
    }
    if (rope != null) {
      for (int h = 0; h < spec.heads; h++) {
        rope.rotate(q.data(), row * q.width() + h * spec.keyDim, row);
      }
      if (key != null) {
        for (int h = 0; h < spec.kvHeads; h++) {
          rope.rotate(k.data(), row * k.width() + h * spec.keyDim, row);
        }
      }
    }
    if (spec.normAfterRope) {
      normalise(queryNorm, q, row);
      normalise(keyNorm, k, row);
    }
    if (key != null) {
      normalise(valueNorm, v, row);
    }
    if (spec.temperatureLength > 0) {
      float t = temperature(batch.position(row));
      float[] data = q.data();
      for (int i = row * q.width(); i < (row + 1) * q.width(); i++) {
        data[i] *= t;
      }
    }
  }

  private float temperature(int position) {
    double steps = Math.floor((position + spec.temperatureOffset) / spec.temperatureLength);
    return (float) (Math.log(steps + 1) * spec.temperatureScale + 1);
  }

  private void clamp(Activations a, int row) {
    float[] data = a.data();
    for (int i = row * a.width(); i < (row + 1) * a.width(); i++) {
      data[i] = Math.max(-spec.clamp, Math.min(spec.clamp, data[i]));
    }
  }

  private static void normalise(@Nullable Norm norm, Activations a, int row) {
    if (norm != null) {
      for (int i = row * a.width(); i < (row + 1) * a.width(); i += norm.width()) {
        norm.apply(a.data(), i, a.data(), i, i - row * a.width());
      }
    }
  }

  /** Remembers keys and values of all tokens of the batch. */
  private void store(Pass pass, Activations k, Activations v) {
    Batch batch = pass.batch();
    int n = batch.size();
    for (int row = 0; row < n; row++) {
      int index = batch.index(row);
      ((KvLayer) batch.cache(row).state(stateSlot)).reserve(index, index + 1);
    }
    if (n < STORED_ROWS) {
      store(batch, 0, n, k, v);
    } else {
      int parts = (n + STORED_ROWS - 1) / STORED_ROWS;
      pass.workers()
          .run(
              parts,
              (part, worker) -> {
                int from = part * STORED_ROWS;
                store(batch, from, Math.min(n, from + STORED_ROWS), k, v);
              });
    }
  }

  private void store(Batch batch, int from, int to, Activations k, Activations v) {
    for (int row = from; row < to; row++) {
      KvLayer kv = (KvLayer) batch.cache(row).state(stateSlot);
      kv.store(batch.index(row), k.data(), row * k.width(), v.data(), row * v.width());
    }
  }

  private void gateHeads(Pass pass, Activations out) {
    if (spec.outputScale != 1) {
      for (int i = 0; i < out.rows() * out.width(); i++) {
        out.data()[i] *= spec.outputScale;
      }
    }
    if (gate != null) {
      applyGate(spec.gate, pass.buffer(gateSlot), out);
    }
  }

  /** Multiplies by the sigmoid or softplus of a gate, which has one value a head or for each. */
  static void applyGate(Gate kind, Activations g, Activations out) {
    int share = out.width() / g.width();
    for (int i = 0; i < g.rows() * g.width(); i++) {
      float v = g.data()[i];
      float factor = kind == Gate.SIGMOID ? Activation.sigmoid(v) : Activation.softplus(v);
      for (int k = i * share; k < (i + 1) * share; k++) {
        out.data()[k] *= factor;
      }
    }
  }
}
