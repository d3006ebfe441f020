package dev.jllm.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.Sampling;
import dev.jllm.core.arch.families.Architectures;
import dev.jllm.core.quant.BlockFormats;
import dev.jllm.core.token.VocabularyType;
import dev.jllm.gguf.GgmlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
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
