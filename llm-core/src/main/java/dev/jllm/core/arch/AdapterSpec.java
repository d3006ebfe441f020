package dev.jllm.core.arch;

/**
 * Low-rank additions to the matrices of all layers (LoRA, arXiv:2106.09685), several beside each
 * other, of which tokens in the text switch one on. Number 0 stands for no token seen yet.
 *
 * @param activate the token that switches on adapter {@code i + 1}
 * @param substitute the token that is embedded in its place
 * @param gain how much more a switching token weighs than others: where several were seen, the mean
 *     of their numbers, weighed by {@code exp(±gain)}, is rounded
 */
public record AdapterSpec(int[] activate, int[] substitute, float gain) {
  /** The number of the adapter that {@code token} switches on, 0 for none. */
  public int number(int token) {
    for (int i = activate.length - 1; i >= 0; i--) {
      if (activate[i] == token) {
        return i + 1;
      }
    }
    return 0;
  }

  /** The token that is embedded for {@code token}. */
  public int embedded(int token) {
    int n = number(token);
    return n == 0 ? token : substitute[n - 1];
  }

  /** In words, for a person. */
  public String describe() {
    return activate.length + " adapters switched on by tokens";
  }
}
