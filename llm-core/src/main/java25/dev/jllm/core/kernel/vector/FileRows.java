package dev.jllm.core.kernel.vector;

import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.RowReader;

/** Rows of weights as they lie in the file. */
interface FileRows extends RowReader {
  /** The form of the vectors that {@link #dots} takes. */
  default InputForm form() {
    return InputForm.ROWS;
  }

  /** Rows of {@link #dots}: 2 or 4. */
  default int streams() {
    return 4;
  }

  /**
   * Some rows times one vector: {@code y[i] = Σ_c w[rows[i]][c] · x[at + c]}, each by the same sum
   * in the same order whatever the others are.
   *
   * <p>Each row should follow that of the last call: several long streams from memory are fetched
   * ahead, while one alone leaves the processor waiting, and neighbouring rows begin where another
   * has just been read. For the same reason long rows are not done in stretches, although the
   * vector would stay in the innermost cache then: that is a third slower.
   */
  void dots(int[] rows, float[] x, int at, float[] y);

  /** Floats that {@code y} must hold: the results, and vectors on the way to them. */
  static int room() {
    return 4 + 4 * Lanes.L;
  }
}
