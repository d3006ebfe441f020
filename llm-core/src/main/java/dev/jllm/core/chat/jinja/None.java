package dev.jllm.core.chat.jinja;

/** Python's {@code None}. */
enum None {
  NONE
}
