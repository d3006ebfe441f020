package dev.jllm.samples.cli.chat;

import dev.jllm.api.ToolCall;
import java.io.PrintWriter;

/**
 * Shows a reply as it is written: thoughts dimmed, tool calls in boxes. What the model or a tool
 * wrote never reaches the terminal as a control sequence.
 */
public final class ChatPrinter {
  private static final int MAX_RESULT_LINES = 12;
  private static final String DIM = "\u001b[2m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final boolean styled;
  private boolean dimmed;
  private boolean atLineStart = true;

  /**
   * @param styled whether the terminal knows colours
   */
  public ChatPrinter(PrintWriter out, boolean styled) {
    this.out = out;
    this.styled = styled;
  }

  synchronized void text(String piece) {
    dim(false);
    write(piece);
  }

  synchronized void thought(String piece) {
    dim(true);
    write(piece);
  }

  synchronized void call(ToolCall call) {
    dim(false);
    freshLine();
    out.println(style(DIM, "╭─ ") + style(BOLD, clean(call.name())));
    boxed(call.arguments());
    out.flush();
  }

  synchronized void result(String result) {
    dim(false);
    freshLine();
    out.println(style(DIM, "├─ result"));
    boxed(result);
    out.println(style(DIM, "╰─"));
    out.flush();
  }

  /** A line of the program itself. */
  public synchronized void note(String text) {
    dim(false);
    freshLine();
    out.println(style(DIM, text));
    out.flush();
  }

  /** Ends a reply. */
  synchronized void endReply() {
    dim(false);
    freshLine();
    out.flush();
  }

  private void boxed(String text) {
    String[] lines = clean(text).split("\n", -1);
    for (int i = 0; i < Math.min(lines.length, MAX_RESULT_LINES); i++) {
      out.println(style(DIM, "│ ") + lines[i]);
    }
    if (lines.length > MAX_RESULT_LINES) {
      out.println(style(DIM, "│ … " + (lines.length - MAX_RESULT_LINES) + " more lines"));
    }
  }

  private void dim(boolean on) {
    if (dimmed != on) {
      dimmed = on;
      if (!on) {
        freshLine();
      }
      if (styled) {
        out.print(on ? DIM : PLAIN);
      }
    }
  }

  private void write(String piece) {
    String text = clean(piece);
    if (!text.isEmpty()) {
      out.print(text);
      out.flush();
      atLineStart = text.endsWith("\n");
    }
  }

  private void freshLine() {
    if (!atLineStart) {
      out.println();
      atLineStart = true;
    }
  }

  private String style(String code, String text) {
    return styled ? code + text + PLAIN : text;
  }

  /** The text without control characters but line breaks and tabs. */
  static String clean(String text) {
    StringBuilder cleaned = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
      if (control && cleaned == null) {
        cleaned = new StringBuilder().append(text, 0, i);
      } else if (!control && cleaned != null) {
        cleaned.append(c);
      }
    }
    return cleaned == null ? text : cleaned.toString();
  }
}
