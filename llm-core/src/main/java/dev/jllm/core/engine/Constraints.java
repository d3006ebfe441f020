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

  /**
   * The constraint that holds what the model writes to valid calls, or null where none is demanded
   * and the schemas are beyond any grammar.
   *
   * @throws dev.jllm.api.GrammarException if a call is demanded and no grammar can be made
   */
  @Nullable Constraint of(OfferedCalls calls);
}
