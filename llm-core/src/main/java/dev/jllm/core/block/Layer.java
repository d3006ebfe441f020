package dev.jllm.core.block;

import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/** One layer on the residual stream, see {@link LayerSpec}. */
public final class Layer {
  private final LayerSpec spec;
  private final @Nullable Mixer mixer;
  private final @Nullable FeedForward ffn;
  private final @Nullable Norm mixerNorm;
  private final @Nullable Norm mixerPostNorm;
  private final @Nullable Norm ffnNorm;
  private final @Nullable Norm ffnPostNorm;
  private final @Nullable FeedForward side;
  private final @Nullable Norm sideNorm;
  private final int normedSlot;
  private final int mixedSlot;
  private final int ffnNormedSlot;
  private final int ffnSlot;
  private final int sideSlot;

  /** Binds the norms of a layer around its blocks. */
  public Layer(
      LayerSpec spec,
      int width,
      @Nullable Mixer mixer,
      @Nullable FeedForward ffn,
      @Nullable FeedForward side,
      Weights w,
      Pass.Plan plan) {
    this.spec = spec;
    this.mixer = mixer;
    this.ffn = ffn;
    mixerNorm = mixer == null ? null : norm(spec.mixerNorm, width, w);
    mixerPostNorm = mixer == null ? null : norm(spec.mixerPostNorm, width, w);
    ffnNorm = ffn == null ? null : norm(spec.ffnNorm, width, w);
    ffnPostNorm = ffn == null ? null : norm(spec.ffnPostNorm, width, w);
    this.side = side;
    sideNorm = side == null ? null : norm(spec.sideNorm, width, w);
    sideSlot = plan.buffer("layer.side", width);
    normedSlot = plan.buffer("layer.normed", width);
    mixedSlot = plan.buffer("layer.mixed", width);
    ffnNormedSlot = plan.buffer("layer.ffn_normed", width);
    ffnSlot = plan.buffer("layer.ffn", width);
  }

  private @Nullable Norm norm(@Nullable String name, int width, Weights w) {
    if (name == null) {
      return null;
    }
    return spec.normWeights
        ? Norm.load(w, "blk." + spec.index + "." + name, spec.norm, width)
        : new Norm(spec.norm, width, null, null);
  }

  /** {@code x} becomes the output of the layer. */
  public void forward(Pass pass, Activations x) {
    Activations normed = x;
    Mixer m = mixer;
    FeedForward f = ffn;
    Activations mixed = pass.buffer(mixedSlot, x.rows());
    Activations aside = pass.buffer(sideSlot, x.rows());
    FeedForward s = side;
    if (s != null) {
      Activations in = pass.buffer(ffnNormedSlot, x.rows());
      s.forward(pass, normalised(pass, sideNorm, x, in, "ffn_side_norm"), aside);
      pass.trace("ffn_side_out", spec.index, aside);
    }
    if (m != null) {
      normed = normalised(pass, mixerNorm, x, pass.buffer(normedSlot, x.rows()), "attn_norm");
      m.forward(pass, normed, mixed);
      pass.trace("attn_out", spec.index, mixed);
      post(pass, mixerPostNorm, mixed, "attn_post_norm");
      if (!spec.parallel) {
        add(x, mixed);
        pass.trace("ffn_inp", spec.index, x);
      }
    }
    if (f != null) {
      Activations from = spec.parallel && ffnNorm == null ? normed : x;
      Activations in =
          normalised(pass, ffnNorm, from, pass.buffer(ffnNormedSlot, x.rows()), "ffn_norm");
      Activations out = pass.buffer(ffnSlot, x.rows());
      f.forward(pass, in, out);
      pass.trace("ffn_out", spec.index, out);
      post(pass, ffnPostNorm, out, "ffn_post_norm");
      if (spec.parallel) {
        add(x, mixed);
      }
      add(x, out);
    }
    if (s != null) {
      add(x, aside);
    }
    pass.trace("l_out", spec.index, x);
  }

  private Activations normalised(
      Pass pass, @Nullable Norm norm, Activations x, Activations to, String name) {
    if (norm == null) {
      return x;
    }
    norm.forward(pass, x, to);
    pass.trace(name, spec.index, to);
    return to;
  }

  /** The norm and the factor of what joins the residual stream. */
  private void post(Pass pass, @Nullable Norm norm, Activations a, String name) {
    if (norm != null) {
      norm.forward(pass, a, a);
      pass.trace(name, spec.index, a);
    }
    if (spec.residualScale != 1) {
      for (int i = 0; i < a.rows() * a.width(); i++) {
        a.data()[i] *= spec.residualScale;
      }
    }
  }

  private static void add(Activations x, Activations a) {
    float[] to = x.data();
    float[] from = a.data();
    int n = x.rows() * x.width();
    for (int i = 0; i < n; i++) {
      to[i] += from[i];
    }
  }
}
