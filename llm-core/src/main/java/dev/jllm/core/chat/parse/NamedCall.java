package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.OutputFormat.CallForm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that is a name, then arguments: a JSON object (in a Markdown fence or not) or tags. What
 * follows the name decides which.
 */
final class NamedCall implements CallReader {
  /** A name with its id and kind is never longer; what is, is text. */
  private static final int MAX_HEAD = 512;

  /** What may stand around a JSON object; of two that begin alike the longer comes first. */
  private static final List<String> FENCES = List.of("```json", "```");

  private final CallSink call;
  private final CallForm form;
  private final List<String> stops;
  private int headScan;
  private boolean named;
  private @Nullable CallReader arguments;

  /**
   * @param stops marks that end the call where no argument stands
   */
  NamedCall(CallSink call, CallForm form, List<String> stops) {
    this.call = call;
    this.form = form;
    this.stops = stops;
  }

  @Override
  public Status read(Input in) {
    if (!named) {
      Status status = readHead(in);
      if (status != Status.DONE) {
        return status;
      }
      named = true;
    }
    if (arguments == null) {
      Status status = chooseArguments(in);
      if (status != Status.DONE) {
        return status;
      }
    }
    if (arguments == null) {
      call.arguments("{}");
      return Status.DONE;
    }
    return arguments.read(in);
  }

  /** Reads up to what may follow the name; leaves a brace, a first argument or an end in place. */
  private Status readHead(Input in) {
    for (; in.at + headScan < in.length(); headScan++) {
      int place = in.at + headScan;
      if (in.charAt(place) == '{') {
        return name(in, place, place);
      }
      Input.Match match = in.matchAny(form.nameEnds(), place);
      if (match == Input.Match.YES) {
        return name(in, place, place + length(in, form.nameEnds(), place));
      }
      Input.Match stop = startsArguments(in, place);
      if (stop == Input.Match.YES) {
        return name(in, place, place);
      }
      if (match == Input.Match.MAYBE || stop == Input.Match.MAYBE) {
        return Status.MORE;
      }
      if (headScan > MAX_HEAD) {
        return Status.FAILED;
      }
    }
    return Status.MORE;
  }

  private Input.Match startsArguments(Input in, int place) {
    Input.Match stop = in.matchAny(stops, place);
    if (stop == Input.Match.NO && form.tags() != null) {
      return in.match(form.tags().keyBegin(), place);
    }
    return stop;
  }

  private static int length(Input in, List<String> marks, int place) {
    for (String mark : marks) {
      if (in.match(mark, place) == Input.Match.YES) {
        return mark.length();
      }
    }
    return 0;
  }

  private Status name(Input in, int end, int next) {
    String text = in.substring(in.at, end).trim();
    for (String fence : FENCES) {
      if (text.endsWith(fence)) {
        text = text.substring(0, text.length() - fence.length()).trim();
      }
    }
    String id = null;
    int mark = form.nameMark().isEmpty() ? -1 : text.indexOf(form.nameMark());
    if (mark >= 0) {
      String before = text.substring(0, mark).trim();
      String after = text.substring(mark + form.nameMark().length()).trim();
      // An id or a kind stands before the mark; a name with nothing behind the mark is the name.
      text = after.isEmpty() ? before : after;
      id = after.isEmpty() || before.equals("function") ? null : before;
    }
    mark = form.idMark().isEmpty() ? -1 : text.indexOf(form.idMark());
    if (mark >= 0) {
      id = text.substring(mark + form.idMark().length()).trim();
      text = text.substring(0, mark).trim();
    }
    int quote = text.indexOf('"');
    if (quote > 0) {
      text = text.substring(0, quote);
    }
    int colon = text.lastIndexOf(':');
    if (text.startsWith("functions.") && colon > 0) {
      id = text;
      text = text.substring("functions.".length(), colon);
    } else if (text.startsWith("functions.") && !call.tools().offers(text)) {
      text = text.substring("functions.".length());
    } else if (text.startsWith("call:")) {
      text = text.substring("call:".length());
    }
    if (!isName(text) || !call.accepts(text)) {
      return Status.FAILED;
    }
    in.at = next;
    call.name(text);
    if (id != null && !id.isEmpty()) {
      call.id(id);
    }
    return Status.DONE;
  }

  static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isLetterOrDigit(c) && "_-.:/$@".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private Status chooseArguments(Input in) {
    int before;
    do {
      before = in.at;
      in.skipSpace();
      if (in.exhausted()) {
        return in.ended() ? Status.DONE : Status.MORE;
      }
      for (String fence : FENCES) {
        Input.Match match = in.match(fence);
        if (match == Input.Match.MAYBE) {
          return Status.MORE;
        }
        if (match == Input.Match.YES) {
          in.at += fence.length();
          break;
        }
      }
    } while (in.at != before);
    if (in.current() == '{') {
      arguments = new ObjectArguments(call, form.stringMark());
      return Status.DONE;
    }
    if (form.tags() != null) {
      arguments =
          form.tags().nested().isEmpty()
              ? new TaggedArguments(call, form.tags(), stops)
              : new NestedArguments(call, form.tags(), stops);
      return Status.DONE;
    }
    Input.Match stop = in.matchAny(stops, in.at);
    return stop == Input.Match.MAYBE
        ? Status.MORE
        : stop == Input.Match.YES ? Status.DONE : Status.FAILED;
  }
}
