package dev.jllm.core.block;

import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.MoeSpec.RouteFrom;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts, see {@link MoeSpec}. The tokens of a batch are sorted by expert, so that
 * each expert in use multiplies all of its tokens at once, and those not in use are not touched.
 */
public final class MoeFfn implements FeedForward {
  private final MoeSpec spec;
  private final int layer;
  private final Router router;
  private final Linear @Nullable [] gate;
  private final Linear[] up;
  private final Linear[] down;
  private final @Nullable FeedForward shared;
  private final @Nullable MoeFfn chunk;
  private final int chunkSlot;
  private final @Nullable Linear sharedGate;
  private final int inSlot;
  private final int gateSlot;
  private final int upSlot;
  private final int outSlot;
  private final int sharedSlot;
  private final int sharedGateSlot;

  /** Binds the tensors of a layer. */
  public MoeFfn(
      MoeSpec spec, int layer, int width, @Nullable FeedForward shared, Weights w, Pass.Plan plan) {
    this.spec = spec;
    this.layer = layer;
    this.shared = shared;
    String blk = "blk." + layer + ".ffn_";
    int n = spec.experts;
    int inner = spec.width;
    router = new Router(spec, layer, width, w, plan);
    if (w.has(blk + "gate_up" + spec.suffix)) {
      gate = w.stack(blk + "gate_up" + spec.suffix, width, 2 * inner, 0, inner, n);
      up = w.stack(blk + "gate_up" + spec.suffix, width, 2 * inner, inner, inner, n);
    } else {
      gate =
          w.has(blk + "gate" + spec.suffix)
              ? w.stack(blk + "gate" + spec.suffix, width, inner, n)
              : null;
      up = w.stack(blk + "up" + spec.suffix, width, inner, n);
    }
    down = w.stack(blk + "down" + spec.suffix, inner, width, n);
    MoeSpec second = spec.chunk;
    chunk = second == null ? null : new MoeFfn(second, layer, width, null, w, plan);
    chunkSlot = plan.buffer("moe.chunk", width);
    sharedGate = spec.sharedGate ? w.linear(blk + "gate_inp_shexp", width, 1) : null;
    inSlot = plan.buffer("moe.in", width);
    gateSlot = plan.buffer("moe.gate", inner);
    upSlot = plan.buffer("moe.up", inner);
    outSlot = plan.buffer("moe.out", width);
    sharedSlot = plan.buffer("moe.shared", width);
    sharedGateSlot = plan.buffer("moe.shared_gate", 1);
  }

  @Override
  public void layerInput(Pass pass, Activations x) {
    if (spec.routeFrom == RouteFrom.LAYER_INPUT) {
      router.route(pass, x);
    }
  }

  @Override
  public void residual(Pass pass, Activations x) {
    if (spec.routeFrom == RouteFrom.RESIDUAL) {
      router.route(pass, x);
    }
  }

  @Override
  public void forward(Pass pass, Activations x, Activations y) {
    if (spec.routeFrom == RouteFrom.INPUT) {
      router.route(pass, x);
    }
    mix(pass, x, y);
    MoeFfn second = chunk;
    if (second != null) {
      second.layerInput(pass, x);
      Activations more = pass.buffer(chunkSlot, x.rows());
      second.mix(pass, y, more);
      for (int i = 0; i < y.rows() * y.width(); i++) {
        y.data()[i] += spec.chunkScale * more.data()[i];
      }
    }
    addShared(pass, x, y);
  }

  /** The weighted sum of the experts that were chosen. */
  private void mix(Pass pass, Activations x, Activations y) {
    Routing routing = pass.routing();
    int width = x.width();
    int pairs = x.rows() * spec.used;
    boolean gather = x.rows() > 1 || spec.weightBefore || routing.repeats();
    Activations in = gather ? pass.buffer(inSlot, pairs) : x;
    if (gather) {
      pass.rows(
          pairs,
          (place, worker) -> {
            int from = routing.token(place) * width;
            System.arraycopy(x.data(), from, in.data(), place * width, width);
            if (spec.weightBefore) {
              scale(in.data(), place * width, width, routing.weight(place));
            }
          });
    }
    Activations g = pass.buffer(gateSlot, pairs);
    Activations u = pass.buffer(upSlot, pairs);
    Activations out = pass.buffer(outSlot, pairs);
    Linear[] gates = gate;
    for (int e = 0; e < spec.experts; e++) {
      int from = routing.start(e);
      int count = routing.start(e + 1) - from;
      if (count > 0) {
        int xRow = gather ? from : 0;
        pass.add(up[e], in, xRow, u, from, count);
        if (gates != null) {
          pass.add(gates[e], in, xRow, g, from, count);
        }
      }
    }
    pass.run();
    pass.rows(pairs, (place, worker) -> activate(g.data(), u.data(), place * spec.width));
    Activations inner = gates == null ? u : g;
    for (int e = 0; e < spec.experts; e++) {
      int from = routing.start(e);
      int count = routing.start(e + 1) - from;
      if (count > 0) {
        pass.add(down[e], inner, from, out, from, count);
      }
    }
    pass.run();
    y.resize(x.rows());
    pass.rows(x.rows(), (token, worker) -> combine(routing, token, out, y));
    pass.trace("ffn_moe_out", layer, y);
  }

  private void activate(float[] g, float[] u, int from) {
    if (gate == null) {
      Activation.apply(spec.act, spec.constants, u, from, spec.width);
    } else {
      Activation.gated(spec.act, spec.constants, g, u, from, spec.width);
    }
  }

  private void combine(Routing routing, int token, Activations out, Activations y) {
    int width = y.width();
    float[] to = y.data();
    float[] from = out.data();
    for (int k = 0; k < spec.used; k++) {
      int place = routing.place(token, k);
      float weight = spec.weightBefore ? 1 : routing.weight(place);
      for (int i = 0; i < width; i++) {
        float v = from[place * width + i] * weight;
        to[token * width + i] = k == 0 ? v : to[token * width + i] + v;
      }
    }
  }

  private void addShared(Pass pass, Activations x, Activations y) {
    FeedForward s = shared;
    if (s == null) {
      return;
    }
    Activations out = pass.buffer(sharedSlot, x.rows());
    s.forward(pass, x, out);
    Linear g = sharedGate;
    if (g != null) {
      Activations weight = pass.buffer(sharedGateSlot, x.rows());
      pass.add(g, x, weight).run();
      for (int r = 0; r < x.rows(); r++) {
        scale(out.data(), r * x.width(), x.width(), Activation.sigmoid(weight.data()[r]));
      }
    }
    for (int i = 0; i < x.rows() * x.width(); i++) {
      y.data()[i] = (y.data()[i] + out.data()[i]) * spec.outputScale;
    }
  }

  private static void scale(float[] data, int from, int n, float factor) {
    for (int i = from; i < from + n; i++) {
      data[i] *= factor;
    }
  }
}
