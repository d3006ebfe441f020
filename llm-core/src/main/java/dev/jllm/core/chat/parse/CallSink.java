package dev.jllm.core.chat.parse;

import org.jspecify.annotations.Nullable;

/** Takes the parts of the call that is being read. */
interface CallSink {
  /** The name is known: from now on this is a call. */
  void name(String name);

  /** The model gave the call an id. */
  void id(String id);

  /** More of the arguments' JSON. */
  void arguments(CharSequence json);

  /** The tools that may be called. */
  ToolSchemas tools();

  /** The name, or null as long as it is not known. */
  @Nullable String name();

  /** Whether a call may have this name. */
  boolean accepts(String name);
}
