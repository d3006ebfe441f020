package dev.jllm.core.block;

import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/** One layer on the residual stream, see {@link LayerSpec}. */
public final class Layer implements StreamLayer {
  private final LayerSpec spec;
  private final @Nullable Mixer mixer;
  private final @Nullable FeedForward ffn;
  private final @Nullable FeedForward side;
  private final @Nullable Norm mixerNorm;
  private final @Nullable Norm mixerPostNorm;
  private final @Nullable Norm ffnNorm;
  private final @Nullable Norm ffnInnerPostNorm;
  private final @Nullable Norm ffnPostNorm;
  private final @Nullable Norm sideNorm;
  private final @Nullable Norm sidePostNorm;
  private final LayerTail tail;
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
    this.side = side;
    NormSpec post = spec.postNorm == null ? spec.norm : spec.postNorm;
    mixerNorm = mixer == null ? null : norm(spec.mixerNorm, spec.norm, width, w);
    mixerPostNorm = mixer == null ? null : norm(spec.mixerPostNorm, post, width, w);
    ffnNorm = ffn == null ? null : norm(spec.ffnNorm, spec.norm, width, w);
    ffnInnerPostNorm = norm(spec.ffnInnerPostNorm, post, width, w);
    ffnPostNorm = ffn == null ? null : norm(spec.ffnPostNorm, post, width, w);
    sideNorm = norm(spec.sideNorm, spec.norm, width, w);
    sidePostNorm = norm(spec.sidePostNorm, post, width, w);
    tail = new LayerTail(spec, width, w, plan);
    normedSlot = plan.buffer("layer.normed", width);
    mixedSlot = plan.buffer("layer.mixed", width);
    ffnNormedSlot = plan.buffer("layer.ffn_normed", width);
    ffnSlot = plan.buffer("layer.ffn", width);
    sideSlot = plan.buffer("layer.side", width);
  }

  private @Nullable Norm norm(@Nullable String name, NormSpec kind, int width, Weights w) {
    if (name == null) {
      return null;
    }
    return spec.normWeights
        ? Norm.load(w, "blk." + spec.index + "." + name, kind, width)
        : new Norm(kind, width, null, null);
  }

  @Override
  public void forward(Pass pass, Activations x) {
    Mixer m = mixer;
    FeedForward f = ffn;
    if (f != null) {
      f.layerInput(pass, x);
    }
    Activations aside = spec.sideFromResidual ? null : side(pass, x);
    Activations normed = x;
    Activations mixed = pass.buffer(mixedSlot, x.rows());
    if (m != null) {
      normed = normalised(pass, mixerNorm, x, pass.buffer(normedSlot, x.rows()), "attn_norm");
      m.forward(pass, normed, mixed);
      pass.trace("attn_out", spec.index, mixed);
      post(pass, mixerPostNorm, mixed, "attn_post_norm");
      if (!spec.parallel) {
        Vectors.add(pass, x, mixed);
        pass.trace("ffn_inp", spec.index, x);
      }
    }
    if (f != null) {
      feedForward(pass, f, x, normed);
      if (spec.parallel) {
        Vectors.add(pass, x, mixed);
      }
    }
    if (aside != null) {
      Vectors.add(pass, x, aside);
    }
    tail.forward(pass, x);
    pass.trace("l_out", spec.index, x);
  }

  private void feedForward(Pass pass, FeedForward f, Activations x, Activations normed) {
    f.residual(pass, x);
    Activations from = spec.parallel && ffnNorm == null ? normed : x;
    Activations in =
        normalised(pass, ffnNorm, from, pass.buffer(ffnNormedSlot, x.rows()), "ffn_norm");
    Activations out = pass.buffer(ffnSlot, x.rows());
    f.forward(pass, in, out);
    pass.trace("ffn_out", spec.index, out);
    Norm inner = ffnInnerPostNorm;
    if (inner != null) {
      inner.forward(pass, out, out);
    }
    Activations aside = spec.sideFromResidual ? side(pass, x) : null;
    if (aside != null) {
      Vectors.add(pass, out, aside);
    }
    post(pass, ffnPostNorm, out, "ffn_post_norm");
    Vectors.add(pass, x, out);
  }

  private @Nullable Activations side(Pass pass, Activations x) {
    FeedForward s = side;
    if (s == null) {
      return null;
    }
    s.residual(pass, x);
    Activations out = pass.buffer(sideSlot, x.rows());
    Activations in = pass.buffer(ffnNormedSlot, x.rows());
    s.forward(pass, normalised(pass, sideNorm, x, in, "ffn_side_norm"), out);
    Norm n = sidePostNorm;
    if (n != null) {
      n.forward(pass, out, out);
    }
    pass.trace("ffn_side_out", spec.index, out);
    return out;
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
    Vectors.scale(a, spec.residualScale);
  }
}
