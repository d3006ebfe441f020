package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** What a template rendered: the text, and which parts of it the template wrote itself. */
public final class Rendered {
  /**
   * A part of the text.
   *
   * @param trusted whether special tokens in it are meant as such
   */
  public record Span(String text, boolean trusted) {}

  private final Text text;

  Rendered(Text text) {
    this.text = text;
  }

  /** The whole text. */
  public String text() {
    return text.string();
  }

  /** The text in parts of alternating trust; joined, they are {@link #text()}. */
  public List<Span> spans() {
    List<Span> spans = new ArrayList<>(text.runs());
    int from = 0;
    for (int run = 0; run < text.runs(); run++) {
      int end = text.runEnd(run);
      if (end > from) {
        spans.add(new Span(text.string().substring(from, end), text.runTrusted(run)));
      }
      from = end;
    }
    return spans;
  }
}
