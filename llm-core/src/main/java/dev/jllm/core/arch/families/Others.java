package dev.jllm.core.arch.families;

import static dev.jllm.core.arch.ModelSpec.decoder;
import static dev.jllm.core.arch.families.Parts.experts;
import static dev.jllm.core.arch.families.Parts.gqa;
import static dev.jllm.core.arch.families.Parts.gqaHeadNorm;
import static dev.jllm.core.arch.families.Parts.hasExperts;
import static dev.jllm.core.arch.families.Parts.layer;
import static dev.jllm.core.arch.families.Parts.layerNormLayer;
import static dev.jllm.core.arch.families.Parts.plainExperts;
import static dev.jllm.core.arch.families.Parts.swiglu;
import static dev.jllm.core.arch.families.Parts.swigluOrExperts;
import static dev.jllm.core.arch.families.Parts.windowed;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.AttentionSpec.Gate;
import dev.jllm.core.arch.AttentionSpec.QkNorm;
import dev.jllm.core.arch.AttentionSpec.Window;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.MoeSpec.Gating;
import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;
import java.util.List;

/** Families of one or two architectures each. */
public final class Others {
  /** Tokens of a chunk of Llama 4; the file does not tell. */
  private static final int LLAMA4_CHUNK = 8192;

  private Others() {}

  /** Registers the families. */
  public static void register(Architectures.Registry r) {
    r.add(
        "chatglm",
        m ->
            decoder(
                m,
                m.rms(),
                i -> layer(m, i).mixer(gqa(m, i, Pairing.NEIGHBOURS)).ffn(swiglu(m, i))));
    r.add("glm4", Others::glm4);
    r.add("glm4moe", Others::glm4Moe);
    r.add("gpt-oss", Others::gptOss);
    r.add("command-r", Others::commandR);
    r.add("cohere2", Others::cohere2);
    r.add("cohere2moe", Others::cohere2Moe);
    r.add("llama4", Others::llama4);
    r.add("afmoe", Others::afmoe);
    r.add("mistral3", Others::mistral3);
  }

  static Pairing sectionsOr(Hyper m, Pairing plain) {
    List<Integer> s = m.ropeSections();
    return !s.isEmpty() && s.get(0) > 0 && s.get(1) > 0 ? Pairing.SECTIONS : plain;
  }

  private static ModelSpec glm4(Hyper m) {
    Pairing p = sectionsOr(m, Pairing.NEIGHBOURS);
    return decoder(
        m, m.rms(), i -> layer(m, i).postNorms().mixer(Qwen.sections(m, i, p)).ffn(swiglu(m, i)));
  }

  private static ModelSpec glm4Moe(Hyper m) {
    Pairing p = sectionsOr(m, Pairing.HALVES);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = Qwen.sections(m, i, p);
          a.qkNormWherePresent(QkNorm.HEAD, m.rms());
          return layer(m, i)
              .norms("attn_norm", "post_attention_norm")
              .mixer(a)
              .ffn(
                  hasExperts(m, i)
                      ? experts(m, i, Act.SILU).gating(m, Gating.SIGMOID)
                      : swiglu(m, i));
        });
  }

  /** gpt-oss (arXiv:2508.10925): sinks, every other layer with a window, clamped experts. */
  private static ModelSpec gptOss(Hyper m) {
    int window = m.integer("attention.sliding_window");
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqa(m, i, Pairing.HALVES);
          return layer(m, i)
              .norms("attn_norm", "post_attention_norm")
              .mixer(
                  windowed(m, i, 2, false)
                      ? a.window(window).rope(Parts.windowRopeLikeFull(m, m.rope(Pairing.HALVES)))
                      : a)
              .ffn(plainExperts(m, i, Act.OAI_SWIGLU).gating(Gating.SOFTMAX_CHOSEN));
        });
  }

  /** Command R: both blocks from one norm without biases. */
  private static ModelSpec commandR(Hyper m) {
    return decoder(
            m,
            m.layerNorm(),
            i -> {
              AttentionSpec a = gqa(m, i, Pairing.NEIGHBOURS);
              if (m.hasWeight(i, "attn_q_norm")) {
                a.qkNorm(QkNorm.EACH, m.layerNorm());
              }
              return layerNormLayer(m, i)
                  .parallel()
                  .norms("attn_norm", null)
                  .mixer(a)
                  .ffn(swiglu(m, i));
            })
        .logitScale(m.number("logit_scale", 0));
  }

  /** Command A: as Command R, where only layers with a window rotate. */
  private static ModelSpec cohere2(Hyper m) {
    int window = m.integer("attention.sliding_window", 0);
    RopeSpec far = m.rope(Pairing.NEIGHBOURS);
    RopeSpec near = far.dims(m.integer("rope.dimension_count_swa", far.dims()));
    return decoder(
            m,
            m.layerNorm(),
            i -> {
              AttentionSpec a = gqa(m, i, Pairing.NEIGHBOURS);
              boolean windowed = windowed(m, i, 4, false);
              return layerNormLayer(m, i)
                  .parallel()
                  .norms("attn_norm", null)
                  .mixer(windowed ? a.window(window).rope(near) : a.rope(null))
                  .ffn(swigluOrExperts(m, i));
            })
        .logitScale(m.number("logit_scale", 0));
  }

  private static ModelSpec cohere2Moe(Hyper m) {
    float rms = m.number("attention.layer_norm_rms_epsilon", 0);
    NormSpec norm = rms == 0 ? m.layerNorm() : NormSpec.rms(rms);
    int window = m.integer("attention.sliding_window");
    int dense = m.integer("leading_dense_block_count", 0);
    return decoder(
            m,
            norm,
            i -> {
              AttentionSpec a = gqa(m, i, Pairing.NEIGHBOURS);
              if (windowed(m, i, 4, true)) {
                a.window(window);
              } else if (i >= dense) {
                a.rope(null);
              }
              return new LayerSpec(i, norm)
                  .parallel()
                  .norms("attn_norm", null)
                  .mixer(a)
                  .ffn(
                      hasExperts(m, i)
                          ? experts(m, i, Act.SILU).gating(m, Gating.SIGMOID).outputScale(0.5f)
                          : swiglu(m, i));
            })
        .logitScale(m.number("logit_scale", 0));
  }

  /**
   * Llama 4: chunks, layers without positions whose queries grow, one expert that weighs its input.
   */
  private static ModelSpec llama4(Hyper m) {
    boolean chunks = m.integer("attention.sliding_window", LLAMA4_CHUNK) != 0;
    int step = chunks ? 4 : m.layers();
    RopeSpec far = m.rope(Pairing.NEIGHBOURS);
    RopeSpec near = Parts.windowRopeLikeFull(m, far).dims(far.dims());
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqa(m, i, Pairing.NEIGHBOURS);
          if (chunks && windowed(m, i, 4, false)) {
            a.window(Window.CHUNKED, LLAMA4_CHUNK).rope(near);
          }
          if ((i + 1) % step == 0) {
            a.rope(null);
            if (chunks) {
              a.temperature(LLAMA4_CHUNK, 0.1f, 1);
            }
          } else if (m.experts() != 128) {
            a.qkNorm(QkNorm.HEAD, m.rms()).normWithoutWeights().normAfterRope();
          }
          return layer(m, i)
              .mixer(a)
              .ffn(
                  hasExperts(m, i)
                      ? plainExperts(m, i, Act.SILU)
                          .gating(Gating.SIGMOID)
                          .choice(MoeSpec.Choice.OUTPUT)
                          .weightBefore()
                      : swiglu(m, i));
        });
  }

  private static ModelSpec afmoe(Hyper m) {
    int window = m.integer("attention.sliding_window", 0);
    RopeSpec far = m.rope(Pairing.HALVES);
    return decoder(
            m,
            m.rms(),
            i -> {
              AttentionSpec a = gqaHeadNorm(m, i, Pairing.HALVES).gate(Gate.SIGMOID);
              if (window > 0 && windowed(m, i, 4, false)) {
                a.window(window).rope(Parts.windowRopeLikeFull(m, far));
              }
              if (i % 4 == 3) {
                a.rope(null);
              }
              return layer(m, i)
                  .postNorms()
                  .mixer(a)
                  .ffn(
                      hasExperts(m, i)
                          ? experts(m, i, Act.SILU).gating(m, Gating.SIGMOID)
                          : swiglu(m, i));
            })
        .embeddingScale((float) Math.sqrt(m.width()));
  }

  private static ModelSpec mistral3(Hyper m) {
    RopeSpec rope =
        m.ropeWithBetaKeys(Pairing.NEIGHBOURS, m.number("rope.scaling.yarn_log_multiplier", 0), 32);
    float temperature = m.number("attention.temperature_scale", 0);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqa(m, i, Pairing.NEIGHBOURS).rope(rope);
          if (temperature != 0) {
            a.temperature(rope.originalContext(), temperature, 0);
          }
          return layer(m, i)
              .mixer(a)
              .ffn(hasExperts(m, i) ? plainExperts(m, i, Act.SILU).normalise(true) : swiglu(m, i));
        });
  }
}
