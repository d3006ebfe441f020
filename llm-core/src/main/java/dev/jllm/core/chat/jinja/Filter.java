package dev.jllm.core.chat.jinja;

/** A filter: {@code value | name(args)}. */
@FunctionalInterface
interface Filter {
  Object apply(Rendering r, Object value, Args args);
}
