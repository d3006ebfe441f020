package dev.jllm.core.block;

import dev.jllm.core.arch.Act;
import dev.jllm.core.kernel.FloatOps;
import dev.jllm.core.kernel.KernelsLookup;

/** The functions of {@link Act} over ranges of arrays. */
final class Activation {
  private static final FloatOps FLOATS = KernelsLookup.kernels().floats();
  private static final float ROOT_2_PI = 0.79788456080286535587989211986876f;

  private Activation() {}

  /** {@code x[i] = act(x[i])} for {@code n} values. */
  static void apply(Act act, float[] constants, float[] x, int from, int n) {
    if (act == Act.XIELU) {
      for (int i = from; i < from + n; i++) {
        x[i] = xielu(x[i], constants);
      }
      return;
    }
    for (int i = from; i < from + n; i++) {
      x[i] = of(act, x[i]);
    }
  }

  /** {@code gate[i] = act(gate[i]) · up[i]} for {@code n} values. */
  static void gated(Act act, float[] constants, float[] gate, float[] up, int from, int n) {
    if (act == Act.GELU_SPARSE) {
      sparse(constants[0], gate, from, n);
      for (int i = from; i < from + n; i++) {
        gate[i] = of(Act.GELU, gate[i]) * up[i];
      }
      return;
    }
    if (constants.length == 1 && constants[0] > 1e-6f) {
      clamped(act, constants[0], gate, up, from, n);
      return;
    }
    if (act == Act.SILU) {
      FLOATS.siluMul(gate, from, up, from, n);
    } else if (act == Act.OAI_SWIGLU) {
      for (int i = from; i < from + n; i++) {
        float g = Math.min(gate[i], 7);
        float u = Math.max(-7, Math.min(up[i], 7));
        gate[i] = g / (1 + FastMath.exp(-1.702f * g)) * (u + 1);
      }
    } else {
      for (int i = from; i < from + n; i++) {
        gate[i] = of(act, gate[i]) * up[i];
      }
    }
  }

  /** {@code gate = max(0, gate − mean − multiplier · deviation)}. */
  private static void sparse(float multiplier, float[] gate, int from, int n) {
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += gate[i];
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = from; i < from + n; i++) {
      squares += (gate[i] - mean) * (gate[i] - mean);
    }
    float cutoff = (float) (mean + multiplier * Math.sqrt(squares / (n - 1)));
    for (int i = from; i < from + n; i++) {
      gate[i] = Math.max(0, gate[i] - cutoff);
    }
  }

  /** Limits gates from above (before or after SiLU), the other side from both. */
  private static void clamped(Act act, float limit, float[] gate, float[] up, int from, int n) {
    for (int i = from; i < from + n; i++) {
      float g =
          act == Act.SILU_OF_CLAMPED
              ? of(Act.SILU, Math.min(gate[i], limit))
              : Math.min(of(act, gate[i]), limit);
      gate[i] = g * Math.max(-limit, Math.min(up[i], limit));
    }
  }

  /** xIELU of the constants α_n, α_p, β, ε. */
  private static float xielu(float x, float[] c) {
    return x > 0
        ? c[1] * x * x + c[2] * x
        : ((float) Math.expm1(Math.min(x, c[3])) - x) * c[0] + c[2] * x;
  }

  static float of(Act act, float x) {
    return switch (act) {
      case SILU, SILU_OF_CLAMPED -> x / (1 + FastMath.exp(-x));
      case GELU -> 0.5f * x * (1 + FastMath.tanh(ROOT_2_PI * x * (1 + 0.044715f * x * x)));
      case GELU_ERF -> (float) (0.5 * x * (1 + FastMath.erf(x * 0.70710678118654752440)));
      case RELU -> Math.max(x, 0);
      case RELU_SQUARED -> x > 0 ? x * x : 0;
      case SIGMOID -> sigmoid(x);
      case GELU_SPARSE, XIELU, OAI_SWIGLU ->
          throw new IllegalArgumentException(act + " is no function of one value");
    };
  }

  static float sigmoid(float x) {
    return 1 / (1 + FastMath.exp(-x));
  }

  static float softplus(float x) {
    return x > 20 ? x : (float) Math.log1p(Math.exp(x));
  }
}
