package dev.jllm.samples.bench;

import dev.jllm.api.Message;
import dev.jllm.api.ToolCall;
import dev.jllm.api.ToolDefinition;
import dev.jllm.core.chat.ConversationTemplate;
import dev.jllm.core.chat.RenderOptions;
import dev.jllm.core.token.TextSpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A conversation of 50 messages with 20 tools, written down by a chat template. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class TemplateBenchmark {
  /** A file with a template, or "chatml" for the built-in one. */
  @Param("chatml")
  public String template = "chatml";

  private final List<Message> messages = new ArrayList<>();
  private final List<ToolDefinition> tools = new ArrayList<>();
  private ConversationTemplate compiled =
      ConversationTemplate.of(ConversationTemplate.CHATML, "", "");

  /** Reads the template and makes up the conversation. */
  @Setup
  public void setUp() {
    if (!template.equals("chatml")) {
      try {
        compiled = ConversationTemplate.of(Files.readString(Path.of(template)), "<s>", "</s>");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    String paragraph = "A sentence of some length that a person could have written. ".repeat(8);
    for (int i = 0; i < 20; i++) {
      tools.add(
          new ToolDefinition(
              "tool_" + i,
              "Does what tool " + i + " does.",
              "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"description\":"
                  + "\"A city\"},\"days\":{\"type\":\"integer\",\"minimum\":1},\"unit\":{\"enum\":"
                  + "[\"celsius\",\"fahrenheit\"]}},\"required\":[\"city\"]}"));
    }
    messages.add(Message.system(paragraph));
    while (messages.size() < 49) {
      int n = messages.size();
      ToolCall call = new ToolCall("call0000" + n % 10, "tool_1", "{\"city\": \"Bern\"}");
      messages.add(Message.user(paragraph));
      messages.add(Message.assistant("", "I should look that up.", List.of(call)));
      messages.add(Message.tool(call, paragraph));
      messages.add(Message.assistant(paragraph));
    }
    messages.add(Message.user("And now?"));
  }

  /** All but the tokens. */
  @Benchmark
  public List<TextSpan> render() {
    return compiled.spans(messages, tools, RenderOptions.defaults());
  }
}
