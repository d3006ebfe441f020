package dev.jllm.samples.cli.chat;

import dev.jllm.api.FinishReason;
import dev.jllm.api.Generation;
import dev.jllm.api.GenerationListener;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.LlmException;
import dev.jllm.api.Message;
import dev.jllm.api.Model;
import dev.jllm.api.Role;
import dev.jllm.api.Session;
import dev.jllm.api.Tool;
import dev.jllm.api.ToolCall;
import dev.jllm.api.ToolPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a model: messages are answered, lines that begin with a slash change how.
 * Each turn processes only what is new.
 */
public final class ChatConversation implements AutoCloseable {
  static final List<String> COMMANDS =
      List.of(
          "/help", "/system", "/tools", "/think", "/tokens", "/speed", "/save", "/new", "/quit");

  private static final String HELP =
      """
      /system TEXT           new instructions (none: shows them)
      /tools on|ask|off      lets the model run tools, asks before each, or not (none: lists them)
      /think on|off|default|N  whether the model thinks first, or for at most N tokens
      /tokens                tokens in the conversation
      /speed                 shows the speed after each reply, or no longer
      /save FILE             writes the conversation, as JSON if the name ends so, else as Markdown
      /new                   forgets the conversation
      /quit                  ends it, as does Ctrl-D; Ctrl-C stops a reply
      A line that ends with \\ goes on in the next one; lines between two lines of \""" are one.""";

  private final Model model;
  private final ChatSettings settings;
  private final ChatInput input;
  private final ChatPrinter printer;
  private Session session;

  /** What the session has not seen yet, although it was said. */
  private final List<Message> unsaid = new ArrayList<>();

  /** Starts a conversation. */
  public ChatConversation(
      Model model, ChatSettings settings, ChatInput input, ChatPrinter printer) {
    this.model = model;
    this.settings = settings;
    this.input = input;
    this.printer = printer;
    this.session = model.openSession();
    instruct(List.of());
  }

  /** Reads and answers until the user ends it. */
  public void run() throws IOException {
    while (true) {
      String line = input.read();
      if (line == null) {
        return;
      }
      if (line.startsWith("/")) {
        if (line.strip().equals("/quit") || line.strip().equals("/exit")) {
          return;
        }
        try {
          command(line.strip());
        } catch (IllegalArgumentException | IOException e) {
          printer.note(e.getMessage() == null ? e.toString() : e.getMessage());
        }
      } else if (!line.isBlank()) {
        reply(line);
      }
    }
  }

  private void command(String line) throws IOException {
    int space = line.indexOf(' ');
    String name = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space + 1).strip();
    switch (name) {
      case "/help" -> printer.note(HELP);
      case "/system" -> system(rest);
      case "/tools" -> tools(rest);
      case "/think" -> {
        settings.thinking(rest.isEmpty() ? "default" : rest);
        printer.note("thinking: " + (rest.isEmpty() ? "default" : rest));
      }
      case "/tokens" ->
          printer.note(session.tokenCount() + " of " + model.info().contextLength() + " tokens");
      case "/speed" -> {
        settings.speed(!settings.speed);
        printer.note("speed is " + (settings.speed ? "shown" : "not shown"));
      }
      case "/save" -> {
        if (rest.isEmpty()) {
          throw new IllegalArgumentException("say the file: /save FILE");
        }
        Transcript.save(messages(), Path.of(rest));
        printer.note("saved " + messages().size() + " messages to " + rest);
      }
      case "/new" -> {
        instruct(List.of());
        printer.note("a new conversation");
      }
      default -> printer.note("there is no command " + name + "; /help shows what there is");
    }
  }

  private void system(String text) {
    if (text.isEmpty()) {
      printer.note(settings.system == null ? "no instructions" : settings.system);
      return;
    }
    settings.system(text);
    instruct(messages());
    printer.note("new instructions");
  }

  private void tools(String mode) {
    switch (mode) {
      case "on", "off", "ask" -> settings.toolMode(mode);
      case "" -> {
        for (Tool tool : settings.tools) {
          printer.note(tool.definition().name() + ": " + tool.definition().description());
        }
      }
      default -> throw new IllegalArgumentException("tools are on, off or ask, not " + mode);
    }
    printer.note("tools: " + settings.toolMode.name().toLowerCase(Locale.ROOT));
  }

  /** Begins anew with the instructions and what was said otherwise. */
  private void instruct(List<Message> before) {
    List<Message> kept = new ArrayList<>();
    String system = settings.system;
    if (system != null) {
      kept.add(Message.system(system));
    }
    for (Message message : before) {
      if (message.role() != Role.SYSTEM) {
        kept.add(message);
      }
    }
    session.close();
    session = model.openSession();
    unsaid.clear();
    unsaid.addAll(kept);
  }

  private List<Message> messages() {
    List<Message> all = new ArrayList<>(session.messages());
    all.addAll(unsaid);
    return all;
  }

  private void reply(String line) {
    GenerationRequest.Builder b =
        GenerationRequest.builder()
            .maxNewTokens(settings.maxTokens)
            .thinking(settings.thinking)
            .messages(unsaid)
            .user(line);
    if (settings.toolMode != ChatSettings.ToolMode.OFF) {
      b.tools(settings.tools.toArray(new Tool[0]));
      if (settings.toolMode == ChatSettings.ToolMode.ASK) {
        b.toolPolicy(ToolPolicy.defaults().withApproval(this::approve));
      }
    }
    settings.sampling.accept(b);
    GenerationRequest request = b.build();
    AtomicReference<@Nullable Generation> running = new AtomicReference<>();
    input.interruptible(
        () -> {
          Generation generation = running.get();
          if (generation != null) {
            generation.cancel();
          }
        },
        () -> {
          Generation generation = session.submit(request, new Shower());
          running.set(generation);
          await(generation);
        });
  }

  private void await(Generation generation) {
    try {
      GenerationResult result = generation.result().join();
      unsaid.clear();
      printer.endReply();
      if (result.finishReason() == FinishReason.CANCELLED) {
        printer.note("(stopped)");
      } else if (result.finishReason() == FinishReason.LENGTH) {
        printer.note("(cut off: the reply or the context is full)");
      }
      if (settings.speed) {
        printer.note(speed(result));
      }
    } catch (CompletionException e) {
      printer.endReply();
      if (!(e.getCause() instanceof LlmException)) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      }
      printer.note(String.valueOf(e.getCause().getMessage()));
    }
  }

  private boolean approve(ToolCall call) {
    printer.call(call);
    String answer = input.ask("run it? [y/N] ").strip().toLowerCase(Locale.ROOT);
    return answer.equals("y") || answer.equals("yes");
  }

  private static String speed(GenerationResult result) {
    int fresh = result.usage().promptTokens() - result.usage().cachedTokens();
    int decoded = Math.max(0, result.usage().newTokens() - 1);
    return String.format(
        Locale.ROOT,
        "%d new prompt tokens, %.1f/s; %d tokens written, %.1f/s; first after %.2f s",
        fresh,
        rate(fresh, result.timings().prompt()),
        result.usage().newTokens(),
        rate(decoded, result.timings().decode()),
        result.timings().firstToken().toNanos() / 1e9);
  }

  private static double rate(int tokens, Duration time) {
    return time.isZero() ? 0 : tokens * 1e9 / time.toNanos();
  }

  @Override
  public void close() {
    session.close();
  }

  /** Shows the reply. */
  private final class Shower implements GenerationListener {
    @Override
    public void onText(String piece) {
      printer.text(piece);
    }

    @Override
    public void onReasoning(String piece) {
      printer.thought(piece);
    }

    @Override
    public void onToolCall(ToolCall call) {
      if (settings.toolMode != ChatSettings.ToolMode.ASK) {
        printer.call(call);
      }
    }

    @Override
    public void onToolResult(ToolCall call, String result) {
      printer.result(result);
    }
  }
}
