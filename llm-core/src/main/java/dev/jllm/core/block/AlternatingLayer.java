package dev.jllm.core.block;

import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.tensor.Activations;

/**
 * A layer of Gemma 3n on the streams of {@link StreamsSpec.Alternating}: all streams are predicted,
 * attention beside a low-rank branch and the network compute the active one, and what they found
 * new corrects all (arXiv:2301.13310; the low-rank branch is LAuReL, arXiv:2411.07501).
 */
public final class AlternatingLayer implements StreamLayer {
  private static final float HALF = (float) Math.sqrt(0.5);
  private final int layer;
  private final int count;
  private final int active;
  private final NormedBlocks blocks;
  private final OwnEmbedding own;
  private final Norm attnPostNorm;
  private final Norm ffnPostNorm;
  private final Norm routerNorm;
  private final Linear router;
  private final Linear predict;
  private final Linear correct;
  private final float[] correctScale;
  private final Linear laurelLeft;
  private final Linear laurelRight;
  private final Norm laurelNorm;
  private final int activeSlot;
  private final int normedSlot;
  private final int laurelSlot;
  private final int rankSlot;
  private final int mixedSlot;
  private final int modesSlot;
  private final int predictSlot;
  private final int correctSlot;

  /** Binds the tensors around the blocks of a layer. */
  public AlternatingLayer(
      LayerSpec spec,
      StreamsSpec.Alternating streams,
      int width,
      Mixer mixer,
      FeedForward ffn,
      Weights w,
      Pass.Plan plan) {
    layer = spec.index;
    count = streams.count();
    active = streams.active();
    blocks = new NormedBlocks(spec, width, mixer, ffn, w);
    own = new OwnEmbedding(spec, width, w, plan);
    String blk = "blk." + layer + ".";
    attnPostNorm = Norm.load(w, blk + "post_attention_norm", spec.norm, width);
    ffnPostNorm = Norm.load(w, blk + "post_ffw_norm", spec.norm, width);
    routerNorm = Norm.load(w, blk + "altup_router_norm", spec.norm, width);
    router = w.linear(blk + "altup_router", width, count);
    predict = w.linear(blk + "altup_predict_coef", count, count * count);
    correct = w.linear(blk + "altup_correct_coef", count, count);
    correctScale = w.vector(blk + "altup_correct_scale.weight", width);
    int rank = w.rows(blk + "laurel_l");
    laurelLeft = w.linear(blk + "laurel_l", width, rank);
    laurelRight = w.linear(blk + "laurel_r", rank, width);
    laurelNorm = Norm.load(w, blk + "laurel_post_norm", spec.norm, width);
    activeSlot = plan.buffer("altup.active", width);
    normedSlot = plan.buffer("layer.normed", width);
    laurelSlot = plan.buffer("altup.laurel", width);
    rankSlot = plan.buffer("altup.rank", rank);
    mixedSlot = plan.buffer("layer.mixed", width);
    modesSlot = plan.buffer("altup.modes", count);
    predictSlot = plan.buffer("altup.predict", count * count);
    correctSlot = plan.buffer("altup.correct", count);
  }

  @Override
  public void forward(Pass pass, Activations streams) {
    Activations x = pass.buffer(activeSlot);
    Activations normed = pass.buffer(normedSlot);
    Activations out = pass.buffer(mixedSlot);
    Activations laurel = pass.buffer(laurelSlot);
    take(streams, x);
    predict(pass, x, streams);
    take(streams, x);
    blocks.mix(pass, x, normed, out);
    Activations rank = pass.buffer(rankSlot);
    pass.add(laurelLeft, normed, rank).run();
    pass.add(laurelRight, rank, laurel).run();
    laurelNorm.forward(pass, laurel, laurel);
    Vectors.add(laurel, normed);
    attnPostNorm.forward(pass, out, out);
    Vectors.add(out, x);
    Vectors.add(out, laurel);
    Vectors.scale(out, HALF);
    System.arraycopy(out.data(), 0, laurel.data(), 0, out.rows() * out.width());
    blocks.feedForward(pass, laurel, normed, out);
    ffnPostNorm.forward(pass, out, out);
    Vectors.add(out, laurel);
    correct(pass, x, out, streams);
    addOwnEmbedding(pass, streams, x);
    pass.trace("l_out", layer, streams);
  }

  private void take(Activations streams, Activations x) {
    int width = x.width();
    for (int row = 0; row < x.rows(); row++) {
      int from = (row * count + active) * width;
      System.arraycopy(streams.data(), from, x.data(), row * width, width);
    }
  }

  /** {@code tanh(router(norm(x) / width))}. */
  private Activations modes(Pass pass, Activations x) {
    Activations normed = pass.buffer(normedSlot);
    routerNorm.forward(pass, x, normed);
    Vectors.scale(normed, 1f / x.width());
    Activations modes = pass.buffer(modesSlot);
    pass.add(router, normed, modes).run();
    for (int i = 0; i < modes.rows() * count; i++) {
      modes.data()[i] = FastMath.tanh(modes.data()[i]);
    }
    return modes;
  }

  /** Each stream becomes itself and a mixture of all. */
  private void predict(Pass pass, Activations x, Activations streams) {
    Activations c = pass.buffer(predictSlot);
    pass.add(predict, modes(pass, x), c).run();
    int width = x.width();
    float[] old = new float[count];
    for (int row = 0; row < x.rows(); row++) {
      for (int i = 0; i < width; i++) {
        for (int k = 0; k < count; k++) {
          old[k] = streams.data()[(row * count + k) * width + i];
        }
        for (int k = 0; k < count; k++) {
          float sum = 0;
          for (int j = 0; j < count; j++) {
            sum += c.data()[row * count * count + k * count + j] * old[j];
          }
          streams.data()[(row * count + k) * width + i] = sum + old[k];
        }
      }
    }
  }

  /** What {@code y} differs from the predicted active stream corrects all streams. */
  private void correct(Pass pass, Activations x, Activations y, Activations streams) {
    Activations c = pass.buffer(correctSlot);
    pass.add(correct, modes(pass, y), c).run();
    int width = x.width();
    for (int row = 0; row < x.rows(); row++) {
      for (int k = 0; k < count; k++) {
        float factor = c.data()[row * count + k] + 1;
        int to = (row * count + k) * width;
        for (int i = 0; i < width; i++) {
          int at = row * width + i;
          streams.data()[to + i] += factor * (y.data()[at] - x.data()[at]);
        }
      }
    }
  }

  /** The layer's own embedding, gated by the active stream, is added to the other streams. */
  private void addOwnEmbedding(Pass pass, Activations streams, Activations x) {
    int width = x.width();
    take(streams, x);
    for (int i = 0; i < x.rows() * width; i++) {
      x.data()[i] *= correctScale[i % width];
    }
    Activations out = own.forward(pass, x);
    for (int row = 0; row < x.rows(); row++) {
      for (int k = 1; k < count; k++) {
        int to = (row * count + k) * width;
        for (int i = 0; i < width; i++) {
          streams.data()[to + i] += out.data()[row * width + i];
        }
      }
    }
  }
}
