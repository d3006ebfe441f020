package dev.jllm.core.chat;

import dev.jllm.core.chat.jinja.Limits;
import dev.jllm.core.chat.jinja.Template;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a template can do, found by rendering small conversations and looking for their words in the
 * text, as llama.cpp does.
 *
 * @param systemRole a system message appears in the text
 * @param tools the definitions of tools appear
 * @param toolCalls calls of the assistant appear
 * @param toolResults messages of role tool appear
 * @param contentParts content must be a list of typed parts
 * @param textArguments the arguments of a call must be a JSON text, not an object
 * @param nullContent a message with calls alone must have None for content
 * @param shortCallIds ids of calls must be nine letters and digits
 * @param reasoningKey the key of a message under which the template looks for the reasoning
 */
public record TemplateFeatures(
    boolean systemRole,
    boolean tools,
    boolean toolCalls,
    boolean toolResults,
    boolean contentParts,
    boolean textArguments,
    boolean nullContent,
    boolean shortCallIds,
    String reasoningKey) {

  /** Loading a model must not take long, whatever its template does. */
  private static final Limits LIMITS =
      new Limits(1_000_000, 1 << 20, 4 << 20, 100, Duration.ofSeconds(2));

  private static final String USER = "qUserq";
  private static final String SYSTEM = "qSystemq";
  private static final String TOOL = "qToolq";
  private static final String RESULT = "qResultq";
  private static final String KEY = "qKeyq";
  private static final String VALUE = "qValueq";

  /** One way to write down a call, and what came of it. */
  private record Call(boolean textArguments, boolean nullContent, boolean shortIds, boolean parts) {
    Map<String, @Nullable Object> message() {
      Object arguments =
          textArguments ? "{\"" + KEY + "\": \"" + VALUE + "\"}" : Map.of(KEY, VALUE);
      Map<String, @Nullable Object> m = new LinkedHashMap<>();
      m.put("role", "assistant");
      m.put("content", nullContent ? null : content("", parts));
      m.put(
          "tool_calls",
          List.of(
              Map.of(
                  "id",
                  id(),
                  "type",
                  "function",
                  "function",
                  Map.of("name", TOOL, "arguments", arguments))));
      return m;
    }

    String id() {
      return shortIds ? "call00001" : "call_1_and_more";
    }

    Map<String, @Nullable Object> result() {
      Map<String, @Nullable Object> m = new LinkedHashMap<>();
      m.put("role", "tool");
      m.put("tool_call_id", id());
      m.put("name", TOOL);
      m.put("content", RESULT);
      return m;
    }

    /** Whether the arguments were written as they should be: neither Python nor JSON in JSON. */
    boolean isShown(@Nullable String text) {
      return text != null
          && text.contains(TOOL)
          && text.contains(KEY)
          && text.contains(VALUE)
          && !text.contains("'" + KEY + "'")
          && !text.contains("\\\"" + KEY);
    }
  }

  /** Renders with the variables that every template gets. */
  interface Probe {
    /** The text, or null if the template refuses. */
    @Nullable String render(List<Object> messages, @Nullable List<Object> tools);
  }

  static TemplateFeatures of(Template template, String source, Map<String, Object> constants) {
    return of(
        source,
        (messages, tools) -> {
          Map<String, @Nullable Object> variables = new LinkedHashMap<>(constants);
          variables.put("messages", messages);
          variables.put("tools", tools);
          variables.put("documents", null);
          variables.put("add_generation_prompt", true);
          try {
            return template.render(variables, LIMITS, LocalDateTime::now).text();
          } catch (dev.jllm.api.TemplateException e) {
            return null;
          }
        });
  }

  private static TemplateFeatures of(String source, Probe probe) {
    Object user = message("user", USER, false);
    boolean parts =
        !contains(probe.render(List.of(user), null), USER)
            && contains(probe.render(List.of(message("user", USER, true)), null), USER);
    Object asked = message("user", USER, parts);
    boolean system =
        contains(probe.render(List.of(message("system", SYSTEM, parts), asked), null), SYSTEM);
    List<Object> tools = List.of(tool());
    boolean toolsShown = contains(probe.render(List.of(asked), tools), TOOL);

    Call chosen = new Call(false, false, false, parts);
    boolean calls = false;
    boolean results = false;
    for (int i = 0; i < 8 && !calls; i++) {
      Call call = new Call((i & 1) != 0, (i & 2) != 0, (i & 4) != 0, parts);
      String alone = probe.render(List.of(asked, call.message()), tools);
      String answered = probe.render(List.of(asked, call.message(), call.result()), tools);
      if (call.isShown(answered) || call.isShown(alone)) {
        chosen = call;
        calls = true;
        results = contains(answered, RESULT);
      }
    }
    boolean other = !source.contains("reasoning_content") && source.contains("thinking");
    return new TemplateFeatures(
        system,
        toolsShown,
        calls,
        results,
        parts,
        chosen.textArguments(),
        chosen.nullContent(),
        chosen.shortIds(),
        other ? "thinking" : "reasoning_content");
  }

  private static boolean contains(@Nullable String text, String word) {
    return text != null && text.contains(word);
  }

  private static Object content(String text, boolean parts) {
    return parts ? List.of(Map.of("type", "text", "text", text)) : text;
  }

  private static Map<String, Object> message(String role, String text, boolean parts) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("role", role);
    m.put("content", content(text, parts));
    return m;
  }

  private static Map<String, Object> tool() {
    return Map.of(
        "type",
        "function",
        "function",
        Map.of(
            "name",
            TOOL,
            "description",
            "d",
            "parameters",
            Map.of(
                "type",
                "object",
                "properties",
                Map.of(KEY, Map.of("type", "string", "description", "d")),
                "required",
                List.of(KEY))));
  }
}
