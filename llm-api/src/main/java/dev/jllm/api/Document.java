package dev.jllm.api;

import java.util.Objects;

/**
 * A text that a model is to answer from (retrieval-augmented generation).
 *
 * @param title what it is called
 * @param text what it says
 */
public record Document(String title, String text) {
  /** Checks for null. */
  public Document {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(text, "text");
  }
}
