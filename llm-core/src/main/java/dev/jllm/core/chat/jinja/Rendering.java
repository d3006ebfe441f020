package dev.jllm.core.chat.jinja;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of one rendering: variables, budget, and the place in the template. */
final class Rendering {
  /** What the template assigned at its top level. */
  final Map<String, Object> assigned = new HashMap<>();

  final Supplier<LocalDateTime> clock;

  /** Where the node that works now starts in the template. */
  int position;

  private final Map<String, Object> variables;
  private final Limits limits;
  private final long deadline;
  private long steps;
  private long allocation;
  private int depth;
  private int nextTimeCheck;

  Rendering(Map<String, Object> variables, Limits limits, Supplier<LocalDateTime> clock) {
    this.variables = variables;
    this.limits = limits;
    this.clock = clock;
    steps = limits.steps();
    allocation = limits.allocation();
    deadline = System.nanoTime() + limits.time().toNanos();
  }

  @Nullable Object resolve(String name) {
    Object value = assigned.get(name);
    if (value == null) {
      value = variables.get(name);
    }
    return value != null ? value : Globals.ALL.get(name);
  }

  void step() {
    step(1);
  }

  void step(long n) {
    steps -= n;
    if (steps < 0) {
      throw new JinjaException(
          "The template was stopped after " + limits.steps() + " steps; it may loop for ever.");
    }
    if (--nextTimeCheck < 0) {
      nextTimeCheck = 2048;
      if (System.nanoTime() - deadline > 0) {
        throw new JinjaException(
            "The template was stopped after " + limits.time().toMillis() + " ms.");
      }
    }
  }

  /** Before {@code n} characters or list items are built. */
  void allocate(long n) {
    if (n > limits.characters()) {
      throw new JinjaException(
          "The template builds a value of more than " + limits.characters() + " characters.");
    }
    allocation -= n;
    if (allocation < 0) {
      throw new JinjaException(
          "The template was stopped: it built more than "
              + limits.allocation()
              + " characters in all.");
    }
    step(1 + (n >> 4));
  }

  void enter() {
    if (++depth > limits.depth()) {
      throw new JinjaException(
          "The template was stopped: calls or values nest deeper than " + limits.depth() + ".");
    }
  }

  void leave() {
    depth--;
  }

  TextBuilder builder() {
    return new TextBuilder(limits.characters());
  }

  Text build(TextBuilder builder) {
    allocate(builder.units());
    return builder.build();
  }

  Text concat(Text a, Text b) {
    if (a.isEmpty()) {
      return b;
    }
    if (b.isEmpty()) {
      return a;
    }
    allocate((long) a.units() + b.units());
    return builder().append(a).append(b).build();
  }

  ListValue list(List<Object> items) {
    allocate(items.size());
    return new ListValue(items);
  }
}
