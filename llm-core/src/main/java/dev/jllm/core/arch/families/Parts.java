package dev.jllm.core.arch.families;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.DenseFfnSpec;
import dev.jllm.core.arch.FfnSpec;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;
import org.jspecify.annotations.Nullable;

/** Parts that many families share. */
final class Parts {
  private Parts() {}

  /** A layer with norms by root mean square. */
  static LayerSpec layer(Hyper m, int i) {
    return new LayerSpec(i, m.rms());
  }

  /** A layer with norms by mean and deviation. */
  static LayerSpec layerNormLayer(Hyper m, int i) {
    return new LayerSpec(i, m.layerNorm());
  }

  /** Grouped-query attention with rotary positions. */
  static AttentionSpec gqa(Hyper m, int i, Pairing pairing) {
    return AttentionSpec.of(m, i).rope(m.rope(pairing));
  }

  /** As {@link #gqa}, with norms of each head's queries and keys. */
  static AttentionSpec gqaHeadNorm(Hyper m, int i, Pairing pairing) {
    return gqa(m, i, pairing).qkNorm(AttentionSpec.QkNorm.HEAD, m.rms());
  }

  /** A dense network, as wide as its tensor. */
  static DenseFfnSpec dense(Hyper m, int i, Act act) {
    return new DenseFfnSpec(m.tensorSize(i, "ffn_down", 0, m.ffn(i)), act);
  }

  /** A dense network with SiLU. */
  static DenseFfnSpec swiglu(Hyper m, int i) {
    return dense(m, i, Act.SILU);
  }

  /** The network that all tokens use beside the experts, where the file has one. */
  static @Nullable DenseFfnSpec shared(Hyper m, int i, Act act) {
    int width = m.tensorSize(i, "ffn_down_shexp", 0, 0);
    return width == 0 ? null : new DenseFfnSpec(width, act, "_shexp");
  }

  /** Whether layer {@code i} has experts. */
  static boolean hasExperts(Hyper m, int i) {
    return m.hasWeight(i, "ffn_gate_inp");
  }

  /**
   * Experts weighed by the softmax of all, with groups as the file's keys tell, and a shared
   * network; neither normalised nor scaled, whatever the keys say.
   */
  static MoeSpec plainExperts(Hyper m, int i, Act act) {
    int width = m.tensorSize(i, "ffn_down_exps", 0, m.integer("expert_feed_forward_length", 0));
    return new MoeSpec(m.experts(), m.expertsUsed(), width, act)
        .gating(MoeSpec.Gating.SOFTMAX)
        .normalise(false)
        .groups(m)
        .shared(shared(m, i, act));
  }

  /** The same whose weights are scaled and normalised as the file's keys say. */
  static MoeSpec weightedExperts(Hyper m, int i, Act act) {
    return plainExperts(m, i, act)
        .normalise(m.bool("expert_weights_norm", false))
        .weightScale(m.number("expert_weights_scale", 0));
  }

  /** The same with the gating that the file's key names, softmax by default. */
  static MoeSpec experts(Hyper m, int i, Act act) {
    return weightedExperts(m, i, act).gating(m, MoeSpec.Gating.SOFTMAX);
  }

  /** Experts where the layer has a router, else a dense network; both with SiLU. */
  static FfnSpec swigluOrExperts(Hyper m, int i) {
    return hasExperts(m, i) ? experts(m, i, Act.SILU) : swiglu(m, i);
  }

  /**
   * Whether layer {@code i} has a window: by {@code attention.sliding_window_pattern}, which is a
   * period or an array, or by {@code period}: the last layer of a period (or the first) has none.
   */
  static boolean windowed(Hyper m, int i, int period, boolean fullFirst) {
    String key = "attention.sliding_window_pattern";
    Object v = m.metadata().get(m.architecture() + "." + key);
    if (v != null && v.getClass().isArray()) {
      return m.perLayer(key, i, 0) != 0;
    }
    int n = v == null ? period : m.integer(key, period);
    return n == 0 || (fullFirst ? i % n != 0 : i % n < n - 1);
  }

  /**
   * Rotation in layers with a window: a base and a number of dimensions of their own, 10000 and
   * those of the other layers by default, and no scaling of positions.
   */
  static RopeSpec windowRope(Hyper m, RopeSpec full) {
    return full.frequencies(m.number("rope.freq_base_swa", 10000), 1)
        .dims(m.integer("rope.dimension_count_swa", full.dims()));
  }

  /** As {@link #windowRope}, with the base and the scaling of the other layers by default. */
  static RopeSpec windowRopeLikeFull(Hyper m, RopeSpec full) {
    float factor = m.number("rope.scaling.factor", m.number("rope.scale_linear", 0));
    return full.frequencies(
            m.number("rope.freq_base_swa", full.base()), factor == 0 ? 1 : 1 / factor)
        .dims(m.integer("rope.dimension_count_swa", full.dims()));
  }

  /**
   * The rotation whose number of dimensions is that of the first layer, as llama.cpp takes it for
   * all layers of some architectures.
   *
   * @param firstWindowed whether the first layer has a window
   */
  static RopeSpec dimsOfFirst(Hyper m, RopeSpec full, boolean firstWindowed) {
    return firstWindowed ? full.dims(m.integer("rope.dimension_count_swa", full.dims())) : full;
  }

  /** The limit of a clamped gate in layer {@code i}, 0 for none. */
  static float clampLimit(Hyper m, String key, int i, float fallback) {
    return m.perLayerNumber(key, i, fallback);
  }
}
