package dev.jllm.core.block;

import dev.jllm.core.arch.DenseFfnSpec;
import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/** The network of {@link DenseFfnSpec}: {@code width → inner → width}. */
public final class DenseFfn implements FeedForward {
  private final DenseFfnSpec spec;
  private final @Nullable Linear gate;
  private final Linear up;
  private final Linear down;
  private final @Nullable Norm innerNorm;
  private final int gateSlot;
  private final int upSlot;

  /** Binds the tensors of a layer. */
  public DenseFfn(DenseFfnSpec spec, int layer, int width, Weights w, Pass.Plan plan) {
    this.spec = spec;
    String blk = "blk." + layer + ".ffn_";
    String upName = blk + "up" + spec.suffix();
    String gateName = blk + "gate" + spec.suffix();
    int inner = spec.width();
    if (w.has(gateName)) {
      gate = w.linear(gateName, width, inner);
      up = w.linear(upName, width, inner);
    } else if (w.rows(upName) == 2 * inner) {
      gate = w.slice(upName, width, 2 * inner, 0, inner);
      up = w.slice(upName, width, 2 * inner, inner, inner);
    } else {
      gate = null;
      up = w.linear(upName, width, inner);
    }
    down = w.linear(blk + "down" + spec.suffix(), inner, width);
    NormSpec norm = spec.innerNorm();
    innerNorm = norm == null ? null : Norm.load(w, blk + "sub_norm", norm, inner);
    gateSlot = plan.buffer("ffn.gate", inner);
    upSlot = plan.buffer("ffn.up", inner);
  }

  @Override
  public void forward(Pass pass, Activations x, Activations y) {
    Activations u = pass.buffer(upSlot, x.rows());
    Linear g = gate;
    if (g == null) {
      pass.add(up, x, u).run();
      if (u.rows() == 1) {
        activate(u, 0);
      } else {
        pass.rows(u.rows(), (row, worker) -> activate(u, row));
      }
      project(pass, u, y);
    } else {
      Activations a = pass.buffer(gateSlot, x.rows());
      pass.add(g, x, a).add(up, x, u).run();
      if (u.rows() == 1) {
        activate(a, u, 0);
      } else {
        pass.rows(u.rows(), (row, worker) -> activate(a, u, row));
      }
      project(pass, a, y);
    }
  }

  private void activate(Activations u, int row) {
    Activation.apply(spec.act(), spec.constants(), u.data(), row * u.width(), u.width());
  }

  private void activate(Activations a, Activations u, int row) {
    int at = row * u.width();
    Activation.gated(spec.act(), spec.constants(), a.data(), u.data(), at, u.width());
  }

  private void project(Pass pass, Activations inner, Activations y) {
    Norm n = innerNorm;
    if (n != null) {
      n.forward(pass, inner, inner);
    }
    pass.add(down, inner, y).run();
  }
}
