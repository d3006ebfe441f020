package dev.jllm.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether the model may, must or must not call tools. */
public final class ToolChoice {
  /** The model decides. */
  public static final ToolChoice AUTO = new ToolChoice("auto", null);

  /** The model is not told of the tools. */
  public static final ToolChoice NONE = new ToolChoice("none", null);

  /** The model must call one of the tools. */
  public static final ToolChoice REQUIRED = new ToolChoice("required", null);

  private final String mode;
  private final @Nullable String tool;

  private ToolChoice(String mode, @Nullable String tool) {
    this.mode = mode;
    this.tool = tool;
  }

  /** The model must call the tool of this name. */
  public static ToolChoice one(String tool) {
    return new ToolChoice("one", Objects.requireNonNull(tool, "tool"));
  }

  /** The tool that must be called, or null. */
  public @Nullable String tool() {
    return tool;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ToolChoice c && mode.equals(c.mode) && Objects.equals(tool, c.tool);
  }

  @Override
  public int hashCode() {
    return Objects.hash(mode, tool);
  }

  @Override
  public String toString() {
    return tool == null ? mode : mode + "(" + tool + ")";
  }
}
