package dev.jllm.core.tensor;

import dev.jllm.core.kernel.Kernels;
import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.kernel.Scratch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a model. Daemons; they park while there is nothing to do.
 *
 * <p>Each worker has a stretch of a region's parts, claims them one at a time and then helps the
 * others, so that a worker whose core is taken by another process simply does fewer of them.
 * Whoever waits spins for some microseconds, the usual distance between two regions of a decoded
 * token, and parks then. A region allocates nothing.
 */
public final class Workers implements AutoCloseable {
  /** Nanoseconds of waiting before a thread parks. */
  private static final long SPIN_TIME = 50_000;

  /** Longs from one ticket to the next. */
  private static final int APART = 16;

  private static final int INDEX_BITS = 22;
  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

  private final Kernels kernels = KernelsLookup.kernels();
  private final int size;
  private final Worker[] helpers;
  private final Scratch[] scratch;
  private final Inputs inputs = new Inputs();

  /**
   * For each worker its stretch of the region's parts: epoch, end, next unclaimed part, in one
   * word, so that a late claim is harmless. One to each cache line and its neighbour.
   */
  private final AtomicLongArray tickets;

  private final AtomicInteger unfinished = new AtomicInteger();
  private final ReentrantLock exclusive = new ReentrantLock();
  private @Nullable Task task;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread waiter;
  private volatile boolean closed;
  private boolean inRegion;

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

  /** A pool of {@code size} workers (at least 1), the calling thread included. */
  public Workers(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("at least one worker is needed, not " + size);
    }
    this.size = size;
    scratch = new Scratch[size];
    for (int i = 0; i < size; i++) {
      scratch[i] = new Scratch();
    }
    tickets = new AtomicLongArray((size + 1) * APART);
    helpers = new Worker[size - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Worker(i + 1);
      helpers[i].start();
    }
  }

  /** Workers, the calling thread included. */
  public int size() {
    return size;
  }

  /** Scratch memory of a worker: its own while it runs a part. */
  public Scratch scratch(int worker) {
    return scratch[worker];
  }

  /** Prepared inputs of products: of whoever holds the lock. */
  Inputs inputs() {
    return inputs;
  }

  /**
   * Keeps other threads from running regions until {@link #unlock}: for state that several regions
   * of one computation share. {@link #run} by itself needs no lock.
   */
  void lock() {
    exclusive.lock();
  }

  /** Ends what {@link #lock} began. */
  void unlock() {
    exclusive.unlock();
  }

  /**
   * Runs all parts, dynamically divided among the workers, and returns when all are done. What one
   * part throws is thrown here, and parts not yet begun are left out. Several threads may call;
   * their regions follow one another. A part must not call this method.
   */
  public void run(int parts, Task work) {
    exclusive.lock();
    try {
      if (inRegion) {
        throw new IllegalStateException("a part of a parallel region began another region");
      }
      inRegion = true;
      try {
        if (helpers.length == 0 || parts < 2 || closed) {
          for (int i = 0; i < parts; i++) {
            work.run(i, 0);
          }
        } else {
          for (int from = 0; from < parts; from += (int) (INDEX_MASK >> 1)) {
            share(from, (int) Math.min(parts - from, INDEX_MASK >> 1), work);
          }
        }
      } finally {
        inRegion = false;
      }
    } finally {
      exclusive.unlock();
    }
  }

  private void share(int from, int parts, Task work) {
    task = from == 0 ? work : (part, worker) -> work.run(from + part, worker);
    failure = null;
    unfinished.set(parts);
    long epoch = (tickets.get(APART) >>> (2 * INDEX_BITS)) + 1;
    for (int i = size - 1; i >= 0; i--) {
      long first = (long) parts * i / size;
      long end = (long) parts * (i + 1) / size;
      tickets.set((i + 1) * APART, epoch << (2 * INDEX_BITS) | end << INDEX_BITS | first);
    }
    for (Worker w : helpers) {
      w.wake();
    }
    claim(0);
    if (unfinished.get() != 0) {
      await();
    }
    task = null;
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      Workers.<RuntimeException>sneak(thrown);
    }
  }

  private void await() {
    long start = System.nanoTime();
    do {
      for (int i = 0; i < 16; i++) {
        if (unfinished.get() == 0) {
          return;
        }
        kernels.pause();
      }
    } while (System.nanoTime() - start < SPIN_TIME);
    waiter = Thread.currentThread();
    while (unfinished.get() != 0) {
      LockSupport.park(this);
      if (Thread.currentThread().isInterrupted()) {
        Thread.yield(); // parking is impossible then; the flag is the caller's business
      }
    }
    waiter = null;
  }

  /**
   * Runs parts as long as there are any: its own stretch from beginning to end, since neighbouring
   * parts usually lie side by side in memory, then what others have not begun.
   */
  private void claim(int worker) {
    for (int i = 0; i < size; i++) {
      claim(worker, (worker + i) % size);
    }
  }

  private void claim(int worker, int of) {
    int at = (of + 1) * APART;
    while (true) {
      long t = tickets.get(at);
      if (done(t)) {
        return;
      }
      if (!tickets.compareAndSet(at, t, t + 1)) {
        continue;
      }
      try {
        Task work = task;
        if (failure == null && work != null) {
          work.run((int) (t & INDEX_MASK), worker);
        }
      } catch (Throwable e) {
        failure = e;
      }
      if (unfinished.decrementAndGet() == 0) {
        Thread w = waiter;
        if (w != null) {
          LockSupport.unpark(w);
        }
      }
    }
  }

  private static boolean done(long ticket) {
    return (ticket & INDEX_MASK) >= (ticket >>> INDEX_BITS & INDEX_MASK);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable e) throws E {
    throw (E) e;
  }

  /** Ends the threads; later regions run on the calling thread alone. */
  @Override
  public void close() {
    closed = true;
    for (Worker w : helpers) {
      LockSupport.unpark(w);
    }
  }

  private final class Worker extends Thread {
    private final int index;
    private final AtomicBoolean parked = new AtomicBoolean();

    Worker(int index) {
      super("jllm-worker-" + index);
      this.index = index;
      setDaemon(true);
    }

    void wake() {
      if (parked.get() && parked.compareAndSet(true, false)) {
        LockSupport.unpark(this);
      }
    }

    /**
     * Whether there was neither a part of its own nor one of the first worker's, whose ticket is
     * the last to be written: whoever looked at others would find them before his own.
     */
    private boolean waiting() {
      return done(tickets.get(APART)) && done(tickets.get((index + 1) * APART));
    }

    private boolean idle() {
      for (int i = 0; i < size; i++) {
        if (!done(tickets.get((i + 1) * APART))) {
          return false;
        }
      }
      return true;
    }

    private void spin() {
      long start = System.nanoTime();
      do {
        for (int i = 0; i < 16; i++) {
          if (!waiting()) {
            return;
          }
          kernels.pause();
        }
      } while (System.nanoTime() - start < SPIN_TIME);
    }

    @Override
    public void run() {
      while (!closed) {
        claim(index);
        spin();
        while (idle() && !closed) {
          parked.set(true);
          if (idle() && !closed) {
            LockSupport.park(Workers.this);
          }
          parked.set(false);
        }
      }
    }
  }
}
