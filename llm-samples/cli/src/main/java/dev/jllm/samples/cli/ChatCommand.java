package dev.jllm.samples.cli;

import dev.jllm.api.Model;
import dev.jllm.api.Tool;
import dev.jllm.samples.cli.chat.ChatConversation;
import dev.jllm.samples.cli.chat.ChatInput;
import dev.jllm.samples.cli.chat.ChatPrinter;
import dev.jllm.samples.cli.chat.ChatSettings;
import dev.jllm.samples.cli.chat.TerminalInput;
import dev.jllm.samples.cli.tools.BuiltInTools;
import dev.jllm.samples.cli.tools.DocumentSearch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jllm chat}: a conversation. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = "Holds a conversation; /help shows its commands, Ctrl-C stops a reply.")
final class ChatCommand implements Callable<Integer> {
  /** Which tools are there from the start. */
  enum Tools {
    demo,
    ask
  }

  @Mixin ModelOptions model = new ModelOptions();
  @Mixin SamplingOptions sampling = new SamplingOptions();

  @Option(names = "--system", paramLabel = "TEXT", description = "Instructions to the model.")
  @Nullable String system;

  @Option(
      names = "--tools",
      paramLabel = "demo|ask",
      description = "Lets the model use a calculator and a clock; ask: after a question each time.")
  @Nullable Tools tools;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Adds tools that list and read the text files below this folder.")
  @Nullable Path folder;

  @Option(
      names = "--think",
      paramLabel = "on|off|N",
      description = "Whether the model thinks first, or for at most N tokens.")
  @Nullable String think;

  @Option(names = "--speed", description = "Shows the speed after each reply.")
  boolean speed;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Keeps what was typed for the next time (default: not kept).")
  @Nullable Path history;

  @Option(names = "-n", paramLabel = "N", description = "Tokens of a reply at most (default 1024).")
  int tokens = 1024;

  /** The model once it is loaded, for the tools that need it. */
  private @Nullable Model current;

  @Override
  public Integer call() throws IOException {
    List<Tool> all = new ArrayList<>(BuiltInTools.withoutFiles());
    if (folder != null) {
      all = new ArrayList<>(BuiltInTools.all(folder));
      all.add(new DocumentSearch(() -> Objects.requireNonNull(current), folder).tool());
    }
    ChatSettings settings =
        new ChatSettings(all, sampling::apply, tokens).system(system).speed(speed);
    if (tools != null || folder != null) {
      settings.toolMode(tools == Tools.ask ? "ask" : "on");
    }
    if (think != null) {
      settings.thinking(think);
    }
    if (Terminals.interactive()) {
      try (TerminalInput input = new TerminalInput(history)) {
        converse(settings, input, new ChatPrinter(input.writer(), true));
      }
    } else {
      PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      converse(settings, ChatInput.lines(in), new ChatPrinter(out, false));
      out.flush();
    }
    return 0;
  }

  private void converse(ChatSettings settings, ChatInput input, ChatPrinter printer)
      throws IOException {
    try (Model loaded = model.load();
        ChatConversation conversation = new ChatConversation(loaded, settings, input, printer)) {
      current = loaded;
      if (Terminals.interactive()) {
        printer.note("/help shows the commands; Ctrl-C stops a reply; Ctrl-D ends");
      }
      conversation.run();
    }
  }
}
