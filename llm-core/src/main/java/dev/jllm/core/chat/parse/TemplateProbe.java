package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.jinja.Template;
import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders small conversations through a template, to see what the template writes around an answer,
 * thoughts and calls. The names and values in them are words that no template holds.
 */
final class TemplateProbe {
  static final String TOOL = "Qtoolxq";
  static final String FIRST = "Qkeyaxq";
  static final String SECOND = "Qkeybxq";
  static final String ONE = "Qvalaxq";
  static final String TWO = "Qvalbxq";
  static final String CONTENT = "Qanswerxq";
  static final String THOUGHT = "Qthoughtxq";
  private static final String USER = "Quserxq";

  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\""
          + FIRST
          + "\":{\"type\":\"string\",\"description\":\"d\"},\""
          + SECOND
          + "\":{\"type\":\"string\",\"description\":\"d\"}},\"required\":[\""
          + FIRST
          + "\"]}";

  /**
   * What a model would have written for a message.
   *
   * @param prompt the end of the prompt, which the template writes before it
   * @param text what follows, without the end of the turn
   */
  record Shown(String prompt, String text) {}

  private final Template template;

  /** The conversation before the answer, and the same with the generation prompt. */
  private final String question;

  private final String prompt;

  /** What ends a turn. */
  private final String turnEnd;

  private TemplateProbe(Template template, String question, String prompt, String turnEnd) {
    this.template = template;
    this.question = question;
    this.prompt = prompt;
    this.turnEnd = turnEnd;
  }

  /** Null if the template does not show a plain answer. */
  static @Nullable TemplateProbe of(String source) {
    try {
      Template template = Template.compile(source);
      String plain = render(template, message(CONTENT, null, 0, false), false);
      int at = plain.indexOf(CONTENT);
      if (at < 0) {
        return null;
      }
      return new TemplateProbe(
          template,
          render(template, null, false),
          render(template, null, true),
          plain.substring(at + CONTENT.length()).trim());
    } catch (RuntimeException e) {
      // A template that cannot write down a question and its answer tells nothing.
      return null;
    }
  }

  static ToolSchemas tools() {
    return ToolSchemas.ofTemplateTools(toolList());
  }

  /** An answer behind thoughts, as the template writes it; null where it refuses or drops them. */
  @Nullable Shown thoughtful() {
    return shown(message(CONTENT, THOUGHT, 0, false), THOUGHT);
  }

  /** {@code count} calls, as the template writes them; null where it refuses or drops them. */
  @Nullable Shown calls(int count) {
    Shown text = shown(message("", null, count, false), TOOL);
    return text == null ? shown(message("", null, count, true), TOOL) : text;
  }

  private @Nullable Shown shown(Map<String, Object> message, String wanted) {
    String text;
    try {
      text = render(template, message, false);
    } catch (RuntimeException e) {
      return null;
    }
    int begin = commonPrefix(question, prompt);
    int end = commonPrefix(text, prompt);
    if (begin > end || text.lastIndexOf(wanted) < end) {
      return null;
    }
    if (end < prompt.length()) {
      // Where the prompt goes on otherwise, no mark is cut in two.
      while (end > begin && isMarkPart(text.charAt(end - 1))) {
        end--;
      }
    }
    String rest = text.substring(end);
    int last = turnEnd.isEmpty() ? -1 : rest.lastIndexOf(turnEnd);
    if (last > rest.lastIndexOf(wanted)) {
      rest = rest.substring(0, last);
    }
    return new Shown(text.substring(begin, end), rest);
  }

  private static boolean isMarkPart(char c) {
    return c == '<' || c == '|' || c == '[' || c == '/' || Character.isLetter(c);
  }

  static int commonPrefix(String a, String b) {
    int n = Math.min(a.length(), b.length());
    int i = 0;
    while (i < n && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }

  static int commonSuffix(String a, String b) {
    int n = Math.min(a.length(), b.length());
    int i = 0;
    while (i < n && a.charAt(a.length() - 1 - i) == b.charAt(b.length() - 1 - i)) {
      i++;
    }
    return i;
  }

  private static String render(
      Template template, @Nullable Map<String, Object> message, boolean ask) {
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("role", "user");
    user.put("content", USER);
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("messages", message == null ? List.of(user) : List.of(user, message));
    variables.put("tools", toolList());
    variables.put("add_generation_prompt", ask);
    variables.put("enable_thinking", true);
    variables.put("bos_token", "");
    variables.put("eos_token", "");
    return template.render(variables).text();
  }

  private static List<Object> toolList() {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", TOOL);
    function.put("description", "d");
    function.put("parameters", parse(SCHEMA));
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("type", "function");
    tool.put("function", function);
    return List.of(tool);
  }

  private static Object parse(String json) {
    Object value = Json.parse(json);
    if (value == null) {
      throw new JsonException("null");
    }
    return value;
  }

  private static Map<String, Object> message(
      String content, @Nullable String thought, int calls, boolean argumentsAsText) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("content", content);
    if (thought != null) {
      message.put("reasoning_content", thought);
      message.put("thinking", thought);
    }
    if (calls > 0) {
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(FIRST, ONE);
        arguments.put(SECOND, TWO);
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", TOOL);
        function.put("arguments", argumentsAsText ? Json.write(arguments) : arguments);
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("id", "call0000" + i);
        call.put("type", "function");
        call.put("function", function);
        list.add(call);
      }
      message.put("tool_calls", list);
    }
    return message;
  }
}
