package dev.jllm.samples.cli.chat;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** A person at a terminal: editing, history over sessions, completion of commands. */
public final class TerminalInput implements ChatInput {
  private final Terminal terminal;
  private final LineReader reader;

  /**
   * @param history where the history is kept, or null to keep none
   */
  public TerminalInput(@Nullable Path history) throws IOException {
    terminal = TerminalBuilder.builder().name("jllm").system(true).build();
    DefaultParser parser = new DefaultParser();
    // Quotes and backslashes are text to a model.
    parser.setQuoteChars(new char[0]);
    parser.setEscapeChars(new char[0]);
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(parser)
            .completer(new StringsCompleter(ChatConversation.COMMANDS))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.BRACKETED_PASTE, true)
            .variable(LineReader.HISTORY_SIZE, 1000);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    reader = builder.build();
  }

  /** Writes to the terminal. */
  public PrintWriter writer() {
    return terminal.writer();
  }

  /** Columns of the terminal. */
  public int width() {
    return terminal.getWidth() > 0 ? terminal.getWidth() : 80;
  }

  @Override
  public @Nullable String read() throws IOException {
    boolean[] first = {true};
    try {
      return Multiline.read(
          () -> {
            String line = reader.readLine(first[0] ? "> " : ". ");
            first[0] = false;
            return line;
          });
    } catch (UserInterruptException e) {
      terminal.writer().println("(Ctrl-D or /quit ends the conversation)");
      return "";
    } catch (EndOfFileException e) {
      return null;
    }
  }

  @Override
  public String ask(String question) {
    try {
      return reader.readLine(question);
    } catch (UserInterruptException | EndOfFileException e) {
      return "";
    }
  }

  @Override
  public void interruptible(Runnable stop, Runnable action) {
    Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, signal -> stop.run());
    try {
      action.run();
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
