package dev.jllm.core.arch;

/**
 * A feed-forward network: {@code down(act(gate x) · up x)}, or {@code down(act(up x))} where the
 * file has no gate. Gate and up may lie in one tensor of twice the width, biases and scales are
 * found by their presence.
 *
 * @param width the inner width
 * @param act the function
 * @param suffix what follows {@code ffn_gate} in tensor names, such as {@code _shexp}
 */
public record DenseFfnSpec(int width, Act act, String suffix) implements FfnSpec {
  /** A network with the usual tensor names. */
  public DenseFfnSpec(int width, Act act) {
    this(width, act, "");
  }

  @Override
  public String describe() {
    return "dense " + act + " " + width;
  }
}
