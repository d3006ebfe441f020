package dev.jllm.core.engine;

import dev.jllm.api.ResponseFormat;
import org.jspecify.annotations.Nullable;

/** Makes the constraint that a response format asks for. */
interface Constraints {
  /**
   * The constraint for one generation, or null for free text.
   *
   * @throws dev.jllm.api.GrammarException if the format's definition cannot be used
   */
  @Nullable Constraint of(ResponseFormat format);
}
