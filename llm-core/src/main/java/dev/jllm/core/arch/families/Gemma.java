package dev.jllm.core.arch.families;

import static dev.jllm.core.arch.ModelSpec.decoder;
import static dev.jllm.core.arch.families.Parts.dense;
import static dev.jllm.core.arch.families.Parts.gqa;
import static dev.jllm.core.arch.families.Parts.gqaHeadNorm;
import static dev.jllm.core.arch.families.Parts.layer;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.AttentionSpec.QkNorm;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.MoeSpec.Gating;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;
import dev.jllm.core.arch.StreamsSpec;

/** Gemma (arXiv:2403.08295, arXiv:2408.00118, arXiv:2503.19786). */
public final class Gemma {
  private Gemma() {}

  /** Registers the family. */
  public static void register(Architectures.Registry r) {
    r.add(
        "gemma",
        m ->
            decoder(
                    m,
                    m.rms(),
                    i -> layer(m, i).mixer(gqa(m, i, Pairing.HALVES)).ffn(dense(m, i, Act.GELU)))
                .embeddingScale((float) Math.sqrt(m.width())));
    r.add("gemma2", Gemma::gemma2);
    r.add("gemma3", Gemma::gemma3);
    r.add("gemma3n", Gemma::gemma3n);
    r.add("gemma4", Gemma::gemma4);
  }

  /** The largest of a generation scales by its width, not by the size of its heads. */
  private static float scale(Hyper m, int layersOfLargest) {
    return 1
        / (float)
            Math.sqrt(m.layers() == layersOfLargest ? (float) m.width() / m.heads(0) : m.keyDim());
  }

  private static ModelSpec gemma2(Hyper m) {
    int window = m.integer("attention.sliding_window", 4096);
    RopeSpec far = Parts.dimsOfFirst(m, m.rope(Pairing.HALVES), Parts.windowed(m, 0, 2, false));
    RopeSpec near = Parts.windowRopeLikeFull(m, far).dims(far.dims());
    return decoder(
            m,
            m.rms(),
            i -> {
              AttentionSpec a =
                  gqa(m, i, Pairing.HALVES)
                      .rope(far)
                      .scale(scale(m, 46))
                      .softcap(m.number("attn_logit_softcapping", 50));
              return layer(m, i)
                  .postNorms()
                  .mixer(Parts.windowed(m, i, 2, false) ? a.window(window).rope(near) : a)
                  .ffn(dense(m, i, Act.GELU));
            })
        .embeddingScale((float) Math.sqrt(m.width()))
        .logitSoftcap(m.number("final_logit_softcapping", 30));
  }

  private static ModelSpec gemma3(Hyper m) {
    int window = m.integer("attention.sliding_window", 0);
    boolean firstWindowed = window > 0 && Parts.windowed(m, 0, 6, false);
    RopeSpec far = Parts.dimsOfFirst(m, m.rope(Pairing.HALVES), firstWindowed);
    return decoder(
            m,
            m.rms(),
            i -> {
              AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES).rope(far).scale(scale(m, 62));
              if (window > 0 && Parts.windowed(m, i, 6, false)) {
                a.window(window).rope(Parts.windowRope(m, far).dims(far.dims()));
              }
              return layer(m, i).postNorms().mixer(a).ffn(dense(m, i, Act.GELU));
            })
        .embeddingScale((float) Math.sqrt(m.width()))
        .logitSoftcap(m.number("final_logit_softcapping", 0));
  }

  /**
   * Gemma 4: heads of two sizes, values without projection or from an earlier layer, an embedding
   * for each layer, and a dense network beside the experts.
   */
  private static ModelSpec gemma4(Hyper m) {
    int owners = m.layers() - m.integer("attention.shared_kv_layers", 0);
    int own = m.integer("embedding_length_per_layer_input", 0);
    ModelSpec spec =
        decoder(
                m,
                m.rms(),
                i -> {
                  LayerSpec layer =
                      layer(m, i)
                          .postNorms()
                          .perLayerInput(own)
                          .outputScale()
                          .mixer(gemma4Attention(m, i, owners))
                          .ffn(dense(m, i, Act.GELU));
                  if (!Parts.hasExperts(m, i)) {
                    return layer;
                  }
                  return layer.beside(
                      Parts.experts(m, i, Act.GELU)
                          .normalise(true)
                          .weightScale(1)
                          .gating(Gating.SOFTMAX)
                          .routeFromResidual(m.rms()),
                      "pre_ffw_norm_2",
                      "post_ffw_norm_1",
                      "post_ffw_norm_2");
                })
            .embeddingScale((float) Math.sqrt(m.width()))
            .logitSoftcap(m.number("final_logit_softcapping", 0));
    for (int i = owners; i < m.layers(); i++) {
      String blk = "blk." + i + ".attn_";
      spec.ignore(blk + "k.", blk + "v.", blk + "k_norm.");
    }
    return spec;
  }

  private static AttentionSpec gemma4Attention(Hyper m, int i, int owners) {
    RopeSpec far = m.rope(Pairing.HALVES);
    boolean near = Parts.windowed(m, i, 1, false);
    int dim = near ? m.integer("attention.key_length_swa") : m.keyDim();
    AttentionSpec a =
        new AttentionSpec(m.heads(i), m.kvHeads(i), dim, dim)
            .scale(1)
            .qkNorm(QkNorm.HEAD, m.rms())
            .valueNorm(m.rms())
            .rope(near ? Parts.windowRope(m, far).factors(null) : far);
    if (near) {
      a.window(m.integer("attention.sliding_window"));
    }
    if (i >= owners) {
      a.kvOf(near ? owners - 2 : owners - 1);
    } else if (!m.hasWeight(i, "attn_v")) {
      a.valueIsKey();
    }
    return a;
  }

  /**
   * Gemma 3n: alternating updates, an embedding for each layer, sparse networks in the first ten
   * layers; layers from 20 on use keys and values of the last two before them.
   */
  private static ModelSpec gemma3n(Hyper m) {
    int owners = 20;
    RopeSpec far = Parts.dimsOfFirst(m, m.rope(Pairing.HALVES), Parts.windowed(m, 0, 5, false));
    ModelSpec spec =
        decoder(
                m,
                m.rms(),
                i -> {
                  boolean near = Parts.windowed(m, i, 5, false);
                  AttentionSpec a =
                      gqaHeadNorm(m, i, Pairing.HALVES).rope(far).scale(1).valueNorm(m.rms());
                  if (near) {
                    a.window(m.integer("attention.sliding_window"))
                        .rope(Parts.windowRope(m, far).dims(far.dims()));
                  }
                  if (i >= owners) {
                    a.kvOf(near ? owners - 2 : owners - 1);
                  }
                  return layer(m, i)
                      .perLayerInput(m.tensorSize(i, "inp_gate", 1, 256))
                      .mixer(a)
                      .ffn(
                          i < 10
                              ? dense(m, i, Act.GELU_SPARSE).constants(1.6448533535003662f)
                              : dense(m, i, Act.GELU));
                })
            .streams(new StreamsSpec.Alternating(4, 0))
            .embeddingScale((float) Math.sqrt(m.width()))
            .logitSoftcap(30);
    for (int i = owners; i < m.layers(); i++) {
      String blk = "blk." + i + ".attn_";
      spec.withoutBiases(blk + "q", blk + "qkv");
      spec.ignore(blk + "k.", blk + "v.", blk + "k_norm.");
    }
    return spec;
  }
}
