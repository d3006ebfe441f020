package dev.jllm.core.kernel.vector;

import dev.jllm.core.kernel.RowReader;

/** Rows of weights in a mapped file. */
interface FileRows extends RowReader {
  /** Row {@code row} times the vector that begins at {@code x[at]}. */
  float dot(int row, float[] x, int at);
}
