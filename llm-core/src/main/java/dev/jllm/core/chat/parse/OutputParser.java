package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.FormatMarks.Kind;
import dev.jllm.core.chat.parse.FormatMarks.Meaning;
import dev.jllm.core.chat.parse.OutputFormat.CallForm;
import dev.jllm.core.chat.parse.OutputFormat.CallSection;
import dev.jllm.core.chat.parse.OutputFormat.Header;
import dev.jllm.core.chat.parse.OutputFormat.Reasoning;
import java.util.ArrayList;
import java.util.List;
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
    BETWEEN_CALLS,
    CALL,
    AFTER_CALL,
    /** Behind a call that stopped making sense, up to its end mark. */
    WRECK
  }

  private static final String FENCE = "```";

  private final OutputFormat format;
  private final @Nullable Header header;
  private final ToolSchemas tools;
  private final OutputCollector collector;
  private final Input in = new Input();
  private final FormatMarks known;

  private Place place = Place.TEXT;
  private boolean reasoning;

  /** The marks around the present or last thoughts. */
  private @Nullable Reasoning thought;

  /** Where text that waits for a decision begins, or -1. */
  private int held = -1;

  private @Nullable CallSection section;
  private @Nullable CallForm form;
  private @Nullable CallReader reader;
  private @Nullable CurrentCall call;
  private int callsInSection;
  private boolean alone;

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
    if (held >= 0) {
      if (place != Place.HEADER || header == null || header.recipientMark().isEmpty()) {
        collector.text(reasoning, in, held, in.length());
      }
      held = -1;
      in.at = in.length();
    }
    CurrentCall open = call;
    if (open != null && open.name() != null) {
      collector.endCall(false);
    }
    call = null;
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
        case BETWEEN_CALLS -> betweenCalls();
        case CALL -> call();
        case AFTER_CALL -> afterCall();
        case WRECK -> wreck();
      }
      moved = place != before || in.at != at && !in.exhausted();
    }
    int keep = held >= 0 ? held : in.at;
    int gone = in.compact(keep);
    if (held >= 0) {
      held -= gone;
    }
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
        held = start;
        if (header == null || !header.recipientMark().isEmpty()) {
          // The mark is itself part of the header.
          in.at = start;
        }
      }
      case SECTION, BARE, CALL_ALONE -> {
        section = meaning.section();
        alone = meaning.kind() == Kind.CALL_ALONE;
        held = start;
        callsInSection = 0;
        place = Place.BETWEEN_CALLS;
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
    if (held < 0) {
      held = in.at;
    }
    int end = in.indexOf(header.end(), in.at);
    int length = (end < 0 ? in.length() - header.end().length() : end) - held;
    if (length > MAX_HEADER) {
      release(in.at);
    }
    if (end < 0 || length > MAX_HEADER) {
      return;
    }
    Addressee addressee = Addressee.of(header, in.substring(in.at, end));
    if (!addressee.toReader() && tools.offers(addressee.tool()) && format.sections().isEmpty()) {
      startAddressedCall(addressee.tool(), end + header.end().length());
      return;
    }
    if (header.recipientMark().isEmpty() && !addressee.toReader()) {
      release(end);
      return;
    }
    in.at = header.endStays() ? end : end + header.end().length();
    held = -1;
    collector.mark();
    reasoning = addressee.thinks();
    place = Place.TEXT;
  }

  /** A message to a tool: its text is the arguments. */
  private void startAddressedCall(String tool, int at) {
    in.at = at;
    CurrentCall current = new CurrentCall(false);
    call = current;
    section = null;
    form = CallForm.json("", "");
    current.name(tool);
    reader = new ObjectArguments(current, "");
    place = Place.CALL;
  }

  // ---- calls ----

  private void betweenCalls() {
    CallSection calls = section;
    if (calls == null) {
      place = Place.TEXT;
      return;
    }
    boolean lists = calls.calls().stream().anyMatch(c -> c.syntax() != OutputFormat.Syntax.NAMED);
    while (!in.exhausted()) {
      char c = in.current();
      boolean separator =
          Literal.isSpace(c)
              || c == ',' && callsInSection > 0
              || lists && c == (callsInSection > 0 ? ']' : '[');
      if (!separator) {
        break;
      }
      in.at++;
    }
    if (in.exhausted()) {
      if (in.ended() && callsInSection > 0) {
        place = Place.TEXT;
      }
      return;
    }
    boolean undecided = false;
    CallForm chosen = null;
    for (CallForm one : calls.calls()) {
      if (!one.begin().isEmpty()) {
        Input.Match match = in.match(one.begin());
        if (match == Input.Match.YES) {
          chosen = one;
          break;
        }
        undecided |= match == Input.Match.MAYBE;
      }
    }
    Input.Match end = calls.end().isEmpty() ? Input.Match.NO : in.match(calls.end());
    Input.Match again = calls.begin().isEmpty() ? Input.Match.NO : in.match(calls.begin());
    if (chosen == null && callsInSection > 0) {
      if (end == Input.Match.YES) {
        in.at += calls.end().length();
        leaveSection();
        return;
      }
      undecided |= end == Input.Match.MAYBE || again == Input.Match.MAYBE;
    }
    if (chosen == null && undecided) {
      return;
    }
    if (chosen == null) {
      chosen = formWithoutMark(calls);
    }
    if (chosen == null || alone && callsInSection > 0 && chosen.begin().isEmpty()) {
      if (callsInSection > 0) {
        leaveSection();
      } else {
        release(in.at);
      }
      return;
    }
    if (callsInSection > 0) {
      held = in.at;
    }
    in.at += chosen.begin().length();
    startCall(calls, chosen);
  }

  private @Nullable CallForm formWithoutMark(CallSection calls) {
    char c = in.current();
    for (CallForm one : calls.calls()) {
      if (one.begin().isEmpty()) {
        boolean fits =
            switch (one.syntax()) {
              case JSON -> c == '{';
              case PYTHON -> Character.isLetter(c) || c == '_';
              case NAMED -> callsInSection == 0 && (Character.isLetterOrDigit(c) || c == '_');
            };
        if (fits) {
          return one;
        }
      }
    }
    return null;
  }

  private void startCall(CallSection calls, CallForm chosen) {
    boolean offeredOnly =
        calls.has(CallSection.OFFERED_ONLY) || alone && !chosen.begin().startsWith("<|");
    CurrentCall current = new CurrentCall(offeredOnly);
    List<String> stops = new ArrayList<>();
    for (String stop : List.of(chosen.end(), calls.end())) {
      if (!stop.isEmpty()) {
        stops.add(stop);
      }
    }
    form = chosen;
    call = current;
    reader =
        switch (chosen.syntax()) {
          case JSON -> new JsonCall(current);
          case PYTHON -> new PythonCall(current);
          case NAMED -> new NamedCall(current, chosen, stops);
        };
    place = Place.CALL;
  }

  private void call() {
    CallReader current = reader;
    CurrentCall open = call;
    if (current == null || open == null) {
      place = Place.TEXT;
      return;
    }
    CallReader.Status status = current.read(in);
    if (status == CallReader.Status.DONE) {
      collector.endCall(true);
      call = null;
      callsInSection++;
      place = Place.AFTER_CALL;
    } else if (status == CallReader.Status.FAILED) {
      call = null;
      if (open.name() == null) {
        release(in.at);
      } else {
        collector.endCall(false);
        place = Place.WRECK;
      }
    }
  }

  /** Behind the arguments: the end of a fence, and of the call. */
  private void afterCall() {
    in.skipSpace();
    CallForm one = form;
    if (in.exhausted() && !in.ended() || one == null) {
      return;
    }
    if (!one.end().isEmpty()) {
      Input.Match end = in.match(one.end());
      Input.Match fence = in.match(FENCE);
      if (end == Input.Match.YES) {
        in.at += one.end().length();
      } else if (end == Input.Match.MAYBE || fence == Input.Match.MAYBE) {
        return;
      } else if (fence == Input.Match.YES) {
        in.at += FENCE.length();
        return;
      }
    }
    place = Place.BETWEEN_CALLS;
  }

  /** Passes over the rest of a call whose end is marked. */
  private void wreck() {
    String end = form == null || form.end().isEmpty() ? "" : form.end();
    if (end.isEmpty() && section != null) {
      end = section.end();
    }
    if (end.isEmpty()) {
      leaveSection();
      return;
    }
    int at = in.indexOf(end, in.at);
    if (at < 0) {
      in.at = in.ended() ? in.length() : Math.max(in.at, in.length() - end.length() + 1);
      return;
    }
    in.at = at;
    callsInSection++;
    place = Place.AFTER_CALL;
  }

  private void leaveSection() {
    section = null;
    held = -1;
    collector.mark();
    place = Place.TEXT;
  }

  /** What was held back up to a place is no call and no header: it is text. */
  private void release(int to) {
    int end = Math.max(to, held + 1);
    collector.text(reasoning, in, held, end);
    in.at = end;
    held = -1;
    section = null;
    call = null;
    place = Place.TEXT;
  }

  /** The call being read. */
  private final class CurrentCall implements CallSink {
    private final boolean offeredOnly;
    private @Nullable String name;
    private @Nullable String id;

    CurrentCall(boolean offeredOnly) {
      this.offeredOnly = offeredOnly;
    }

    @Override
    public void name(String text) {
      name = text;
      held = -1;
      reasoning = false;
      collector.startCall(text);
      if (id != null) {
        collector.id(id);
      }
    }

    @Override
    public void id(String text) {
      id = text;
      if (name != null) {
        collector.id(text);
      }
    }

    @Override
    public void arguments(CharSequence json) {
      collector.arguments(json);
    }

    @Override
    public ToolSchemas tools() {
      return tools;
    }

    @Override
    public @Nullable String name() {
      return name;
    }

    @Override
    public boolean accepts(String text) {
      return !text.trim().isEmpty() && (!offeredOnly || tools.offers(text));
    }
  }
}
