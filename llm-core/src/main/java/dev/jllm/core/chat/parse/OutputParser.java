package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.FormatMarks.Kind;
import dev.jllm.core.chat.parse.FormatMarks.Meaning;
import dev.jllm.core.chat.parse.OutputFormat.Header;
import dev.jllm.core.chat.parse.OutputFormat.Reasoning;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a model emits, in pieces of any size, and says what it stands for as soon as that is
 * certain.
 *
 * <p>The text is walked once. At any time it is in one of three places: in text (content or
 * thoughts), where the next mark is looked for; between calls, where the form of the next one is
 * told; or within a call. Text behind a mark is held back until it is certain that a call is meant:
 * if not, the mark and what was held are ordinary text. The result does not depend on how the text
 * was cut, and takes time linear in its length.
 *
 * <p>Not thread-safe; one parser reads one text.
 */
public final class OutputParser {
  private static final int MAX_HEADER = 256;

  private enum Place {
    TEXT,
    HEADER,
    CALLS
  }

  private final OutputFormat format;
  private final @Nullable Header header;
  private final ToolSchemas tools;
  private final OutputCollector collector;
  private final Input in = new Input();
  private final FormatMarks known;
  private final SectionReader calls;

  private Place place = Place.TEXT;
  private boolean reasoning;

  /** The marks around the present or last thoughts. */
  private @Nullable Reasoning thought;

  /**
   * @param format the family's marks
   * @param tools the tools that were offered; without any, no text is a call
   * @param generationPrompt what the template wrote before the model's text, or its end; it may
   *     leave a thought or a header open
   * @param listener hears what is found
   */
  public OutputParser(
      OutputFormat format, ToolSchemas tools, String generationPrompt, OutputListener listener) {
    this.format = format;
    this.header = format.header();
    this.tools = tools;
    this.collector = new OutputCollector(listener);
    this.known = new FormatMarks(format, !tools.isEmpty());
    this.calls = new SectionReader(in, tools, collector);
    resume(generationPrompt);
  }

  /** Reads a whole text. */
  public static ParsedOutput parse(
      OutputFormat format, ToolSchemas tools, String generationPrompt, String text) {
    OutputParser parser =
        new OutputParser(format, tools, generationPrompt, new OutputListener() {});
    parser.feed(text);
    return parser.finish();
  }

  /** Reads more text; a piece must not end within a surrogate pair. */
  public void feed(CharSequence text) {
    in.append(text);
    run();
  }

  /**
   * The model ended its text here: what was held back as the possible beginning of a mark or call
   * is content. After a text that was cut off (by a limit, by its reader) do not call this but
   * {@link #result}, so that no piece of a mark is taken for content.
   */
  public ParsedOutput finish() {
    in.end();
    run();
    if (in.held >= 0) {
      if (place != Place.HEADER || header == null || header.recipientMark().isEmpty()) {
        collector.text(reasoning, in, in.held, in.length());
      }
      in.held = -1;
      in.at = in.length();
    }
    calls.finish();
    collector.flush();
    return collector.result();
  }

  /** What is certain so far. */
  public ParsedOutput result() {
    return collector.result();
  }

  /** Whether the text so far ends within thoughts. */
  public boolean isReasoning() {
    return reasoning && place == Place.TEXT;
  }

  /** Whether the text so far ends within a message's header. */
  public boolean isHeader() {
    return place == Place.HEADER;
  }

  /**
   * The text that ends the thoughts of this model, for an engine that cuts them short; null where
   * the format has none.
   */
  public @Nullable String reasoningEnd() {
    if (header != null && !header.reasoning().isEmpty()) {
      return header.messageEnd();
    }
    if (thought != null) {
      return thought.end();
    }
    return format.reasoning().isEmpty() ? null : format.reasoning().get(0).end();
  }

  /** Goes on where the generation prompt stopped. */
  private void resume(String prompt) {
    if (header != null) {
      int begin = -1;
      for (String mark : header.begins()) {
        begin = Math.max(begin, prompt.lastIndexOf(mark));
      }
      int end = prompt.lastIndexOf(header.end());
      if (begin >= 0 && (end < begin || header.begins().contains(header.end()))) {
        place = Place.HEADER;
        return;
      }
      if (begin >= 0) {
        reasoning = header.reasoning().stream().anyMatch(prompt.substring(begin, end)::contains);
        return;
      }
    }
    int open = -1;
    int closed = -1;
    for (Reasoning pair : format.reasoning()) {
      int begin = prompt.lastIndexOf(pair.begin());
      if (begin > open) {
        open = begin;
        thought = pair;
      }
      closed = Math.max(closed, prompt.lastIndexOf(pair.end()));
    }
    reasoning = open > closed;
  }

  private void run() {
    boolean moved = true;
    while (moved) {
      Place before = place;
      int at = in.at;
      switch (place) {
        case TEXT -> text();
        case HEADER -> header();
        case CALLS -> calls();
      }
      moved = place != before || in.at != at && !in.exhausted();
    }
    in.compact();
    collector.announce();
  }

  // ---- text ----

  private Marks<Meaning> marks() {
    if (reasoning) {
      return collector.hasReasoning() ? known.inReasoning : known.atReasoningStart;
    }
    return collector.hasContent() ? known.inContent : known.atStart;
  }

  private void text() {
    int from = in.at;
    Marks<Meaning> marks = marks();
    for (int i = from; i < in.length(); i++) {
      char c = in.charAt(i);
      if (marks.mayStart(c)) {
        int mark = marks.at(in, i);
        if (mark != -1) {
          collector.text(reasoning, in, from, i);
          in.at = i;
          if (mark >= 0) {
            in.at = i + marks.text(mark).length();
            enter(marks.meaning(mark), i);
          }
          return;
        }
      }
      if ((marks == known.atStart || marks == known.atReasoningStart) && !Literal.isSpace(c)) {
        // Text has begun: fewer marks count from here on.
        collector.text(reasoning, in, from, i + 1);
        from = i + 1;
        marks = marks();
      }
    }
    collector.text(reasoning, in, from, in.length());
    in.at = in.length();
  }

  private void enter(Meaning meaning, int start) {
    switch (meaning.kind()) {
      case REASONING_BEGIN -> {
        collector.mark();
        reasoning = true;
        thought = meaning.reasoning();
      }
      case REASONING_END -> {
        collector.mark();
        reasoning = false;
      }
      case HIDDEN -> collector.mark();
      case HEADER -> {
        place = Place.HEADER;
        in.held = start;
        if (header == null || !header.recipientMark().isEmpty()) {
          // The mark is itself part of the header.
          in.at = start;
        }
      }
      case SECTION, BARE, CALL_ALONE -> {
        in.held = start;
        place = Place.CALLS;
        calls.begin(meaning.section(), meaning.kind() == Kind.CALL_ALONE);
        if (meaning.kind() != Kind.SECTION) {
          in.at = start;
        }
      }
    }
  }

  // ---- headers ----

  private void header() {
    if (header == null) {
      place = Place.TEXT;
      return;
    }
    if (in.held < 0) {
      in.held = in.at;
    }
    int end = in.indexOf(header.end(), in.at);
    int length = (end < 0 ? in.length() - header.end().length() : end) - in.held;
    if (length > MAX_HEADER) {
      release(in.at);
    }
    if (end < 0 || length > MAX_HEADER) {
      return;
    }
    Addressee addressee = Addressee.of(header, in.substring(in.at, end));
    if (!addressee.toReader() && tools.offers(addressee.tool()) && format.sections().isEmpty()) {
      in.at = end + header.end().length();
      place = Place.CALLS;
      calls.beginMessage(addressee.tool());
      return;
    }
    if (header.recipientMark().isEmpty() && !addressee.toReader()) {
      release(end);
      return;
    }
    in.at = header.endStays() ? end : end + header.end().length();
    in.held = -1;
    collector.mark();
    reasoning = addressee.thinks();
    place = Place.TEXT;
  }

  private void calls() {
    SectionReader.Outcome outcome = calls.read();
    if (calls.named()) {
      reasoning = false;
    }
    switch (outcome) {
      case OPEN -> {}
      case OVER -> place = Place.TEXT;
      case ENDED -> {
        in.held = -1;
        collector.mark();
        place = Place.TEXT;
      }
      case NO_CALL -> release(in.at);
    }
  }

  /** What was held back up to a place is no call and no header: it is text. */
  private void release(int to) {
    int end = Math.max(to, in.held + 1);
    collector.text(reasoning, in, in.held, end);
    in.at = end;
    in.held = -1;
    place = Place.TEXT;
  }
}
