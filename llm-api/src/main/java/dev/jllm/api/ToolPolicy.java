package dev.jllm.api;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/** How the engine runs the tools of a request. */
public final class ToolPolicy {
  private final int maxRounds;
  private final Duration timeout;
  private final Predicate<ToolCall> approval;

  private ToolPolicy(int maxRounds, Duration timeout, Predicate<ToolCall> approval) {
    this.maxRounds = maxRounds;
    this.timeout = timeout;
    this.approval = approval;
  }

  /** Eight rounds, 30 seconds a call, every call approved. */
  public static ToolPolicy defaults() {
    return new ToolPolicy(8, Duration.ofSeconds(30), call -> true);
  }

  /** A copy that allows {@code rounds} rounds of call and result before it gives up. */
  public ToolPolicy withMaxRounds(int rounds) {
    if (rounds < 1) {
      throw new IllegalArgumentException("maxRounds is " + rounds + ", must be at least 1");
    }
    return new ToolPolicy(rounds, timeout, approval);
  }

  /** A copy that gives each call this much time; the model is told of a call that took longer. */
  public ToolPolicy withTimeout(Duration perCall) {
    if (perCall.isNegative() || perCall.isZero()) {
      throw new IllegalArgumentException("timeout is " + perCall + ", must be positive");
    }
    return new ToolPolicy(maxRounds, perCall, approval);
  }

  /** A copy that asks before each call; the model is told of a call that was refused. */
  public ToolPolicy withApproval(Predicate<ToolCall> approve) {
    return new ToolPolicy(maxRounds, timeout, Objects.requireNonNull(approve, "approve"));
  }

  /** Rounds of call and result. */
  public int maxRounds() {
    return maxRounds;
  }

  /** Time for one call. */
  public Duration timeout() {
    return timeout;
  }

  /** Says whether a call may run. */
  public Predicate<ToolCall> approval() {
    return approval;
  }
}
