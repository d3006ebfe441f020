package dev.jllm.core.chat;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a rendering depends on beside messages and tools. Immutable. */
public final class RenderOptions {
  private static final RenderOptions DEFAULT =
      new RenderOptions(true, null, List.of(), Map.of(), LocalDateTime::now);

  private final boolean generationPrompt;
  private final @Nullable Boolean thinking;
  private final List<Map<String, Object>> documents;
  private final Map<String, Object> variables;
  private final Supplier<LocalDateTime> clock;

  private RenderOptions(
      boolean generationPrompt,
      @Nullable Boolean thinking,
      List<Map<String, Object>> documents,
      Map<String, Object> variables,
      Supplier<LocalDateTime> clock) {
    this.generationPrompt = generationPrompt;
    this.thinking = thinking;
    this.documents = documents;
    this.variables = variables;
    this.clock = clock;
  }

  /**
   * The generation prompt is added, the template decides on thinking, the clock is the system's.
   */
  public static RenderOptions defaults() {
    return DEFAULT;
  }

  /** Whether the text ends where the assistant begins to speak. */
  public RenderOptions withGenerationPrompt(boolean add) {
    return new RenderOptions(add, thinking, documents, variables, clock);
  }

  /** Whether the model thinks first; null leaves it to the template. */
  public RenderOptions withThinking(@Nullable Boolean enable) {
    return new RenderOptions(generationPrompt, enable, documents, variables, clock);
  }

  /** Texts to answer from, each with the keys the model's template knows (title, text …). */
  public RenderOptions withDocuments(List<Map<String, Object>> texts) {
    return new RenderOptions(generationPrompt, thinking, List.copyOf(texts), variables, clock);
  }

  /** Another variable of the template: null is not possible, texts are untrusted. */
  public RenderOptions with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new RenderOptions(generationPrompt, thinking, documents, more, clock);
  }

  /** What {@code strftime_now} shows. */
  public RenderOptions withClock(Supplier<LocalDateTime> time) {
    return new RenderOptions(generationPrompt, thinking, documents, variables, time);
  }

  boolean generationPrompt() {
    return generationPrompt;
  }

  @Nullable Boolean thinking() {
    return thinking;
  }

  List<Map<String, Object>> documents() {
    return documents;
  }

  Map<String, Object> variables() {
    return variables;
  }

  Supplier<LocalDateTime> clock() {
    return clock;
  }
}
