package dev.jllm.core.arch.families;

import static dev.jllm.core.arch.ModelSpec.decoder;
import static dev.jllm.core.arch.families.Parts.experts;
import static dev.jllm.core.arch.families.Parts.gqa;
import static dev.jllm.core.arch.families.Parts.gqaHeadNorm;
import static dev.jllm.core.arch.families.Parts.hasExperts;
import static dev.jllm.core.arch.families.Parts.layer;
import static dev.jllm.core.arch.families.Parts.plainExperts;
import static dev.jllm.core.arch.families.Parts.swiglu;
import static dev.jllm.core.arch.families.Parts.swigluOrExperts;
import static dev.jllm.core.arch.families.Parts.weightedExperts;

import dev.jllm.api.UnsupportedModelException;
import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.AttentionSpec.QkNorm;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.MoeSpec.Gating;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;

/** Qwen, OLMo and their like: rotation of halves, norms of queries and keys. */
public final class Qwen {
  private Qwen() {}

  /** How attention of a layer is made. */
  private interface Mixers {
    AttentionSpec of(int layer);
  }

  /** How the experts of a layer are made. */
  private interface Experts {
    MoeSpec of(int layer);
  }

  /** Registers the family. */
  public static void register(Architectures.Registry r) {
    r.add("qwen", m -> model(m, i -> fusedRows(gqa(m, i, Pairing.HALVES), 3 * m.width()), false));
    r.add("qwen2", m -> model(m, i -> gqa(m, i, Pairing.HALVES), false));
    r.add(
        "qwen2vl",
        m -> model(m, i -> sections(m, i, Pairing.SECTIONS), false).withoutBiases("output"));
    r.add("paddleocr", m -> model(m, i -> sections(m, i, Pairing.SECTIONS), false));
    r.add("qwen2moe", m -> fixed(m, i -> gqa(m, i, Pairing.HALVES), false));
    r.add("qwen3", m -> model(m, i -> gqaHeadNorm(m, i, Pairing.HALVES), true));
    r.add("qwen3moe", m -> fixed(m, i -> gqaHeadNorm(m, i, Pairing.HALVES), true));
    for (String name : new String[] {"qwen3vl", "qwen3vlmoe", "qwen3tts"}) {
      r.add(
          name,
          m ->
              fixed(
                  m,
                  i -> sections(m, i, Pairing.INTERLEAVED_SECTIONS).qkNorm(QkNorm.HEAD, m.rms()),
                  true));
    }
    r.add("rnd1", m -> model(m, i -> gqaHeadNorm(m, i, Pairing.HALVES).bidirectional(), true));
    r.add(
        "llada-moe", m -> model(m, i -> gqaHeadNorm(m, i, Pairing.HALVES).bidirectional(), false));
    r.add(
        "olmoe",
        m -> fixed(m, i -> gqa(m, i, Pairing.HALVES).qkNorm(QkNorm.WHOLE, m.rms()), false));
    r.add("olmo2", Qwen::olmo2);
    r.add("openelm", m -> model(m, i -> gqaHeadNorm(m, i, Pairing.HALVES), false));
    r.add(
        "maincoder",
        m -> model(m, i -> gqaHeadNorm(m, i, Pairing.NEIGHBOURS).normAfterRope(), false));
    r.add("dots1", m -> model(m, i -> gqaHeadNorm(m, i, Pairing.HALVES), false));
    r.add("bailingmoe2", m -> model(m, i -> bailing2(m, i), false));
    r.add("bailingmoe", m -> weighted(m, i -> gqa(m, i, Pairing.NEIGHBOURS), false));
    r.add("deepseek", m -> weighted(m, i -> gqa(m, i, Pairing.NEIGHBOURS), true));
    r.add("deepseek2-ocr", Qwen::deepseekOcr);
    r.add("ernie4_5-moe", Qwen::ernieMoe);
    r.add(
        "minimax-m2",
        m ->
            model(
                m,
                i -> gqa(m, i, Pairing.HALVES).qkNorm(QkNorm.WHOLE, m.rms()),
                i -> plainExperts(m, i, Act.SILU).normalise(true).gating(m, Gating.SOFTMAX)));
    r.add("hy_v3", m -> model(m, i -> gqaHeadNorm(m, i, Pairing.HALVES), false, Gating.SIGMOID));
    for (String name : new String[] {"hunyuan-dense", "hunyuan_vl"}) {
      r.add(name, m -> model(m, i -> hunyuan(m, i), true));
    }
    for (String name : new String[] {"hunyuan-moe"}) {
      r.add(name, m -> fixed(m, i -> gqaHeadNorm(m, i, Pairing.HALVES).normAfterRope(), true));
    }
    r.add("exaone4", Qwen::exaone4);
    r.add(
        "exaone-moe",
        m ->
            model(m, i -> windowedNoFar(m, i, 4, m.integer("attention.sliding_window", 0)), false));
    r.add(
        "apertus",
        m ->
            decoder(
                    m,
                    m.rms(),
                    i ->
                        layer(m, i)
                            .mixer(gqaHeadNorm(m, i, Pairing.HALVES))
                            .ffn(Parts.dense(m, i, Act.XIELU).constants(xielu(m, i))))
                .withoutBiases("attn_q_norm", "attn_k_norm"));
  }

  /** α_n, α_p, β and ε of a layer; the first two are stored before softplus. */
  private static float[] xielu(Hyper m, int i) {
    float beta = m.numberAt("xielu.beta", i, 0.5f);
    return new float[] {
      beta + softplus(m.numberAt("xielu.alpha_n", i, 0)),
      softplus(m.numberAt("xielu.alpha_p", i, 0)),
      beta,
      m.numberAt("xielu.eps", i, -1e-6f)
    };
  }

  private static float softplus(float x) {
    return x > 20 ? x : (float) Math.log(1 + Math.exp(x));
  }

  /** ERNIE 4.5; layers with experts must be those that the keys name. */
  private static ModelSpec ernieMoe(Hyper m) {
    int step = Math.max(1, m.integer("interleave_moe_layer_step", 1));
    for (int i = m.integer("leading_dense_block_count", 0); i < m.layers(); i++) {
      if ((i + 1) % step != 0 && hasExperts(m, i)) {
        throw new UnsupportedModelException(
            "ernie4_5-moe.interleave_moe_layer_step is "
                + step
                + ", so layer "
                + i
                + " has to be dense, but the file has experts for it; such files are not"
                + " supported");
      }
    }
    return fixed(m, i -> gqa(m, i, Pairing.NEIGHBOURS), true).withoutBiases("attn_output");
  }

  /** The tensor of queries, keys and values has rows to spare where it is larger than needed. */
  private static AttentionSpec fusedRows(AttentionSpec a, int rows) {
    return rows > a.fusedRows ? a.fused(rows, a.fusedKeys) : a;
  }

  private static AttentionSpec bailing2(Hyper m, int i) {
    AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES);
    return fusedRows(a, m.width() + a.kvHeads * (a.keyDim + a.valueDim));
  }

  /** A base that grows with {@code rope.scaling.alpha}; norms follow the rotation. */
  private static AttentionSpec hunyuan(Hyper m, int i) {
    Pairing p = Others.sectionsOr(m, Pairing.HALVES);
    RopeSpec rope = m.rope(p);
    if (p == Pairing.SECTIONS) {
      rope = rope.sections(m.ropeSections());
    }
    float alpha = m.number("rope.scaling.alpha", 0);
    if (alpha > 0) {
      float power = (float) m.keyDim() / (m.keyDim() - 2);
      rope = rope.frequencies(rope.base() * (float) Math.pow(alpha, power), rope.scale());
    }
    return gqaHeadNorm(m, i, p).rope(rope).normAfterRope();
  }

  /** Experts weighed by softmax, normalised or not, whatever the keys say. */
  private static ModelSpec fixed(Hyper m, Mixers mixers, boolean normalise) {
    return model(m, mixers, i -> plainExperts(m, i, Act.SILU).normalise(normalise));
  }

  /** Experts weighed by softmax and scaled by the file's key. */
  private static ModelSpec weighted(Hyper m, Mixers mixers, boolean neverNormalise) {
    return model(
        m,
        mixers,
        i -> {
          MoeSpec e = weightedExperts(m, i, Act.SILU);
          return neverNormalise ? e.normalise(false) : e;
        });
  }

  /** Heads are rotated as a whole, without scaling, of which the scores' factor is left. */
  private static ModelSpec deepseekOcr(Hyper m) {
    RopeSpec named = m.rope(Pairing.HALVES);
    RopeSpec rope = named.unscaled().dims(m.keyDim()).factors(null);
    float magnitude = named.attention() * (1 + 0.1f * (float) Math.log(1 / named.scale()));
    float scale = magnitude * magnitude / (float) Math.sqrt(m.keyDim());
    return model(m, i -> gqa(m, i, Pairing.HALVES).rope(rope).scale(scale), false);
  }

  private static ModelSpec model(Hyper m, Mixers mixers, boolean normalise) {
    return model(m, mixers, normalise, Gating.SOFTMAX);
  }

  /** Where the file does not say whether weights are normalised, {@code normalise} does. */
  private static ModelSpec model(Hyper m, Mixers mixers, boolean normalise, Gating gating) {
    return model(
        m,
        mixers,
        i ->
            experts(m, i, Act.SILU)
                .gating(m, gating)
                .normalise(m.bool("expert_weights_norm", normalise)));
  }

  private static ModelSpec model(Hyper m, Mixers mixers, Experts experts) {
    return decoder(
        m,
        m.rms(),
        i -> {
          if (!hasExperts(m, i)) {
            return layer(m, i).mixer(mixers.of(i)).ffn(swiglu(m, i));
          }
          MoeSpec e = experts.of(i);
          return layer(m, i)
              .mixer(mixers.of(i))
              .ffn(m.hasWeight(i, "ffn_gate_inp_shexp") ? e.sharedGate() : e);
        });
  }

  static AttentionSpec sections(Hyper m, int i, Pairing pairing) {
    return gqa(m, i, pairing).rope(m.rope(pairing).sections(m.ropeSections()));
  }

  /** Norms follow the blocks (arXiv:2501.00656); OLMo 3 has windows without extension. */
  private static ModelSpec olmo2(Hyper m) {
    int window = m.integer("attention.sliding_window", 0);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqa(m, i, Pairing.HALVES).qkNorm(QkNorm.WHOLE, m.rms());
          if (window > 0 && Parts.windowed(m, i, 4, false)) {
            a.window(window)
                .rope(
                    m.rope(Pairing.HALVES)
                        .plain()
                        .frequencies(m.number("rope.freq_base", 10000), 1));
          }
          return layer(m, i).norms(null, null).postNorms().mixer(a).ffn(swiglu(m, i));
        });
  }

  /** Layers with a window rotate, the others see all without positions. */
  private static AttentionSpec windowedNoFar(Hyper m, int i, int period, int window) {
    AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES);
    if (window == 0) {
      return a;
    }
    return Parts.windowed(m, i, period, false) ? a.window(window) : a.rope(null);
  }

  private static ModelSpec exaone4(Hyper m) {
    boolean windows = m.layers() == 64;
    int window = m.integer("attention.sliding_window", 4096);
    return decoder(
        m,
        m.rms(),
        i ->
            layer(m, i)
                .norms(null, null)
                .postNorms()
                .mixer(windows ? windowedNoFar(m, i, 4, window) : gqaHeadNorm(m, i, Pairing.HALVES))
                .ffn(swigluOrExperts(m, i)));
  }
}
