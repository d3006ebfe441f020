package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.OutputFormat.Tags;
import dev.jllm.core.json.Json;
import java.util.List;

/**
 * Arguments in tags: {@code <parameter=key>value</parameter>} and its like. A value is typed by the
 * tag's own attribute, or by the tool's schema; a string is handed on as it comes.
 *
 * <p>A value may itself hold its end mark: the mark counts only where the next argument or the
 * call's end follows it.
 */
final class TaggedArguments implements CallReader {
  private static final String CDATA_BEGIN = "<![CDATA[";
  private static final String CDATA_END = "]]>";
  private static final int MAX_KEY = 512;
  private static final int MAX_SPACE = 512;

  private enum State {
    KEY_OR_END,
    KEY,
    VALUE_BEGIN,
    VALUE_START,
    VALUE
  }

  private final CallSink call;
  private final Tags tags;
  private final List<String> stops;
  private final StringBuilder out = new StringBuilder();
  private State state = State.KEY_OR_END;
  private boolean any;
  private int types;
  private String end = "";

  /** How far behind {@code in.at} the value was looked through; {@code in.at} is its start. */
  private int scanned;

  private boolean streams;
  private boolean lineBefore;

  TaggedArguments(CallSink call, Tags tags, List<String> stops) {
    this.call = call;
    this.tags = tags;
    this.stops = stops;
  }

  @Override
  public Status read(Input in) {
    Status status;
    do {
      State before = state;
      status =
          switch (before) {
            case KEY_OR_END -> keyOrEnd(in);
            case KEY -> key(in);
            case VALUE_BEGIN -> valueBegin(in);
            case VALUE_START -> valueStart(in);
            case VALUE -> value(in);
          };
      if (status == Status.MORE && state == before) {
        break;
      }
    } while (status == Status.MORE);
    if (out.length() > 0) {
      call.arguments(out);
      out.setLength(0);
    }
    return status;
  }

  private Status keyOrEnd(Input in) {
    in.skipSpace();
    Input.Match stop = in.matchAny(stops, in.at);
    if (stop == Input.Match.YES || in.ended() && in.exhausted()) {
      out.append(any ? "}" : "{}");
      return Status.DONE;
    }
    Input.Match begin = in.match(tags.keyBegin());
    if (stop == Input.Match.MAYBE || begin == Input.Match.MAYBE) {
      return Status.MORE;
    }
    if (begin == Input.Match.NO) {
      return Status.FAILED;
    }
    in.at += tags.keyBegin().length();
    state = State.KEY;
    return Status.MORE;
  }

  private Status key(Input in) {
    int at = in.indexOf(tags.keyEnd(), in.at);
    if (tooFar(in, at, tags.keyEnd())) {
      return Status.FAILED;
    }
    if (at < 0) {
      return Status.MORE;
    }
    String text = in.substring(in.at, at);
    in.at = at + tags.keyEnd().length();
    int quote = text.indexOf('"');
    String attributes = quote < 0 ? "" : text.substring(quote + 1);
    String key = (quote < 0 ? text : text.substring(0, quote)).trim();
    types = types(key, attributes);
    out.append(any ? "," : "{");
    any = true;
    Json.quote(key, out);
    out.append(':');
    state = tags.valueBegin().isEmpty() ? State.VALUE_START : State.VALUE_BEGIN;
    return Status.MORE;
  }

  /** Whether a mark stands, or can only come to stand, farther off than any key is long. */
  private static boolean tooFar(Input in, int found, String mark) {
    return (found < 0 ? in.length() - mark.length() : found) - in.at > MAX_KEY;
  }

  private int types(String key, String attributes) {
    if (attributes.contains("string=\"true\"") || attributes.contains("type=\"string\"")) {
      return ToolSchemas.STRING;
    }
    if (attributes.contains("string=\"false\"") || attributes.contains("type=\"")) {
      return ToolSchemas.ANY & ~ToolSchemas.STRING;
    }
    String name = call.name();
    return call.tools().argument(name == null ? "" : name, key).types();
  }

  /** What may stand between key and value (a type) is passed over. */
  private Status valueBegin(Input in) {
    int at = in.indexOf(tags.valueBegin(), in.at);
    if (tooFar(in, at, tags.valueBegin())) {
      return Status.FAILED;
    }
    if (at < 0) {
      return Status.MORE;
    }
    in.at = at + tags.valueBegin().length();
    state = State.VALUE_START;
    return Status.MORE;
  }

  private Status valueStart(Input in) {
    Input.Match data = in.match(CDATA_BEGIN);
    if (data == Input.Match.MAYBE || in.exhausted() && !in.ended()) {
      return Status.MORE;
    }
    end = tags.valueEnd();
    lineBefore = false;
    if (data == Input.Match.YES) {
      in.at += CDATA_BEGIN.length();
      end = CDATA_END + end;
    } else if (tags.padded() && !in.exhausted() && in.current() == '\n') {
      lineBefore = true;
      in.at++;
    }
    streams = types == ToolSchemas.STRING;
    if (streams) {
      out.append('"');
    }
    scanned = 0;
    state = State.VALUE;
    return Status.MORE;
  }

  private Status value(Input in) {
    while (true) {
      int at = in.indexOf(end, in.at + scanned);
      if (at < 0) {
        scanned = Math.max(scanned, in.length() - in.at - end.length() + 1);
        stream(in, in.at + scanned);
        return Status.MORE;
      }
      scanned = at - in.at;
      int next = in.spaceEnd(at + end.length());
      // More white space than that is not looked through again with every piece of text.
      Input.Match follows = next - at > MAX_SPACE ? Input.Match.NO : follows(in, next);
      if (follows == Input.Match.MAYBE) {
        stream(in, at);
        return Status.MORE;
      }
      if (follows == Input.Match.YES) {
        endValue(in, at);
        return Status.MORE;
      }
      scanned++;
    }
  }

  private Input.Match follows(Input in, int place) {
    if (place == in.length()) {
      return in.ended() ? Input.Match.YES : Input.Match.MAYBE;
    }
    Input.Match stop = in.matchAny(stops, place);
    return stop == Input.Match.YES
        ? stop
        : in.match(tags.keyBegin(), place) == Input.Match.NO
            ? stop
            : in.match(tags.keyBegin(), place);
  }

  /** Hands on a string up to a place, but for a line break that may belong to the end mark. */
  private void stream(Input in, int to) {
    if (!streams) {
      return;
    }
    int end = lineBefore && to > in.at && in.charAt(to - 1) == '\n' ? to - 1 : to;
    for (int i = in.at; i < end; i++) {
      Json.escape(in.charAt(i), out);
    }
    if (end > in.at) {
      scanned -= end - in.at;
      in.at = end;
    }
  }

  /** Where a line break before the value frames it, so does one behind it. */
  private void endValue(Input in, int at) {
    boolean lineAfter = lineBefore && at > in.at && in.charAt(at - 1) == '\n';
    String text = in.substring(in.at, lineAfter ? at - 1 : at);
    if (streams) {
      for (int i = 0; i < text.length(); i++) {
        Json.escape(text.charAt(i), out);
      }
      out.append('"');
    } else {
      out.append(ToolSchemas.typed(text, types));
    }
    in.at = at + end.length();
    state = State.KEY_OR_END;
  }
}
