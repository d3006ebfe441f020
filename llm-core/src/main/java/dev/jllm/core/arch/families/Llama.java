package dev.jllm.core.arch.families;

import static dev.jllm.core.arch.ModelSpec.decoder;
import static dev.jllm.core.arch.families.Parts.gqa;
import static dev.jllm.core.arch.families.Parts.hasExperts;
import static dev.jllm.core.arch.families.Parts.layer;
import static dev.jllm.core.arch.families.Parts.plainExperts;
import static dev.jllm.core.arch.families.Parts.swiglu;
import static dev.jllm.core.arch.families.Parts.swigluOrExperts;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.AdapterSpec;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.AttentionSpec.QkNorm;
import dev.jllm.core.arch.FfnSpec;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.MixerSpec;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;
import dev.jllm.gguf.ModelFormatException;
import org.jspecify.annotations.Nullable;

/** Llama (Touvron et al., arXiv:2302.13971) and what differs from it by little. */
public final class Llama {
  private Llama() {}

  /** Registers the family. */
  public static void register(Architectures.Registry r) {
    r.add("llama", m -> plain(m, Pairing.NEIGHBOURS));
    r.add("internlm2", m -> plain(m, Pairing.NEIGHBOURS));
    r.add("xverse", m -> plain(m, Pairing.NEIGHBOURS));
    r.add("ernie4_5", m -> plain(m, Pairing.NEIGHBOURS).withoutBiases("attn_output"));
    r.add("pangu-embedded", Llama::pangu);
    r.add("exaone", m -> plain(m, Pairing.HALVES));
    r.add("llada", m -> bothWays(m, Pairing.NEIGHBOURS));
    r.add("dream", m -> bothWays(m, Pairing.HALVES));
    r.add("cogvlm", m -> cogVlm(m).ignore(".vis_"));
    r.add(
        "arcee",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    layer(m, i)
                        .mixer(gqa(m, i, Pairing.NEIGHBOURS))
                        .ffn(Parts.dense(m, i, Act.RELU_SQUARED))));
    r.add(
        "seed_oss",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    layer(m, i)
                        .norms("attn_norm", "post_attention_norm")
                        .mixer(gqa(m, i, Pairing.HALVES))
                        .ffn(swiglu(m, i))));
    r.add(
        "smollm3",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    layer(m, i)
                        .mixer(
                            gqa(m, i, Pairing.NEIGHBOURS)
                                .rope((i + 1) % 4 == 0 ? null : m.rope(Pairing.NEIGHBOURS)))
                        .ffn(swiglu(m, i))));
    r.add(
        "arctic",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    layer(m, i)
                        .mixer(gqa(m, i, Pairing.NEIGHBOURS))
                        .ffn(swiglu(m, i))
                        .side(plainExperts(m, i, Act.SILU).normalise(true), "ffn_norm_exps")));
    r.add(
        "bitnet",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    layer(m, i)
                        .mixer(gqa(m, i, Pairing.HALVES).outputNorm(m.rms()))
                        .ffn(swiglu(m, i).innerNorm(m.rms()))));
    r.add("chameleon", Llama::chameleon);
    r.add("baichuan", Llama::baichuan);
    r.add(
        "refact",
        m ->
            decoder(
                    m,
                    m.rms(),
                    i -> layer(m, i).mixer(AttentionSpec.of(m, i).alibi(8)).ffn(swiglu(m, i)))
                .withoutBiases("attn_output", "ffn_gate", "ffn_up", "ffn_down"));
    r.add("deci", Llama::deci);
    r.add("granite", m -> granite(m, m.bool("rope.scaling.finetuned", true)));
    r.add("granitemoe", m -> granite(m, true));
    r.add("graniteswitch", Llama::graniteSwitch);
    r.add(
        "minicpm",
        m ->
            scaled(m, m.number("residual_scale", 1.4f / (float) Math.sqrt(m.layers())), 0, true)
                .embeddingScale(m.number("embedding_scale", 12))
                .logitScale(1 / m.number("logit_scale", 256f / m.width())));
  }

  private static ModelSpec graniteSwitch(Hyper m) {
    int count = m.integer("adapters.count");
    int[] activate = m.integers("adapters.token_ids_activate");
    int[] substitute = m.integers("adapters.token_ids_substitute");
    if (activate.length != count || substitute.length != count) {
      throw new ModelFormatException(
          "metadata entry 'graniteswitch.adapters.count' is "
              + count
              + ", but "
              + activate.length
              + " tokens activate adapters and "
              + substitute.length
              + " stand in for them");
    }
    for (int token : substitute) {
      if (token < 0 || token >= m.vocabulary()) {
        throw new ModelFormatException(
            "metadata entry 'graniteswitch.adapters.token_ids_substitute' names token "
                + token
                + " of a vocabulary of "
                + m.vocabulary());
      }
    }
    return granite(m, m.bool("rope.scaling.finetuned", true))
        .adapters(new AdapterSpec(activate, substitute, m.number("adapters.router_gain", 15)));
  }

  private static ModelSpec plain(Hyper m, Pairing pairing) {
    return decoder(m, m.rms(), i -> layer(m, i).mixer(gqa(m, i, pairing)).ffn(ffn(m, i)));
  }

  private static ModelSpec pangu(Hyper m) {
    RopeSpec rope = m.rope(Pairing.HALVES).factors(null);
    return decoder(
        m, m.rms(), i -> layer(m, i).mixer(gqa(m, i, Pairing.HALVES).rope(rope)).ffn(ffn(m, i)));
  }

  /** CogVLM (arXiv:2311.03079): text alone, always rotated with the usual base. */
  private static ModelSpec cogVlm(Hyper m) {
    RopeSpec rope =
        m.rope(Pairing.HALVES).unscaled().frequencies(10000).dims(m.keyDim()).factors(null);
    return decoder(
        m,
        m.rms(),
        i -> {
          AttentionSpec a = gqa(m, i, Pairing.HALVES).rope(rope);
          // Keys and values begin at multiples of the width, however large the heads are.
          a.fused(3 * a.heads * a.keyDim, m.width(), 2 * m.width());
          return layer(m, i).mixer(a).ffn(ffn(m, i));
        });
  }

  private static FfnSpec ffn(Hyper m, int i) {
    return hasExperts(m, i) ? plainExperts(m, i, Act.SILU).normalise(true) : swiglu(m, i);
  }

  private static ModelSpec bothWays(Hyper m, Pairing pairing) {
    return decoder(
        m,
        m.rms(),
        i -> layer(m, i).mixer(gqa(m, i, pairing).bidirectional()).ffn(swigluOrExperts(m, i)));
  }

  private static ModelSpec scaled(Hyper m, float residual, float scores, boolean rope) {
    return decoder(
        m,
        m.rms(),
        i ->
            layer(m, i)
                .residualScale(residual)
                .mixer(
                    gqa(m, i, Pairing.NEIGHBOURS)
                        .rope(rope ? m.rope(Pairing.NEIGHBOURS) : null)
                        .scale(scores))
                .ffn(ffn(m, i)));
  }

  private static ModelSpec granite(Hyper m, boolean rope) {
    return scaled(m, m.number("residual_scale", 0), m.number("attention.scale", 0), rope)
        .embeddingScale(m.number("embedding_scale", 0))
        .logitScale(m.has("logit_scale") ? 1 / m.number("logit_scale") : 1);
  }

  /** Chameleon (arXiv:2405.09818); with {@code swin_norm} the norms follow the blocks. */
  private static ModelSpec chameleon(Hyper m) {
    boolean after = m.bool("swin_norm", false);
    return decoder(
            m,
            m.rms(),
            i -> {
              LayerSpec layer =
                  layer(m, i)
                      .mixer(
                          gqa(m, i, Pairing.NEIGHBOURS).qkNorm(QkNorm.EACH, NormSpec.layer(1e-5f)))
                      .ffn(swiglu(m, i));
              return after ? layer.norms(null, null).postNorms("attn_norm", "ffn_norm") : layer;
            })
        .suppress(4, 8196);
  }

  /**
   * Baichuan: rotary positions in 7B, linear biases in 13B, told apart by the layers; none in other
   * sizes, as in llama.cpp.
   */
  private static ModelSpec baichuan(Hyper m) {
    float alibi = m.layers() == 40 ? 8 : 0;
    RopeSpec rope = m.layers() == 32 ? m.rope(Pairing.NEIGHBOURS).factors(null) : null;
    return decoder(
        m,
        m.rms(),
        i -> layer(m, i).mixer(AttentionSpec.of(m, i).alibi(alibi).rope(rope)).ffn(swiglu(m, i)));
  }

  /** A layer without a feed-forward network does nothing at all, as in llama.cpp. */
  private static ModelSpec deci(Hyper m) {
    ModelSpec spec =
        decoder(
            m,
            m.rms(),
            i ->
                m.ffn(i) == 0 ? layer(m, i) : layer(m, i).mixer(deciMixer(m, i)).ffn(swiglu(m, i)));
    for (int i = 0; i < m.layers(); i++) {
      if (m.ffn(i) == 0) {
        spec.ignore("blk." + i + ".");
      }
    }
    return spec;
  }

  /** Deci (arXiv:2411.19146): some layers have no attention, or a mere projection for it. */
  private static @Nullable MixerSpec deciMixer(Hyper m, int i) {
    if (m.heads(i) == 0) {
      return null;
    }
    return m.kvHeads(i) == 0
        ? new dev.jllm.core.arch.ProjectionSpec()
        : gqa(m, i, Pairing.NEIGHBOURS);
  }
}
