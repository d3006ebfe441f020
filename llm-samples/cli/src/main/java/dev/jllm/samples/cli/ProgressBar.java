package dev.jllm.samples.cli;

import java.io.PrintStream;

/** A bar on stderr, on a terminal only; coloured unless NO_COLOR is set. */
final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long NANOS_BETWEEN = 50_000_000;

  private final String label;
  private final PrintStream out;
  private final boolean shown;
  private final boolean coloured;
  private long lastDrawn;
  private boolean drawn;

  ProgressBar(String label) {
    this(label, System.err, Terminals.interactive());
  }

  ProgressBar(String label, PrintStream out, boolean shown) {
    this.label = label;
    this.out = out;
    this.shown = shown;
    this.coloured = System.getenv("NO_COLOR") == null;
  }

  /** Shows a fraction, 0 to 1. */
  void show(double fraction) {
    show(fraction, "");
  }

  /** Shows a fraction and a note beside it. */
  void show(double fraction, String note) {
    long now = System.nanoTime();
    if (!shown || drawn && fraction < 1 && now - lastDrawn < NANOS_BETWEEN) {
      return;
    }
    lastDrawn = now;
    drawn = true;
    int filled = (int) Math.round(WIDTH * Math.max(0, Math.min(1, fraction)));
    StringBuilder line = new StringBuilder("\r\u001b[K").append(label).append(' ');
    if (coloured) {
      line.append("\u001b[36m");
    }
    line.append("█".repeat(filled));
    if (coloured) {
      line.append("\u001b[2m");
    }
    line.append("░".repeat(WIDTH - filled));
    if (coloured) {
      line.append("\u001b[0m");
    }
    line.append(String.format(" %3.0f %% ", 100 * fraction)).append(note);
    out.print(line);
    out.flush();
  }

  @Override
  public void close() {
    hide();
  }

  /** Removes the bar. */
  void hide() {
    if (drawn) {
      drawn = false;
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
