package dev.jllm.samples.cli.chat;

import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the user's lines come from. */
public interface ChatInput extends AutoCloseable {
  /** The next message, of one line or several; null at the end. */
  @Nullable String read() throws IOException;

  /** The answer to a question while a reply is under way; empty where nobody can be asked. */
  String ask(String question);

  /** Runs {@code action} while Ctrl-C calls {@code stop} in place of ending the program. */
  void interruptible(Runnable stop, Runnable action);

  @Override
  void close() throws IOException;

  /** Lines of a pipe or file: no prompt, no questions. */
  static ChatInput lines(BufferedReader reader) {
    return new ChatInput() {
      @Override
      public @Nullable String read() throws IOException {
        return Multiline.read(reader::readLine);
      }

      @Override
      public String ask(String question) {
        return "";
      }

      @Override
      public void interruptible(Runnable stop, Runnable action) {
        action.run();
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }
}
