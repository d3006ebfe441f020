package dev.jllm.core.arch;

import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts: a router chooses, for each token, a few of many feed-forward networks
 * (Shazeer et al., arXiv:1701.06538). A sheet of options, as {@link AttentionSpec}.
 */
public final class MoeSpec implements FfnSpec {
  /** How the router's outputs become weights. */
  public enum Gating {
    /** Softmax over all experts before the choice. */
    SOFTMAX,
    /** Sigmoid of each by itself. */
    SIGMOID,
    /** Softmax over the chosen ones. */
    SOFTMAX_CHOSEN,
    /** Root of softplus of each by itself. */
    SQRT_SOFTPLUS
  }

  /** What experts are chosen by. */
  public enum Choice {
    /** Their weights, plus {@code exp_probs_b} where the file has it. */
    WEIGHT,
    /** The router's outputs themselves. */
    OUTPUT,
    /** The sigmoid of the router's outputs. */
    SIGMOID
  }

  /** What the router sees. */
  public enum RouteFrom {
    /** The normalised input of the network. */
    INPUT,
    /** The input of the layer, before the mixer and without a norm. */
    LAYER_INPUT,
    /** The residual stream before the network's norm, with a norm and a scale of its own. */
    RESIDUAL
  }

  public final int experts;
  public final int used;
  public final int width;
  public final Act act;
  public Gating gating = Gating.SOFTMAX;
  public Choice choice = Choice.WEIGHT;
  public boolean normaliseWeights = true;
  public float weightScale = 1;
  public int groups = 1;
  public int groupsUsed = 1;
  public boolean weightBefore;
  public @Nullable FfnSpec shared;
  public boolean sharedGate;
  public float[] constants = {};
  public float outputScale = 1;
  public RouteFrom routeFrom = RouteFrom.INPUT;
  public @Nullable NormSpec routerNorm;
  public String suffix = "_exps";
  public int routerExperts;
  public @Nullable MoeSpec chunk;
  public float chunkScale;
  public boolean byToken;

  /** {@code used} of {@code experts} networks of inner width {@code width} a token. */
  public MoeSpec(int experts, int used, int width, Act act) {
    this.experts = experts;
    this.used = used;
    this.width = width;
    this.act = act;
    this.routerExperts = experts;
  }

  /** The experts that the file's keys describe, as wide as {@code feed_forward_length}. */
  public static MoeSpec of(Hyper m, int layer, Act act) {
    return new MoeSpec(
        m.experts(), m.expertsUsed(), m.integer("expert_feed_forward_length", m.ffn(layer)), act);
  }

  /**
   * The gating that the file names.
   *
   * @param fallback what an absent or zero entry stands for
   */
  public MoeSpec gating(Hyper m, Gating fallback) {
    int kind = m.integer("expert_gating_func", 0);
    if (kind < 0 || kind > 4) {
      throw new dev.jllm.gguf.ModelFormatException(
          "metadata entry '"
              + m.architecture()
              + ".expert_gating_func' is "
              + kind
              + "; 0 to 4 are known");
    }
    return gating(kind == 0 ? fallback : Gating.values()[kind - 1]);
  }

  /** How the router's outputs become weights. */
  public MoeSpec gating(Gating kind) {
    gating = kind;
    return this;
  }

  /** Whether the weights of the chosen experts are divided by their sum. */
  public MoeSpec normalise(boolean yes) {
    normaliseWeights = yes;
    return this;
  }

  /** What the weights are multiplied by; 0 for 1. */
  public MoeSpec weightScale(float factor) {
    weightScale = factor == 0 ? 1 : factor;
    return this;
  }

  /** What experts are chosen by. */
  public MoeSpec choice(Choice by) {
    choice = by;
    return this;
  }

  /**
   * Experts are chosen from the best of groups, as many as {@code expert_group_count} and {@code
   * expert_group_used_count} say.
   */
  public MoeSpec groups(Hyper m) {
    groups = Math.max(1, m.integer("expert_group_count", 1));
    groupsUsed = groups == 1 ? 1 : m.integer("expert_group_used_count", 0);
    if (groups > 1
        && (experts % groups != 0 || groups >= experts || groupsUsed < 1 || groupsUsed >= groups)) {
      throw new dev.jllm.gguf.ModelFormatException(
          m.architecture()
              + ".expert_group_count is "
              + groups
              + " and "
              + m.architecture()
              + ".expert_group_used_count is "
              + groupsUsed
              + ": groups must be equal parts of the "
              + experts
              + " experts, of two or more each, and fewer groups used than there are");
    }
    return this;
  }

  /** The inputs of the experts are weighted, not their outputs. */
  public MoeSpec weightBefore() {
    weightBefore = true;
    return this;
  }

  /** A network that all tokens use, beside the experts. */
  public MoeSpec shared(@Nullable FfnSpec network) {
    shared = network;
    return this;
  }

  /** What the sum of the experts and the shared network is multiplied by, if there is one. */
  public MoeSpec outputScale(float factor) {
    outputScale = factor;
    return this;
  }

  /** What the router sees. */
  public MoeSpec routeFrom(RouteFrom place) {
    routeFrom = place;
    return this;
  }

  /** The router sees the residual stream through this norm. */
  public MoeSpec routeFromResidual(NormSpec norm) {
    routeFrom = RouteFrom.RESIDUAL;
    routerNorm = norm;
    return this;
  }

  /**
   * Smaller experts {@code _chexps}, one for each group of {@code group} experts, which transform
   * the result of the experts once more (GroveMoE, arXiv:2508.07785).
   */
  public MoeSpec chunk(MoeSpec adjugate, float factor) {
    adjugate.suffix = "_chexps";
    adjugate.routerExperts = experts;
    adjugate.routeFrom = RouteFrom.LAYER_INPUT;
    chunk = adjugate;
    chunkScale = factor;
    return this;
  }

  /** Experts are looked up by the token's id ({@code ffn_gate_tid2eid}), not chosen by weight. */
  public MoeSpec byToken() {
    byToken = true;
    return this;
  }

  /** Constants of the function. */
  public MoeSpec constants(float... values) {
    constants = values;
    return this;
  }

  /** The shared network is gated by the sigmoid of {@code ffn_gate_inp_shexp}. */
  public MoeSpec sharedGate() {
    sharedGate = true;
    return this;
  }

  @Override
  public String describe() {
    FfnSpec s = shared;
    return used
        + " of "
        + experts
        + " experts "
        + act
        + " "
        + width
        + ", router "
        + gating.toString().toLowerCase(java.util.Locale.ROOT)
        + (byToken ? " of those named by the token" : "")
        + (groups > 1 ? ", best " + groupsUsed + " of " + groups + " groups" : "")
        + (s == null ? "" : ", shared: " + s.describe());
  }
}
