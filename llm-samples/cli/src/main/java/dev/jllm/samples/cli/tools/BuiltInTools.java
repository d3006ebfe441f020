package dev.jllm.samples.cli.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jllm.api.Tool;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/** A calculator, a clock, and a reader of the files below one folder. */
public final class BuiltInTools {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private BuiltInTools() {}

  /** All of them; files are read below {@code folder} only. */
  public static List<Tool> all(Path folder) {
    FolderReader files = new FolderReader(folder);
    return List.of(
        calculator(), clock(Clock.systemDefaultZone()), files.listTool(), files.readTool());
  }

  /** Those that read no files. */
  public static List<Tool> withoutFiles() {
    return List.of(calculator(), clock(Clock.systemDefaultZone()));
  }

  /** Evaluates arithmetic expressions. */
  public static Tool calculator() {
    return Tool.of(
        "calculator",
        "Calculates an expression.",
        """
        {"type": "object", "properties": {"expression": {"type": "string",
         "description": "The expression, for example 2+3"}},
         "required": ["expression"]}""",
        arguments -> Expression.evaluateToText(text(arguments, "expression")));
  }

  /** Tells date and time. */
  public static Tool clock(Clock clock) {
    return Tool.of(
        "clock",
        "Tells the time.",
        """
        {"type": "object", "properties": {"time_zone": {"type": "string",
         "description": "For example Europe/Zurich, if not the user's own."}},
         "required": []}""",
        arguments -> {
          String zone = MAPPER.readTree(arguments).path("time_zone").asText("");
          ZonedDateTime now;
          try {
            now = ZonedDateTime.now(zone.isEmpty() ? clock : clock.withZone(ZoneId.of(zone)));
          } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                "there is no time zone " + zone + "; use a name such as Europe/Zurich", e);
          }
          return now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH)
              + ", "
              + now.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT))
              + " "
              + now.getZone();
        });
  }

  /** A member that must be text. */
  static String text(String arguments, String key) throws java.io.IOException {
    JsonNode value = MAPPER.readTree(arguments).path(key);
    if (!value.isValueNode()) {
      throw new IllegalArgumentException("the arguments lack \"" + key + "\"");
    }
    return value.asText();
  }
}
