package dev.jllm.core.block;

import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.MoeSpec.Gating;
import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.tensor.Activations;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Chooses experts and their weights for each token, see {@link MoeSpec}. */
final class Router {
  private final MoeSpec spec;
  private final int layer;
  private final Linear gate;
  private final float @Nullable [] choiceBias;
  private final int @Nullable [] table;
  private final int logitsSlot;
  private final int normedSlot;
  private final @Nullable Norm norm;

  Router(MoeSpec spec, int layer, int width, Weights w, Pass.Plan plan) {
    this.spec = spec;
    this.layer = layer;
    String blk = "blk." + layer + ".";
    NormSpec norm = spec.routerNorm;
    this.norm = norm == null ? null : new Norm(norm, width, scaled(w, blk, width), null);
    gate =
        norm == null
            ? w.linear(blk + "ffn_gate_inp", width, spec.routerExperts)
            : w.slice(blk + "ffn_gate_inp", width, spec.experts, 0, spec.experts);
    float[] bias = w.optionalVector(blk + "exp_probs_b.bias", spec.experts);
    choiceBias = bias == null ? w.optionalVector(blk + "exp_probs_b", spec.experts) : bias;
    table =
        spec.byToken ? w.integers(blk + "ffn_gate_tid2eid.weight", spec.used, spec.experts) : null;
    logitsSlot = plan.buffer("moe.logits", spec.routerExperts);
    normedSlot = plan.buffer("moe.router", width);
  }

  /** The weights {@code ffn_gate_inp.scale}, divided by the root of the width. */
  private static float[] scaled(Weights w, String blk, int width) {
    float[] scale = w.vector(blk + "ffn_gate_inp.scale", width);
    for (int i = 0; i < width; i++) {
      scale[i] /= (float) Math.sqrt(width);
    }
    return scale;
  }

  Routing route(Pass pass, Activations x) {
    Activations logits = pass.buffer(logitsSlot, x.rows());
    Activations in = x;
    Norm n = norm;
    if (n != null) {
      in = pass.buffer(normedSlot, x.rows());
      n.forward(pass, x, in);
    }
    pass.add(gate, in, logits).run();
    pass.trace("ffn_moe_logits", layer, logits);
    Routing routing = pass.routing();
    routing.size(x.rows(), spec.used);
    pass.rows(
        x.rows(),
        (token, worker) -> {
          float[] probs = pass.scratch(worker, 2 * spec.routerExperts + spec.groups);
          probabilities(logits.data(), token * spec.routerExperts, probs);
          choose(probs, routing, token, table == null ? 0 : pass.batch().token(token));
        });
    routing.sort(x.rows(), spec.experts);
    return routing;
  }

  /** Writes the probabilities of all experts, then what they are chosen by. */
  private void probabilities(float[] logits, int from, float[] probs) {
    int n = spec.routerExperts;
    switch (spec.gating) {
      case SOFTMAX -> softmax(logits, from, probs, 0, n);
      case SIGMOID -> {
        for (int e = 0; e < n; e++) {
          probs[e] = Activation.sigmoid(logits[from + e]);
        }
      }
      case SQRT_SOFTPLUS -> {
        for (int e = 0; e < n; e++) {
          probs[e] = (float) Math.sqrt(Activation.softplus(logits[from + e]));
        }
      }
      case SOFTMAX_CHOSEN -> System.arraycopy(logits, from, probs, 0, n);
    }
    switch (spec.choice) {
      case WEIGHT -> {
        float[] bias = choiceBias;
        for (int e = 0; e < n; e++) {
          probs[n + e] = bias == null ? probs[e] : probs[e] + bias[e];
        }
      }
      case OUTPUT -> System.arraycopy(logits, from, probs, n, n);
      case SIGMOID -> {
        for (int e = 0; e < n; e++) {
          probs[n + e] = Activation.sigmoid(logits[from + e]);
        }
      }
    }
    if (spec.groups > 1) {
      dropGroups(probs, n);
    }
  }

  /** Keeps the groups whose two best experts have the greatest sums (arXiv:2412.19437, 2.1.2). */
  private void dropGroups(float[] probs, int n) {
    int size = n / spec.groups;
    int score = 2 * n;
    for (int g = 0; g < spec.groups; g++) {
      float best = Float.NEGATIVE_INFINITY;
      float second = Float.NEGATIVE_INFINITY;
      for (int e = n + g * size; e < n + (g + 1) * size; e++) {
        if (probs[e] > best) {
          second = best;
          best = probs[e];
        } else if (probs[e] > second) {
          second = probs[e];
        }
      }
      probs[score + g] = size > 1 ? best + second : best;
    }
    for (int drop = spec.groups - spec.groupsUsed; drop > 0; drop--) {
      int worst = -1;
      for (int g = 0; g < spec.groups; g++) {
        float v = probs[score + g];
        if (v != Float.POSITIVE_INFINITY && (worst < 0 || v <= probs[score + worst])) {
          worst = g;
        }
      }
      probs[score + worst] = Float.POSITIVE_INFINITY;
      // Above what taken experts get: those of dropped groups come after all others, once each.
      Arrays.fill(probs, n + worst * size, n + (worst + 1) * size, -Float.MAX_VALUE);
    }
  }

  private static void softmax(float[] logits, int from, float[] probs, int to, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int e = 0; e < n; e++) {
      max = Math.max(max, logits[from + e]);
    }
    float sum = 0;
    for (int e = 0; e < n; e++) {
      probs[to + e] = FastMath.exp(logits[from + e] - max);
      sum += probs[to + e];
    }
    for (int e = 0; e < n; e++) {
      probs[to + e] /= sum;
    }
  }

  /** Notes the experts of {@code token}, whose id is {@code id}, and their weights. */
  private void choose(float[] probs, Routing routing, int token, int id) {
    int n = spec.routerExperts;
    int group = n / spec.experts;
    int used = spec.used;
    int at = token * used;
    float[] weights = routing.weights();
    int[] named = table;
    for (int k = 0; k < used; k++) {
      int best = named == null ? best(probs, n) : named[id * used + k];
      // With experts for groups, a group is chosen by its expert, whose number is then divided.
      routing.choose(token, k, best / group, probs[best / group]);
    }
    if (spec.gating == Gating.SOFTMAX_CHOSEN) {
      softmax(weights, at, weights, at, used);
    }
    float sum = 0;
    for (int k = at; k < at + used; k++) {
      sum += weights[k];
    }
    // The least positive normal half keeps the division finite.
    float factor = spec.weightScale / (spec.normaliseWeights ? Math.max(sum, 6.103515625e-5f) : 1);
    for (int k = at; k < at + used; k++) {
      weights[k] *= factor;
    }
  }

  /** The greatest of the {@code n} values from {@code n} on, which it takes out. */
  private static int best(float[] probs, int n) {
    int best = 0;
    for (int e = 1; e < n; e++) {
      if (probs[n + e] > probs[n + best]) {
        best = e;
      }
    }
    probs[n + best] = Float.NEGATIVE_INFINITY;
    return best;
  }
}
