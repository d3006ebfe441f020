package dev.jllm.core.tensor;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.InputForm;
import java.util.Arrays;

/** The inputs of a run of products, each once; keeps their memory from run to run. */
final class Inputs {
  private Input[] all = new Input[0];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  Input get(int index) {
    return all[index];
  }

  /** The index of these vectors in this form, added where new. */
  int add(float[] x, int at, int stride, int count, int columns, InputForm form) {
    for (int i = 0; i < size; i++) {
      if (all[i].is(x, at, count, form)) {
        return i;
      }
    }
    if (size == all.length) {
      all = Arrays.copyOf(all, Math.max(2, 2 * size));
      for (int i = size; i < all.length; i++) {
        all[i] = new Input();
      }
    }
    all[size].set(x, at, stride, count, columns, form);
    return size++;
  }
}
