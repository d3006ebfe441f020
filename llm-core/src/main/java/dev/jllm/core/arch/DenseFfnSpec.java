package dev.jllm.core.arch;

import org.jspecify.annotations.Nullable;

/**
 * A feed-forward network: {@code down(act(gate x) · up x)}, or {@code down(act(up x))} where the
 * file has no gate. Gate and up may lie in one tensor of twice the width, biases and scales are
 * found by their presence.
 *
 * @param width the inner width
 * @param act the function
 * @param suffix what follows {@code ffn_gate} in tensor names, such as {@code _shexp}
 * @param innerNorm the norm {@code ffn_sub_norm} before the last projection, or null
 * @param constants those of the function, where it has any
 */
public record DenseFfnSpec(
    int width, Act act, String suffix, @Nullable NormSpec innerNorm, float... constants)
    implements FfnSpec {
  /** A network with the usual tensor names. */
  public DenseFfnSpec(int width, Act act) {
    this(width, act, "", null);
  }

  /** A network with the given end of its tensors' names. */
  public DenseFfnSpec(int width, Act act, String suffix) {
    this(width, act, suffix, null);
  }

  /** The same with a norm before the last projection. */
  public DenseFfnSpec innerNorm(NormSpec norm) {
    return new DenseFfnSpec(width, act, suffix, norm, constants);
  }

  @Override
  public String describe() {
    return "dense " + act + " " + width;
  }

  /** The same with constants of the function. */
  public DenseFfnSpec constants(float... values) {
    return new DenseFfnSpec(width, act, suffix, innerNorm, values);
  }
}
