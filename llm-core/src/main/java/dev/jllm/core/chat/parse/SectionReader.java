package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.OutputFormat.CallForm;
import dev.jllm.core.chat.parse.OutputFormat.CallSection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the calls of a section, or one call that is a message of its own. At any time it is between
 * calls, where the form of the next one is told; within a call; behind one, where its end mark is
 * due; or in the wreck of a call that stopped making sense, up to its end mark.
 */
final class SectionReader {
  /** What became of a section so far. */
  enum Outcome {
    /** There is more to read, as soon as there is more text. */
    OPEN,
    /** The section is over, and a mark ended it. */
    ENDED,
    /** There are no further calls; what follows is text. */
    OVER,
    /** What is held is no call: it is text up to where reading stopped. */
    NO_CALL
  }

  private enum Place {
    BETWEEN_CALLS,
    CALL,
    AFTER_CALL,
    WRECK
  }

  private static final String FENCE = "```";

  private final Input in;
  private final ToolSchemas tools;
  private final OutputCollector collector;

  private Place place = Place.BETWEEN_CALLS;
  private @Nullable CallSection section;
  private @Nullable CallForm form;
  private @Nullable CallReader reader;
  private @Nullable CurrentCall call;
  private int callsInSection;
  private boolean alone;
  private boolean named;

  SectionReader(Input in, ToolSchemas tools, OutputCollector collector) {
    this.in = in;
    this.tools = tools;
    this.collector = collector;
  }

  /**
   * Begins a section behind its mark; {@code in.held} is where it stood.
   *
   * @param one whether this is a call outside a section
   */
  void begin(@Nullable CallSection calls, boolean one) {
    section = calls;
    alone = one;
    callsInSection = 0;
    named = false;
    place = Place.BETWEEN_CALLS;
  }

  /** Begins a message to a tool: its text is the arguments. */
  void beginMessage(String tool) {
    section = null;
    named = false;
    CurrentCall current = new CurrentCall(false);
    call = current;
    form = CallForm.json("", "");
    current.name(tool);
    reader = new ObjectArguments(current, "");
    place = Place.CALL;
  }

  /** Whether it is certain that there is a call. */
  boolean named() {
    return named;
  }

  /** The text is over: a call that was begun is counted as it is. */
  void finish() {
    CurrentCall open = call;
    if (open != null && open.name() != null) {
      collector.endCall(false);
    }
    call = null;
  }

  /** Reads as far as the text goes. */
  Outcome read() {
    boolean moved = true;
    Outcome outcome = Outcome.OPEN;
    while (moved && outcome == Outcome.OPEN) {
      Place before = place;
      int at = in.at;
      outcome =
          switch (place) {
            case BETWEEN_CALLS -> betweenCalls();
            case CALL -> call();
            case AFTER_CALL -> afterCall();
            case WRECK -> wreck();
          };
      moved = place != before || in.at != at && !in.exhausted();
    }
    if (outcome == Outcome.NO_CALL) {
      call = null;
    }
    return outcome;
  }

  private Outcome betweenCalls() {
    CallSection calls = section;
    if (calls == null) {
      return Outcome.OVER;
    }
    skipSeparators(calls);
    if (in.exhausted()) {
      return in.ended() && callsInSection > 0 ? Outcome.OVER : Outcome.OPEN;
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
        return Outcome.ENDED;
      }
      undecided |= end == Input.Match.MAYBE || again == Input.Match.MAYBE;
    }
    if (chosen == null && undecided) {
      return Outcome.OPEN;
    }
    if (chosen == null) {
      chosen = formWithoutMark(calls);
    }
    if (chosen == null || alone && callsInSection > 0 && chosen.begin().isEmpty()) {
      return callsInSection > 0 ? Outcome.ENDED : Outcome.NO_CALL;
    }
    if (callsInSection > 0) {
      in.held = in.at;
    }
    in.at += chosen.begin().length();
    startCall(calls, chosen);
    return Outcome.OPEN;
  }

  private void skipSeparators(CallSection calls) {
    boolean lists = calls.calls().stream().anyMatch(c -> c.syntax() != OutputFormat.Syntax.NAMED);
    while (!in.exhausted()) {
      char c = in.current();
      boolean separator =
          Literal.isSpace(c)
              || c == ',' && callsInSection > 0
              || lists && c == (callsInSection > 0 ? ']' : '[');
      if (!separator) {
        return;
      }
      in.at++;
    }
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

  private Outcome call() {
    CallReader current = reader;
    CurrentCall open = call;
    if (current == null || open == null) {
      return Outcome.OVER;
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
        return Outcome.NO_CALL;
      }
      collector.endCall(false);
      place = Place.WRECK;
    }
    return Outcome.OPEN;
  }

  /** Behind the arguments: the end of a fence, and of the call. */
  private Outcome afterCall() {
    in.skipSpace();
    CallForm one = form;
    if (in.exhausted() && !in.ended() || one == null) {
      return Outcome.OPEN;
    }
    if (!one.end().isEmpty()) {
      Input.Match end = in.match(one.end());
      Input.Match fence = in.match(FENCE);
      if (end == Input.Match.YES) {
        in.at += one.end().length();
      } else if (end == Input.Match.MAYBE || fence == Input.Match.MAYBE) {
        return Outcome.OPEN;
      } else if (fence == Input.Match.YES) {
        in.at += FENCE.length();
        return Outcome.OPEN;
      }
    }
    place = Place.BETWEEN_CALLS;
    return Outcome.OPEN;
  }

  /** Passes over the rest of a call whose end is marked. */
  private Outcome wreck() {
    String end = form == null || form.end().isEmpty() ? "" : form.end();
    if (end.isEmpty() && section != null) {
      end = section.end();
    }
    if (end.isEmpty()) {
      return Outcome.ENDED;
    }
    int at = in.indexOf(end, in.at);
    if (at < 0) {
      in.at = in.ended() ? in.length() : Math.max(in.at, in.length() - end.length() + 1);
      return Outcome.OPEN;
    }
    in.at = at;
    callsInSection++;
    place = Place.AFTER_CALL;
    return Outcome.OPEN;
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
      named = true;
      in.held = -1;
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
