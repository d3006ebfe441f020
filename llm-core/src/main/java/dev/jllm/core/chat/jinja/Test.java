package dev.jllm.core.chat.jinja;

/** A test: {@code value is name(args)}. */
@FunctionalInterface
interface Test {
  boolean holds(Rendering r, Object value, Args args);
}
