package dev.jllm.core.engine;

import dev.jllm.api.FinishReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether a generation has to end early; looked at before every token and every prompt chunk. */
final class Interruption {
  private final long deadline;
  private final boolean timed;
  private volatile boolean cancelled;
  private volatile @Nullable Runnable onCancel;

  Interruption(@Nullable Duration timeout) {
    timed = timeout != null;
    deadline = timeout == null ? 0 : System.nanoTime() + saturatedNanos(timeout);
  }

  /** A century is for ever; {@code toNanos} would overflow beyond three. */
  private static long saturatedNanos(Duration timeout) {
    long century = 36_525L * 24 * 3600;
    return timeout.getSeconds() > century ? century * 1_000_000_000L : timeout.toNanos();
  }

  /** Ends the generation at the next token. */
  void cancel() {
    cancelled = true;
    Runnable action = onCancel;
    if (action != null) {
      action.run();
    }
  }

  /** Runs {@code action} when cancelled, at once if that has happened. */
  void onCancel(Runnable action) {
    onCancel = action;
    if (cancelled) {
      action.run();
    }
  }

  /** Nanoseconds left, at least 0; {@link Long#MAX_VALUE} without a limit. */
  long nanosLeft() {
    return timed ? Math.max(0, deadline - System.nanoTime()) : Long.MAX_VALUE;
  }

  /** Why the generation has to end now, or null. */
  @Nullable FinishReason reason() {
    if (cancelled) {
      return FinishReason.CANCELLED;
    }
    return timed && System.nanoTime() - deadline >= 0 ? FinishReason.TIMEOUT : null;
  }
}
