package dev.jllm.core.arch.families;

import static dev.jllm.core.arch.ModelSpec.decoder;
import static dev.jllm.core.arch.families.Parts.dense;
import static dev.jllm.core.arch.families.Parts.gqa;
import static dev.jllm.core.arch.families.Parts.layer;
import static dev.jllm.core.arch.families.Parts.layerNormLayer;
import static dev.jllm.core.arch.families.Parts.swiglu;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.AttentionSpec.QkNorm;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;

/** Models with norms by mean and deviation: GPT-2 and what came of it. */
public final class Gpt {
  private Gpt() {}

  /** Registers the family. */
  public static void register(Architectures.Registry r) {
    for (String name : new String[] {"gpt2", "starcoder"}) {
      r.add(
          name,
          m ->
              decoder(
                      m,
                      m.layerNorm(),
                      i ->
                          layerNormLayer(m, i)
                              .mixer(AttentionSpec.of(m, i))
                              .ffn(dense(m, i, Act.GELU)))
                  .learnedPositions());
    }
    for (String name : new String[] {"starcoder2", "codeshell"}) {
      r.add(name, m -> rotary(m, Act.GELU));
    }
    r.add("nemotron", m -> rotary(m, Act.RELU_SQUARED));
    r.add("jais2", m -> rotary(m, Act.RELU_SQUARED));
    r.add("orion", m -> rotary(m, Act.SILU));
    r.add(
        "bloom",
        m ->
            decoder(
                    m,
                    m.layerNorm(),
                    i ->
                        layerNormLayer(m, i)
                            .mixer(AttentionSpec.of(m, i).alibi(8))
                            .ffn(dense(m, i, Act.GELU)))
                .embeddingNorm("token_embd_norm"));
    r.add("mpt", Gpt::mpt);
    r.add(
        "jais",
        m ->
            decoder(
                m,
                m.layerNorm(),
                i ->
                    layerNormLayer(m, i)
                        .mixer(
                            AttentionSpec.of(m, i)
                                .alibi(m.number("attention.max_alibi_bias", 0))
                                .scale(1f / m.keyDim()))
                        .ffn(swiglu(m, i))));
    r.add("gptneox", Gpt::gptneox);
    r.add(
        "falcon",
        m ->
            decoder(
                m,
                m.layerNorm(),
                i -> {
                  boolean two = m.hasWeight(i, "attn_norm_2");
                  return layerNormLayer(m, i)
                      .parallel()
                      .norms(two ? "attn_norm_2" : "attn_norm", two ? "attn_norm" : null)
                      .mixer(gqa(m, i, Pairing.HALVES))
                      .ffn(dense(m, i, Act.GELU));
                }));
    r.add(
        "phi2",
        m ->
            decoder(
                m,
                m.layerNorm(),
                i ->
                    layerNormLayer(m, i)
                        .parallel()
                        .norms("attn_norm", null)
                        .mixer(gqa(m, i, Pairing.HALVES))
                        .ffn(dense(m, i, Act.GELU))));
    r.add(
        "phi3",
        m ->
            decoder(
                m, m.rms(), i -> layer(m, i).mixer(gqa(m, i, Pairing.HALVES)).ffn(swiglu(m, i))));
    r.add(
        "phimoe",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    layer(m, i)
                        .mixer(gqa(m, i, Pairing.HALVES))
                        .ffn(Parts.plainExperts(m, i, Act.SILU).normalise(true))));
    r.add("stablelm", Gpt::stablelm);
    r.add(
        "plamo",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    layer(m, i)
                        .parallel()
                        .norms("attn_norm", null)
                        .mixer(gqa(m, i, Pairing.HALVES))
                        .ffn(swiglu(m, i))));
    r.add(
        "olmo",
        m ->
            decoder(
                    m,
                    m.layerNorm(),
                    i ->
                        layerNormLayer(m, i)
                            .normsWithoutWeights()
                            .mixer(
                                gqa(m, i, Pairing.NEIGHBOURS)
                                    .clamp(m.number("attention.clamp_kqv", 0)))
                            .ffn(swiglu(m, i)))
                .outputNormWithoutWeights());
    r.add(
        "dbrx",
        m ->
            decoder(
                m,
                m.layerNorm(),
                i ->
                    layerNormLayer(m, i)
                        .norms("attn_norm", "attn_output_norm")
                        .mixer(gqa(m, i, Pairing.HALVES).clamp(m.number("attention.clamp_kqv", 0)))
                        .ffn(Parts.plainExperts(m, i, Act.SILU).normalise(true))));
  }

  private static ModelSpec rotary(Hyper m, Act act) {
    return decoder(
        m,
        m.layerNorm(),
        i -> layerNormLayer(m, i).mixer(gqa(m, i, Pairing.HALVES)).ffn(dense(m, i, act)));
  }

  private static ModelSpec mpt(Hyper m) {
    ModelSpec spec =
        decoder(
            m,
            m.layerNorm(),
            i -> {
              AttentionSpec a =
                  AttentionSpec.of(m, i)
                      .alibi(m.number("attention.max_alibi_bias", 0))
                      .clamp(m.number("attention.clamp_kqv", 0));
              if (m.hasWeight(i, "attn_q_norm")) {
                a.qkNorm(QkNorm.WHOLE, m.layerNorm());
              }
              return layerNormLayer(m, i).mixer(a).ffn(dense(m, i, Act.GELU));
            });
    return m.hasTensor("position_embd.weight") ? spec.learnedPositions() : spec;
  }

  private static ModelSpec gptneox(Hyper m) {
    boolean parallel = m.bool("use_parallel_residual", true);
    return decoder(
        m,
        m.layerNorm(),
        i -> {
          LayerSpec layer =
              layerNormLayer(m, i).mixer(gqa(m, i, Pairing.HALVES)).ffn(dense(m, i, Act.GELU));
          return parallel ? layer.parallel() : layer;
        });
  }

  /** StableLM 2: 12B has norms of queries and keys, and no norm before the second network. */
  private static ModelSpec stablelm(Hyper m) {
    return decoder(
        m,
        m.layerNorm(),
        i -> {
          AttentionSpec a =
              gqa(m, i, Pairing.HALVES).qkNormWherePresent(QkNorm.EACH, m.layerNorm());
          LayerSpec layer = layerNormLayer(m, i).mixer(a).ffn(swiglu(m, i));
          return m.hasWeight(i, "ffn_norm") ? layer : layer.parallel().norms("attn_norm", null);
        });
  }
}
