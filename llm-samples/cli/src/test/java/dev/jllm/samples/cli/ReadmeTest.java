package dev.jllm.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.Sampling;
import dev.jllm.core.arch.families.Architectures;
import dev.jllm.core.quant.BlockFormats;
import dev.jllm.core.token.VocabularyType;
import dev.jllm.gguf.GgmlType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What the README says is supported is what the code supports. {@code mvn test -Djllm.update}
 * writes the lists anew.
 */
class ReadmeTest {
  private static final Path README = Path.of("../../README.md");

  @Test
  void theListsAreThoseOfTheCode() throws IOException {
    String text = Files.readString(README);
    String expected = text;
    expected = replace(expected, "formats", formats());
    expected = replace(expected, "architectures", architectures());
    expected = replace(expected, "tokenizers", tokenizers());
    expected = replace(expected, "samplers", samplers());
    if (System.getProperty("jllm.update") != null) {
      Files.writeString(README, expected);
    } else {
      assertEquals(expected, text, "README.md is stale; mvn test -Djllm.update writes it anew");
    }
  }

  @Test
  void theCommandsAreThoseOfTheTool() throws IOException {
    String text = Files.readString(README);
    for (String command : Jllm.commandLine(new Jllm()).getSubcommands().keySet()) {
      assertTrue(text.contains(command), "README.md does not name the command " + command);
    }
    Matcher named = Pattern.compile("`jllm ([a-z]+)`").matcher(text);
    CommandLine tool = Jllm.commandLine(new Jllm());
    while (named.find()) {
      assertTrue(tool.getSubcommands().containsKey(named.group(1)), named.group());
    }
  }

  /** The example compiles, and with the demo model it calls, thinks and answers. */
  @Test
  void theExampleDoesWhatItSays(@TempDir Path folder) throws Exception {
    String text = Files.readString(README);
    int begin = text.indexOf("```java\n") + 8;
    String example = text.substring(begin, text.indexOf("```", begin));
    assertTrue(example.lines().count() <= 15, "the example has more than 15 lines");
    String source =
        "import dev.jllm.api.*;\nimport java.nio.file.Path;\nimport java.util.List;\n"
            + "public class Example {\n  public static void main(String[] args) {\n"
            + example.replace("Path.of(\"model.gguf\")", "Path.of(args[0])")
            + "  }\n}\n";
    Path file = Files.writeString(folder.resolve("Example.java"), source);
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                errors,
                "-cp",
                System.getProperty("java.class.path"),
                "-proc:none",
                "-d",
                folder.toString(),
                file.toString());
    assertEquals(0, status, () -> errors.toString(StandardCharsets.UTF_8));
    PrintStream before = System.out;
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Example")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {DemoModel.file().toString()});
    } finally {
      System.setOut(before);
    }
    String output = shown.toString(StandardCharsets.UTF_8);
    for (String part :
        List.of("kind=TOOL_CALL", "Paris", "kind=TOOL_RESULT", "kind=REASONING", "kind=TEXT")) {
      assertTrue(output.contains(part), output);
    }
    String words = output.replaceAll("\\]\\RGenerationPart\\[kind=(TEXT|REASONING), text=", "");
    assertTrue(words.contains("sunny") && words.contains("68"), words);
  }

  /** Replaces what stands between the mark of that name and the end of its line. */
  private static String replace(String text, String mark, String content) {
    Pattern line = Pattern.compile("<!-- " + mark + " -->.*");
    assertTrue(line.matcher(text).find(), "README.md lacks the mark of its " + mark);
    return line.matcher(text)
        .replaceFirst(Matcher.quoteReplacement("<!-- " + mark + " -->" + content + " |"));
  }

  private static String formats() {
    List<String> names = new ArrayList<>();
    for (GgmlType type : GgmlType.values()) {
      if (BlockFormats.has(type)) {
        names.add(type.name());
      }
    }
    return names.size() + ": " + String.join(" ", names);
  }

  private static String architectures() {
    return Architectures.names().size() + ": " + String.join(" ", Architectures.names());
  }

  private static String tokenizers() {
    List<String> names = new ArrayList<>();
    for (VocabularyType type : VocabularyType.values()) {
      if (type != VocabularyType.NONE) {
        names.add(type.name().toLowerCase(Locale.ROOT).replace('_', ' '));
      }
    }
    return String.join(", ", names) + ", with every pre-tokenizer that llama.cpp v0.5.0 names";
  }

  private static String samplers() {
    return "greedy, "
        + String.join(", ", Sampling.DEFAULT_ORDER)
        + ", dynamic temperature, "
        + "mirostat, adaptive_p, logit bias, infill, no-repeat-ngram, banned texts";
  }
}
