package dev.jllm.core.engine;

import java.util.HashSet;
import java.util.Set;

/**
 * How long a model's memory is held: until it is closed and the last work that uses it has ended.
 */
final class Lifetime {
  private final Runnable release;
  private final Set<Interruption> running = new HashSet<>();
  private boolean closed;
  private boolean released;

  Lifetime(Runnable release) {
    this.release = release;
  }

  /**
   * Begins work.
   *
   * @throws IllegalStateException if the model is closed
   */
  synchronized void enter(Interruption work) {
    checkOpen();
    running.add(work);
  }

  /** Ends work. */
  void exit(Interruption work) {
    boolean last;
    synchronized (this) {
      running.remove(work);
      last = closed && running.isEmpty() && !released;
      released |= last;
    }
    if (last) {
      release.run();
    }
  }

  synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the model is closed; keep it open for as long as you generate with it");
    }
  }

  synchronized int active() {
    return running.size();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Refuses new work and cancels what runs; releases the memory now or after the last of it. */
  void close() {
    boolean now;
    Interruption[] work;
    synchronized (this) {
      closed = true;
      now = running.isEmpty() && !released;
      released |= now;
      work = running.toArray(new Interruption[0]);
    }
    for (Interruption w : work) {
      w.cancel();
    }
    if (now) {
      release.run();
    }
  }
}
