package dev.jllm.core.arch.families;

import static dev.jllm.core.arch.ModelSpec.decoder;
import static dev.jllm.core.arch.families.Parts.experts;
import static dev.jllm.core.arch.families.Parts.hasExperts;
import static dev.jllm.core.arch.families.Parts.layer;
import static dev.jllm.core.arch.families.Parts.swiglu;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.AttentionSpec.Gate;
import dev.jllm.core.arch.CompressedAttentionSpec;
import dev.jllm.core.arch.DenseFfnSpec;
import dev.jllm.core.arch.FfnSpec;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.IndexerSpec;
import dev.jllm.core.arch.LatentAttentionSpec;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.MoeSpec.Gating;
import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;
import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.gguf.ModelFormatException;

/** Latent attention: DeepSeek-V2 (arXiv:2405.04434), V3 (arXiv:2412.19437) and what follows. */
public final class Latent {
  private Latent() {}

  /** Registers the family. */
  public static void register(Architectures.Registry r) {
    r.add("deepseek2", m -> deepseek(m, deepseekGating(m), null, logMultiplier(m)));
    r.add("mistral4", m -> deepseek(m, deepseekGating(m), null, logMultiplier(m)));
    r.add("deepseek32", Latent::deepseek32);
    r.add("glm-dsa", Latent::glmDsa);
    r.add("dots3note", Latent::dots3Note);
    r.add("hy_v4", Latent::hyV4);
    r.add("deepseek4", Latent::deepseek4);
    r.add("minicpm3", Latent::miniCpm3);
    r.add(
        "plm",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    layer(m, i)
                        .mixer(latent(m, i, m.rope(Pairing.NEIGHBOURS)))
                        .ffn(Parts.dense(m, i, Act.RELU_SQUARED))));
  }

  /** Files of V2 do not name their gating; GLM-4.7 Flash, told apart by its size, has another. */
  private static Gating deepseekGating(Hyper m) {
    boolean glm = (m.layers() == 47 || m.layers() == 48) && m.vocabulary() == 154880;
    return glm ? Gating.SIGMOID : Gating.SOFTMAX;
  }

  private static LatentAttentionSpec latent(Hyper m, int i, RopeSpec rope) {
    int key = m.integer("attention.key_length_mla", 0);
    int value = m.integer("attention.value_length_mla", 0);
    boolean absorbed = key > 0 && value > 0;
    int dim = absorbed ? key : m.keyDim();
    return new LatentAttentionSpec(
        m.heads(i),
        m.integer("attention.kv_lora_rank"),
        dim - rope.dims(),
        absorbed ? value : m.valueDim(),
        m.rms(),
        rope);
  }

  /** YaRN's factor of the scores, which the rotation does not apply here. */
  static LatentAttentionSpec yarnScaled(LatentAttentionSpec a, RopeSpec rope, float log) {
    float stretch = (float) Math.log(1 / rope.scale());
    float original = rope.attention() * (1 + 0.1f * stretch);
    float magnitude = original * (1 + 0.1f * log * stretch);
    return a.scale(magnitude * magnitude / (float) Math.sqrt(a.plainDim + a.rotatedDim));
  }

  /** The multiplier, which files hold times 0.1. */
  static float logMultiplier(Hyper m) {
    return m.number("rope.scaling.yarn_log_multiplier", 0) / 0.1f;
  }

  private static ModelSpec deepseek32(Hyper m) {
    float log = logMultiplier(m);
    float epsilon = m.number("attention.layer_norm_epsilon", 1e-6f);
    IndexerSpec indexer = indexer(m, m.ropeScaled(Pairing.HALVES, log), epsilon);
    return deepseek(m, Gating.SIGMOID, indexer, log);
  }

  /** GLM 5: as DeepSeek-V3.2; the multiplier of YaRN's logarithm is not read. */
  private static ModelSpec glmDsa(Hyper m) {
    return deepseek(m, Gating.SIGMOID, indexer(m, m.ropeScaled(Pairing.NEIGHBOURS, 0), 1e-6f), 0);
  }

  private static IndexerSpec indexer(Hyper m, RopeSpec rope, float epsilon) {
    return new IndexerSpec(
        m.integer("attention.indexer.head_count"),
        m.integer("attention.indexer.key_length"),
        m.integer("attention.indexer.top_k"),
        rope,
        NormSpec.layer(epsilon),
        false);
  }

  private static ModelSpec deepseek(
      Hyper m, Gating gating, @org.jspecify.annotations.Nullable IndexerSpec indexer, float log) {
    RopeSpec rope = m.ropeScaled(Pairing.NEIGHBOURS, log);
    return decoder(
        m,
        m.rms(),
        i -> {
          LatentAttentionSpec a = yarnScaled(latent(m, i, rope), rope, log);
          float temperature = m.number("attention.temperature_scale", 0);
          if (temperature != 0) {
            a.temperature(m.integer("attention.temperature_length", 8192), temperature);
          }
          if (indexer != null) {
            a.indexer(indexer);
          }
          return layer(m, i).mixer(a).ffn(ffn(m, i, gating));
        });
  }

  /** Layers with a window have ranks, heads and a base of their own; the others an indexer. */
  private static ModelSpec dots3Note(Hyper m) {
    RopeSpec rope = m.rope(Pairing.NEIGHBOURS);
    IndexerSpec indexer = indexer(m, m.rope(Pairing.HALVES), 1e-6f);
    return decoder(
        m,
        m.rms(),
        i -> {
          LatentAttentionSpec a;
          if (Parts.windowed(m, i, 1, false)) {
            a =
                new LatentAttentionSpec(
                        m.heads(i),
                        m.integer("attention.kv_lora_rank_swa"),
                        m.integer("attention.key_length_mla_swa") - rope.dims(),
                        m.integer("attention.value_length_mla_swa"),
                        m.rms(),
                        rope.frequencies(m.number("rope.freq_base_swa"), rope.scale()))
                    .window(m.integer("attention.sliding_window"));
          } else {
            a = latent(m, i, rope).indexer(indexer);
          }
          return layer(m, i)
              .mixer(a.gate(Gate.SIGMOID).rotatedKeyNorm())
              .ffn(ffn(m, i, Gating.SIGMOID));
        });
  }

  /** Hyper-connections; layers without an indexer see what an earlier one has chosen. */
  private static ModelSpec hyV4(Hyper m) {
    RopeSpec rope = m.rope(Pairing.NEIGHBOURS);
    int topK = m.integer("attention.indexer.top_k", 0);
    return decoder(
            m,
            m.rms(),
            i -> {
              LatentAttentionSpec a = latent(m, i, rope).gate(Gate.SIGMOID);
              if (topK > 0) {
                if (m.hasWeight(i, "indexer.attn_k")) {
                  a.indexer(
                      new IndexerSpec(
                          m.integer("attention.indexer.head_count"),
                          m.integer("attention.indexer.key_length"),
                          topK,
                          rope,
                          NormSpec.layer(m.rms().epsilon()),
                          true));
                } else {
                  a.indexerOf(i - 1);
                }
              }
              FfnSpec ffn =
                  hasExperts(m, i)
                      ? experts(m, i, Act.SILU_OF_CLAMPED)
                          .gating(m, Gating.SOFTMAX)
                          .shared(Parts.shared(m, i, Act.SILU))
                          .constants(Parts.clampLimit(m, "swiglu_clamp_exp", i, 0))
                      : swiglu(m, i);
              return layer(m, i).mixer(a).ffn(ffn);
            })
        .streams(
            new StreamsSpec.Hyper(
                m.integer("hyper_connection.count"),
                m.number("hyper_connection.epsilon"),
                m.number("hyper_connection.magnitude"),
                0));
  }

  /** DeepSeek-V4: compressed blocks of tokens, streams that mix, experts named by the token. */
  private static ModelSpec deepseek4(Hyper m) {
    RopeSpec all = Parts.dimsOfFirst(m, m.rope(Pairing.NEIGHBOURS), true);
    RopeSpec near = all.plain().frequencies(m.number("rope.freq_base", 10000), 1);
    RopeSpec far = all.frequencies(m.number("attention.compress_rope_freq_base"));
    int named = m.integer("hash_layer_count");
    return decoder(
            m,
            m.rms(),
            i -> {
              int ratio = m.perLayer("attention.compress_ratios", i, 0);
              float limit = Parts.clampLimit(m, "swiglu_clamp_exp", i, 0);
              DenseFfnSpec shared = Parts.shared(m, i, Act.SILU_OF_CLAMPED);
              MoeSpec e =
                  experts(m, i, Act.SILU_OF_CLAMPED)
                      .gating(Gating.SQRT_SOFTPLUS)
                      .constants(limit)
                      .shared(
                          shared == null
                              ? null
                              : shared.constants(
                                  Parts.clampLimit(m, "swiglu_clamp_shexp", i, limit)));
              return layer(m, i)
                  .mixer(compressed(m, i, ratio, ratio == 0 ? near : far.unmagnified()))
                  .ffn(i < named ? e.byToken() : e);
            })
        .streams(
            new StreamsSpec.Hyper(
                m.integer("hyper_connection.count"),
                m.number("hyper_connection.epsilon"),
                2,
                m.integer("hyper_connection.sinkhorn_iterations")));
  }

  private static CompressedAttentionSpec compressed(Hyper m, int i, int ratio, RopeSpec rope) {
    if (ratio != 0 && ratio != 4 && ratio != 128) {
      throw new ModelFormatException(
          "metadata entry '"
              + m.architecture()
              + ".attention.compress_ratios' has "
              + ratio
              + " for layer "
              + i
              + "; 0, 4 and 128 are known");
    }
    return new CompressedAttentionSpec(
        m.heads(i),
        m.keyDim(),
        m.integer("attention.output_group_count"),
        m.integer("attention.output_lora_rank"),
        m.integer("attention.sliding_window"),
        ratio,
        ratio == 4,
        m.rms(),
        rope,
        ratio == 4
            ? new IndexerSpec(
                m.integer("attention.indexer.head_count"),
                m.integer("attention.indexer.key_length"),
                m.integer("attention.indexer.top_k"),
                rope,
                m.rms(),
                true)
            : null);
  }

  private static FfnSpec ffn(Hyper m, int i, Gating gating) {
    return hasExperts(m, i) ? experts(m, i, Act.SILU).gating(m, gating) : swiglu(m, i);
  }

  private static ModelSpec miniCpm3(Hyper m) {
    return decoder(
            m,
            m.rms(),
            i ->
                layer(m, i)
                    .residualScale(1.4f / (float) Math.sqrt(m.layers()))
                    .mixer(latent(m, i, m.rope(Pairing.HALVES)))
                    .ffn(swiglu(m, i)))
        .embeddingScale(12)
        .logitScale(256f / m.width());
  }
}
