package dev.jllm.core.arch;

/** The non-linear functions of feed-forward networks. */
public enum Act {
  /** x · sigmoid(x). */
  SILU,
  /** SiLU whose input is limited from above by a constant, where there is one. */
  SILU_OF_CLAMPED,
  /** Gaussian error linear unit, tanh form (Hendrycks and Gimpel, arXiv:1606.08415). */
  GELU,
  /** GELU of what exceeds the mean by a constant times the deviation, over a token's values. */
  GELU_SPARSE,
  /** Gaussian error linear unit by the error function. */
  GELU_ERF,
  /** max(x, 0). */
  RELU,
  /** max(x, 0)² (So et al., arXiv:2109.08668). */
  RELU_SQUARED,
  /**
   * Expanded integral of the exponential linear unit (arXiv:2411.13010), with learned constants.
   */
  XIELU,
  /** The clamped gate of gpt-oss: min(x, 7) · sigmoid(1.702 x), times clamp(up) + 1. */
  OAI_SWIGLU,
  /** sigmoid(x). */
  SIGMOID
}
