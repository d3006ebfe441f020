package dev.jllm.core.arch.families;

import static dev.jllm.core.arch.ModelSpec.decoder;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.Architectures.Registry;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.DenseFfnSpec;
import dev.jllm.core.arch.FfnSpec;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;

/** Llama (Touvron et al., arXiv:2302.13971) and what differs from it by little. */
public final class Llama {
  private Llama() {}

  /** Registers the family. */
  public static void register(Registry r) {
    r.add(
        "llama",
        m ->
            decoder(
                m,
                m.rms(),
                i ->
                    new LayerSpec(i, m.rms())
                        .mixer(
                            AttentionSpec.of(m, i)
                                .rope(m.rope(Pairing.NEIGHBOURS))
                                .scale(m.number("attention.scale", 0)))
                        .ffn(swigluOrExperts(m, i))));
  }

  /** A gated network with SiLU, or a mixture of such where the file has experts. */
  static FfnSpec swigluOrExperts(Hyper m, int layer) {
    if (m.experts() == 0) {
      return new DenseFfnSpec(m.ffn(layer), Act.SILU);
    }
    int shared = m.integer("expert_shared_feed_forward_length", 0);
    return MoeSpec.of(m, layer, Act.SILU)
        .weightScale(m.number("expert_weights_scale", 0))
        .shared(shared > 0 ? new DenseFfnSpec(shared, Act.SILU, "_shexp") : null);
  }
}
