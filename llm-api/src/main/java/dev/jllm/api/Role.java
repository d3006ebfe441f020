package dev.jllm.api;

import java.util.Locale;

/** Who says a {@link Message}. */
public enum Role {
  /** Instructions to the model. */
  SYSTEM,
  /** The user. */
  USER,
  /** The model. */
  ASSISTANT,
  /** The result of a tool call. */
  TOOL;

  /** The name that chat templates use: the lower-case name. */
  public String templateName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
