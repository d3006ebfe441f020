package dev.jllm.core.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkersTest {
  @Test
  void everyPartRunsOnceWhateverTheSizes() {
    for (int size : new int[] {1, 2, 3, 5, 8}) {
      try (Workers w = new Workers(size)) {
        for (int round = 0; round < 300; round++) {
          int parts = round % 37;
          AtomicIntegerArray seen = new AtomicIntegerArray(parts);
          AtomicInteger wrong = new AtomicInteger();
          w.run(
              parts,
              (part, worker) -> {
                seen.incrementAndGet(part);
                if (worker < 0 || worker >= size) {
                  wrong.incrementAndGet();
                }
              });
          for (int i = 0; i < parts; i++) {
            assertEquals(1, seen.get(i), "part " + i + " of " + parts);
          }
          assertEquals(0, wrong.get());
        }
      }
    }
  }

  /** A worker whose core is taken away must not keep its stretch to itself. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void othersDoWhatAHeldUpWorkerHasNotBegun() {
    try (Workers w = new Workers(3)) {
      for (int round = 0; round < 20; round++) {
        AtomicInteger done = new AtomicInteger();
        AtomicIntegerArray held = new AtomicIntegerArray(3);
        w.run(
            60,
            (part, worker) -> {
              if (worker != 0 && held.getAndSet(worker, 1) == 0) {
                while (done.get() < 60 - 1 - held.get(1) - held.get(2)) {
                  Thread.onSpinWait();
                }
              }
              done.incrementAndGet();
            });
        assertEquals(60, done.get());
      }
    }
  }

  @Test
  void severalCallersShareThePool() throws InterruptedException {
    try (Workers w = new Workers(3)) {
      AtomicInteger done = new AtomicInteger();
      Thread[] callers = new Thread[4];
      for (int c = 0; c < callers.length; c++) {
        callers[c] =
            new Thread(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    w.run(11, (part, worker) -> done.incrementAndGet());
                  }
                });
        callers[c].start();
      }
      for (Thread t : callers) {
        t.join();
      }
      assertEquals(4 * 200 * 11, done.get());
    }
  }

  @Test
  void whatAPartThrowsArrivesAndThePoolSurvives() {
    try (Workers w = new Workers(2)) {
      IllegalArgumentException thrown = new IllegalArgumentException("part 7");
      for (int i = 0; i < 50; i++) {
        assertSame(
            thrown,
            assertThrows(
                IllegalArgumentException.class,
                () ->
                    w.run(
                        20,
                        (part, worker) -> {
                          if (part == 7) {
                            throw thrown;
                          }
                        })));
      }
      AtomicInteger done = new AtomicInteger();
      w.run(20, (part, worker) -> done.incrementAndGet());
      assertEquals(20, done.get());
    }
  }

  @Test
  void threadsAreDaemonsThatEndWhenClosed() throws InterruptedException {
    Workers w = new Workers(3);
    AtomicInteger done = new AtomicInteger();
    w.run(100, (part, worker) -> done.incrementAndGet());
    Thread[] all = new Thread[Thread.activeCount() + 16];
    int n = Thread.enumerate(all);
    for (int i = 0; i < n; i++) {
      assertTrue(!all[i].getName().startsWith("jllm-worker") || all[i].isDaemon());
    }
    w.close();
    w.close();
    w.run(5, (part, worker) -> done.incrementAndGet());
    assertEquals(105, done.get());
  }

  @Test
  void noUselessSizeAndNoNesting() {
    assertThrows(IllegalArgumentException.class, () -> new Workers(0));
    try (Workers w = new Workers(1)) {
      assertThrows(
          IllegalStateException.class, () -> w.run(2, (part, worker) -> w.run(2, (p, q) -> {})));
    }
  }
}
