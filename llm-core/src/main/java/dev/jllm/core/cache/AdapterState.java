package dev.jllm.core.cache;

import java.util.Arrays;

/** How many switching tokens a sequence has had up to each token, and the sum of their numbers. */
public final class AdapterState implements LayerState {
  private int[] seen = new int[16];
  private long[] sums = new long[16];

  /** Notes that the token at {@code index} switches on adapter {@code number}, 0 for none. */
  public void note(int index, int number) {
    if (index >= seen.length) {
      seen = Arrays.copyOf(seen, Math.max(index + 1, 2 * seen.length));
      sums = Arrays.copyOf(sums, seen.length);
    }
    int before = index == 0 ? 0 : seen[index - 1];
    long sum = index == 0 ? 0 : sums[index - 1];
    seen[index] = before + (number == 0 ? 0 : 1);
    sums[index] = sum + number;
  }

  /** Switching tokens up to the one at {@code index}, included. */
  public int seen(int index) {
    return seen[index];
  }

  /** The sum of their numbers. */
  public long sum(int index) {
    return sums[index];
  }

  @Override
  public boolean canTruncate(int length) {
    return true;
  }

  @Override
  public void truncate(int length) {
    // What follows is written anew before it is read.
  }

  @Override
  public AdapterState fork() {
    AdapterState copy = new AdapterState();
    copy.seen = seen.clone();
    copy.sums = sums.clone();
    return copy;
  }

  @Override
  public long bytes() {
    return 12L * seen.length;
  }
}
