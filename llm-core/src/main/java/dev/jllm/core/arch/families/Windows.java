package dev.jllm.core.arch.families;

import static dev.jllm.core.arch.ModelSpec.decoder;
import static dev.jllm.core.arch.families.Parts.clampLimit;
import static dev.jllm.core.arch.families.Parts.dense;
import static dev.jllm.core.arch.families.Parts.experts;
import static dev.jllm.core.arch.families.Parts.gqa;
import static dev.jllm.core.arch.families.Parts.gqaHeadNorm;
import static dev.jllm.core.arch.families.Parts.hasExperts;
import static dev.jllm.core.arch.families.Parts.layer;
import static dev.jllm.core.arch.families.Parts.plainExperts;
import static dev.jllm.core.arch.families.Parts.swiglu;
import static dev.jllm.core.arch.families.Parts.windowRope;
import static dev.jllm.core.arch.families.Parts.windowRopeLikeFull;
import static dev.jllm.core.arch.families.Parts.windowed;

import dev.jllm.api.UnsupportedModelException;
import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.AttentionSpec.Gate;
import dev.jllm.core.arch.AttentionSpec.QkNorm;
import dev.jllm.core.arch.BlockIndexerSpec;
import dev.jllm.core.arch.DenseFfnSpec;
import dev.jllm.core.arch.FfnSpec;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.MoeSpec.Gating;
import dev.jllm.core.arch.MoeSpec.RouteFrom;
import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;
import dev.jllm.core.arch.StreamsSpec;

/** Families that mix layers with a window and layers that see all, and a few loners. */
public final class Windows {
  private Windows() {}

  /** Registers the families. */
  public static void register(Architectures.Registry r) {
    r.add("mimo2", Windows::mimo2);
    r.add("mellum", Windows::mellum);
    r.add("maple", Windows::maple);
    r.add("spark2_5", Windows::spark);
    r.add("step35", Windows::step35);
    r.add("laguna", Windows::laguna);
    r.add("plamo3", Windows::plamo3);
    r.add("muse-glimmer", Windows::museGlimmer);
    r.add("smallthinker", Windows::smallThinker);
    r.add("granite_swa", Windows::graniteWindow);
    r.add("grok", Windows::grok);
    r.add("grovemoe", Windows::groveMoe);
    r.add("talkie", Windows::talkie);
    r.add("nanbeige", Windows::nanbeige);
    r.add("hrm_text", Windows::hrmText);
    r.add("minimax-m3", Windows::miniMaxM3);
    r.add(
        "pockettts",
        m ->
            decoder(
                m,
                m.layerNorm(),
                i ->
                    Parts.layerNormLayer(m, i)
                        .mixer(gqa(m, i, Pairing.NEIGHBOURS))
                        .ffn(dense(m, i, Act.GELU_ERF))));
  }

  private static FfnSpec sigmoidExperts(Hyper m, int i) {
    return hasExperts(m, i) ? experts(m, i, Act.SILU).gating(m, Gating.SIGMOID) : swiglu(m, i);
  }

  private static ModelSpec mimo2(Hyper m) {
    int window = m.integer("attention.sliding_window");
    RopeSpec full = m.rope(Pairing.HALVES);
    return decoder(
            m,
            m.rms(),
            i -> {
              AttentionSpec a =
                  gqa(m, i, Pairing.HALVES).outputScale(m.number("attention.value_scale", 0));
              if (windowed(m, i, 1, false)) {
                a.window(window).rope(windowRope(m, full));
              }
              return layer(m, i)
                  .mixer(a)
                  .ffn(
                      hasExperts(m, i)
                          ? plainExperts(m, i, Act.SILU).gating(Gating.SIGMOID).normalise(true)
                          : swiglu(m, i));
            })
        .withoutBiases("attn_q", "attn_k", "attn_v");
  }

  /** Layers with a window rotate without the extension of the context. */
  private static ModelSpec mellum(Hyper m) {
    int window = m.integer("attention.sliding_window", 0);
    RopeSpec full = m.rope(Pairing.HALVES);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES);
          if (window > 0 && windowed(m, i, 4, false)) {
            a.window(window).rope(full.plain().frequencies(full.base(), 1));
          }
          return layer(m, i).mixer(a).ffn(plainExperts(m, i, Act.SILU).normalise(true));
        });
  }

  private static ModelSpec maple(Hyper m) {
    int window = m.integer("attention.sliding_window");
    RopeSpec full = m.rope(Pairing.HALVES);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES);
          boolean near = windowed(m, i, 1, false);
          return layer(m, i)
              .mixer(near ? a.window(window).rope(windowRopeLikeFull(m, full)) : a.rope(null))
              .ffn(
                  experts(m, i, Act.SILU_OF_CLAMPED)
                      .gating(Gating.SOFTMAX)
                      .normalise(true)
                      .weightScale(1)
                      .constants(clampLimit(m, "swiglu_clamp_exp", i, 7)));
        });
  }

  private static ModelSpec spark(Hyper m) {
    int window = m.integer("attention.sliding_window");
    RopeSpec full = m.rope(Pairing.HALVES);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqa(m, i, Pairing.HALVES).gate(Gate.SIGMOID);
          if (windowed(m, i, 1, false)) {
            a.window(window).rope(windowRopeLikeFull(m, full));
          }
          return layer(m, i).mixer(a).ffn(dense(m, i, Act.GELU));
        });
  }

  /** Step 3.5: half of a head is rotated in layers that see all; clamped networks. */
  private static ModelSpec step35(Hyper m) {
    int window = m.integer("attention.sliding_window");
    RopeSpec full = m.rope(Pairing.HALVES);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqa(m, i, Pairing.HALVES).qkNormWherePresent(QkNorm.HEAD, m.rms());
          if (m.hasWeight(i, "attn_gate")) {
            a.gate(Gate.SIGMOID);
          }
          if (windowed(m, i, 1, false)) {
            a.window(window).rope(windowRope(m, full).factors(null));
          } else {
            a.rope(full.dims(full.dims() / 2));
          }
          return layer(m, i).mixer(a).ffn(step35Ffn(m, i));
        });
  }

  private static FfnSpec step35Ffn(Hyper m, int i) {
    float limit = clampLimit(m, "swiglu_clamp_shexp", i, 0);
    if (!hasExperts(m, i)) {
      return swiglu(m, i).constants(limit);
    }
    DenseFfnSpec shared = Parts.shared(m, i, Act.SILU);
    return experts(m, i, Act.SILU)
        .gating(m, Gating.SIGMOID)
        .constants(clampLimit(m, "swiglu_clamp_exp", i, 0))
        .shared(shared == null ? null : shared.constants(limit));
  }

  private static ModelSpec laguna(Hyper m) {
    int window = m.integer("attention.sliding_window", 0);
    RopeSpec full = m.rope(Pairing.HALVES);
    RopeSpec near =
        full.plain()
            .frequencies(m.number("rope.freq_base_swa", full.base()), 1)
            .dims(m.integer("rope.dimension_count_swa", full.dims()));
    RopeSpec far = Parts.dimsOfFirst(m, full, window > 0 && windowed(m, 0, 4, true));
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES).gate(Gate.SOFTPLUS).rope(far);
          if (window > 0 && windowed(m, i, 4, true)) {
            a.window(window).rope(near);
          }
          return layer(m, i).mixer(a).ffn(sigmoidExperts(m, i));
        });
  }

  private static ModelSpec plamo3(Hyper m) {
    int window = m.integer("attention.sliding_window", 0);
    RopeSpec full =
        Parts.dimsOfFirst(m, m.rope(Pairing.HALVES), window > 0 && windowed(m, 0, 8, false));
    RopeSpec near = windowRope(m, full);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES).rope(full);
          if (window > 0 && windowed(m, i, 8, false)) {
            a.window(window).rope(near);
          }
          return layer(m, i).postNorms().mixer(a).ffn(swiglu(m, i));
        });
  }

  private static ModelSpec museGlimmer(Hyper m) {
    int window = m.integer("attention.sliding_window", 0);
    RopeSpec full = m.rope(Pairing.NEIGHBOURS);
    return decoder(
            m,
            m.rms(),
            i -> {
              AttentionSpec a = gqaHeadNorm(m, i, Pairing.NEIGHBOURS).gate(Gate.SIGMOID);
              boolean near = windowed(m, i, 4, false);
              return layer(m, i)
                  .postNorms()
                  .postNorm(NormSpec.rms(1e-8f))
                  .mixer(
                      near
                          ? a.window(window)
                              .rope(
                                  windowRopeLikeFull(m, full)
                                      .frequencies(m.number("rope.freq_base_swa", full.base()), 1))
                          : a.rope(null))
                  .ffn(swiglu(m, i));
            })
        .embeddingNormWithoutWeights()
        .logitScale(m.number("logit_scale"))
        .logitSoftcap(m.number("final_logit_softcapping", 30));
  }

  /** SmallThinker (arXiv:2507.20984): experts are chosen before attention runs. */
  private static ModelSpec smallThinker(Hyper m) {
    boolean windows = m.integer("attention.sliding_window", 0) > 0;
    RopeSpec full = m.rope(Pairing.HALVES);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqa(m, i, Pairing.HALVES);
          if (windows && windowed(m, i, 4, true)) {
            a.window(4096).rope(windowRopeLikeFull(m, full).dims(full.dims()));
          }
          // Of four layers one has no positions, except in a model of four layers, as in llama.cpp.
          if (windows && m.layers() != 4 && i % 4 == 0) {
            a.rope(null);
          }
          return layer(m, i)
              .mixer(a)
              .ffn(
                  plainExperts(m, i, Act.RELU)
                      .gating(m, Gating.SOFTMAX)
                      .normalise(true)
                      .routeFrom(RouteFrom.LAYER_INPUT));
        });
  }

  private static ModelSpec graniteWindow(Hyper m) {
    int window = m.integer("attention.sliding_window");
    return decoder(
            m,
            m.rms(),
            i -> {
              AttentionSpec a = gqa(m, i, Pairing.NEIGHBOURS).scale(m.number("attention.scale", 0));
              if (windowed(m, i, 1, false)) {
                a.window(window);
              }
              if (m.perLayer("attention.rope_pattern", i, 1) == 0) {
                a.rope(null);
              }
              return layer(m, i)
                  .residualScale(m.number("residual_scale", 0))
                  .mixer(a)
                  .ffn(
                      hasExperts(m, i)
                          ? plainExperts(m, i, Act.SILU).normalise(true)
                          : swiglu(m, i));
            })
        .embeddingScale(m.number("embedding_scale", 0))
        .logitScale(1 / m.number("logit_scale"));
  }

  private static ModelSpec grok(Hyper m) {
    float half = (float) Math.sqrt(0.5);
    return decoder(
            m,
            m.rms(),
            i -> {
              boolean both = m.hasWeight(i, "ffn_up");
              MoeSpec e = plainExperts(m, i, Act.GELU).normalise(true);
              if (both) {
                e.shared(new DenseFfnSpec(m.tensorSize(i, "ffn_down", 0, 0), Act.GELU))
                    .outputScale(half);
              }
              boolean old = m.hasWeight(i, "layer_output_norm");
              return layer(m, i)
                  .postNorms("attn_output_norm", old ? "layer_output_norm" : "post_ffw_norm")
                  .mixer(
                      AttentionSpec.of(m, i)
                          .rope(m.ropeWithYarnKeys(Pairing.HALVES, 0, 8))
                          .scale(m.number("attention.output_scale", 0.08838834764831845f))
                          .softcap(m.number("attn_logit_softcapping", 30)))
                  .ffn(e);
            })
        .embeddingScale(m.number("embedding_scale", 78.38367176906169f))
        .logitScale(m.number("logit_scale", 0.5773502691896257f))
        .logitSoftcap(m.number("final_logit_softcapping", 0));
  }

  private static ModelSpec groveMoe(Hyper m) {
    int group = m.integer("experts_per_group");
    return decoder(
        m,
        m.rms(),
        i -> {
          int chunks = m.experts() / group;
          MoeSpec chunk =
              new MoeSpec(
                      chunks,
                      Math.min(chunks, m.expertsUsed()),
                      m.tensorSize(i, "ffn_down_chexps", 0, 0),
                      Act.SILU)
                  .normalise(true);
          return layer(m, i)
              .mixer(gqaHeadNorm(m, i, Pairing.HALVES))
              .ffn(
                  plainExperts(m, i, Act.SILU)
                      .normalise(true)
                      .choice(MoeSpec.Choice.SIGMOID)
                      .chunk(chunk, m.number("expert_group_scale", 0.05f)));
        });
  }

  /** Norms without weights everywhere; each layer adds the embedding once more. */
  private static ModelSpec talkie(Hyper m) {
    return decoder(
            m,
            m.rms(),
            i ->
                layer(m, i)
                    .normsWithoutWeights()
                    .embeddingSkip()
                    .mixer(
                        gqa(m, i, Pairing.HALVES)
                            .qkNorm(QkNorm.EACH, m.rms())
                            .keyNormWithoutWeights()
                            .normAfterRope())
                    .ffn(swiglu(m, i)))
        .embeddingNormWithoutWeights()
        .outputNormWithoutWeights()
        .logitScale(m.number("logit_scale"));
  }

  /** Stacks of layers that read a fast and a slow stream; layers are shared between cycles. */
  private static ModelSpec hrmText(Hyper m) {
    int stack = m.integer("hrm.layers_per_stack");
    int fast = m.integer("hrm.l_cycles");
    if (m.bool("hrm.prefix_lm", false)) {
      throw new UnsupportedModelException(
          "hrm.prefix_lm of architecture 'hrm_text' (a prompt that is read in both directions) is"
              + " not supported");
    }
    return decoder(
            m,
            m.rms(),
            i -> {
              boolean slow = i / stack % (fast + 1) == fast;
              return layer(m, (slow ? stack : 0) + i % stack)
                  .normsWithoutWeights()
                  .mixer(gqa(m, i, Pairing.HALVES).gate(Gate.SIGMOID))
                  .ffn(swiglu(m, (slow ? stack : 0) + i % stack));
            })
        .embeddingScale(m.number("embedding_scale", 0))
        .noOutputNorm()
        .streams(new StreamsSpec.FastAndSlow(stack, m.integer("hrm.h_cycles"), fast));
  }

  /**
   * Layers with experts see blocks of tokens that an indexer chooses for each key head. The choice
   * hangs on the last bits of the layers before.
   */
  private static ModelSpec miniMaxM3(Hyper m) {
    RopeSpec rope = m.rope(Pairing.HALVES);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES).halfSums();
          if (m.hasWeight(i, "indexer.q_proj")) {
            int choosers = m.integer("attention.indexer.head_count");
            if (choosers != a.kvHeads) {
              throw new UnsupportedModelException(
                  "minimax-m3.attention.indexer.head_count is "
                      + choosers
                      + " beside "
                      + a.kvHeads
                      + " key heads; each key head needs one of its own");
            }
            int dim = m.integer("attention.indexer.key_length");
            if (dim < rope.dims()) {
              throw new UnsupportedModelException(
                  "minimax-m3.attention.indexer.key_length is "
                      + dim
                      + ", fewer than the "
                      + rope.dims()
                      + " values that positions rotate");
            }
            a.indexer(
                new BlockIndexerSpec(
                    choosers,
                    dim,
                    m.integer("attention.indexer.block_size"),
                    m.integer("attention.indexer.top_k"),
                    m.integer("attention.indexer.local_blocks", 0),
                    rope,
                    m.rms()));
          }
          return layer(m, i)
              .mixer(a)
              .ffn(
                  hasExperts(m, i)
                      ? experts(m, i, Act.OAI_SWIGLU).gating(m, Gating.SIGMOID)
                      : dense(m, i, Act.OAI_SWIGLU));
        });
  }

  /** The layers run several times, with keys and values of their own in each round. */
  private static ModelSpec nanbeige(Hyper m) {
    int rounds = m.integer("num_loops", 1);
    boolean norm = !m.bool("skip_loop_final_norm", false);
    return decoder(m, m.rms(), i -> nanbeigeLayer(m, i))
        .rounds(
            rounds,
            (round, i) -> {
              LayerSpec layer = nanbeigeLayer(m, i);
              boolean end = i == m.layers() - 1 && round < rounds - 1;
              return end && norm ? layer.endNorm("output_norm") : layer;
            });
  }

  private static LayerSpec nanbeigeLayer(Hyper m, int i) {
    return layer(m, i).mixer(gqa(m, i, Pairing.NEIGHBOURS)).ffn(swiglu(m, i));
  }
}
