package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Products;
import dev.jllm.core.tensor.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The products of {@link Adapters} that wait for those of their matrices. */
final class AdapterProducts {
  private final List<Adapters> pending = new ArrayList<>();
  private final List<Activations> inputs = new ArrayList<>();
  private final List<Activations> outputs = new ArrayList<>();
  private final List<Activations> low = new ArrayList<>();
  private final List<Activations> high = new ArrayList<>();
  private final List<Activations> memory = new ArrayList<>();
  private int[] numbers = new int[0];

  /** Notes the adapter of {@code row} for the whole pass. */
  void number(int row, int number) {
    if (row >= numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(row + 1, 2 * numbers.length));
    }
    numbers[row] = number;
  }

  /** Adds {@code y += up(down x)}, one row a token of the batch. */
  void add(Adapters adapters, Activations x, Activations y) {
    pending.add(adapters);
    inputs.add(x);
    outputs.add(y);
  }

  /** Computes what was added. */
  void run(Products products, Workers workers) {
    if (pending.isEmpty()) {
      return;
    }
    for (int i = 0; i < pending.size(); i++) {
      Linear[] down = pending.get(i).down();
      low.add(borrow(down[0].out(), inputs.get(i).rows()));
      multiply(products, down, inputs.get(i), low.get(i));
    }
    products.run(workers);
    for (int i = 0; i < pending.size(); i++) {
      Linear[] up = pending.get(i).up();
      high.add(borrow(up[0].out(), inputs.get(i).rows()));
      multiply(products, up, low.get(i), high.get(i));
    }
    products.run(workers);
    for (int i = 0; i < pending.size(); i++) {
      Vectors.add(outputs.get(i), high.get(i));
    }
    memory.addAll(low);
    memory.addAll(high);
    low.clear();
    high.clear();
    pending.clear();
    inputs.clear();
    outputs.clear();
  }

  /** Neighbouring rows with one adapter are multiplied together. */
  private void multiply(Products products, Linear[] all, Activations x, Activations y) {
    int rows = x.rows();
    for (int from = 0; from < rows; ) {
      int end = from + 1;
      while (end < rows && numbers[end] == numbers[from]) {
        end++;
      }
      products.add(all[numbers[from]].matrix(), x, from, y, from, end - from);
      from = end;
    }
  }

  private Activations borrow(int width, int rows) {
    for (int i = 0; i < memory.size(); i++) {
      if (memory.get(i).width() == width) {
        return memory.remove(i).resize(rows);
      }
    }
    return new Activations(width).resize(rows);
  }
}
