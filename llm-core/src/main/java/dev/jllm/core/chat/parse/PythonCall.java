package dev.jllm.core.chat.parse;

import dev.jllm.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A call as Python writes it, {@code name(key=literal, …)}. Literals may be Python's or JSON's; an
 * argument without a key is the schema's argument at that place.
 */
final class PythonCall implements CallReader {
  private static final int MAX_NAME = 512;

  private enum State {
    NAME,
    KEY_OR_CLOSE,
    VALUE,
    AFTER
  }

  private final CallSink call;
  private final Literal literal = new Literal("");
  private final StringBuilder out = new StringBuilder();
  private State state = State.NAME;
  private int count;

  PythonCall(CallSink call) {
    this.call = call;
  }

  @Override
  public Status read(Input in) {
    Status status = Status.MORE;
    boolean moved = true;
    while (status == Status.MORE && moved && !in.exhausted()) {
      int before = in.at;
      State was = state;
      status =
          switch (was) {
            case NAME -> name(in);
            case KEY_OR_CLOSE -> keyOrClose(in);
            case VALUE -> value(in);
            case AFTER -> after(in);
          };
      moved = in.at != before || state != was;
    }
    if (out.length() > 0) {
      call.arguments(out);
      out.setLength(0);
    }
    return status;
  }

  private Status name(Input in) {
    int i = in.at;
    while (i < in.length() && isIdentifier(in.charAt(i))) {
      i++;
    }
    if (i - in.at > MAX_NAME) {
      return Status.FAILED;
    }
    if (i == in.length()) {
      return Status.MORE;
    }
    String name = in.substring(in.at, i);
    if (name.endsWith(".call")) {
      name = name.substring(0, name.length() - ".call".length());
    }
    if (in.charAt(i) != '(' || name.isEmpty() || !call.accepts(name)) {
      return Status.FAILED;
    }
    call.name(name);
    in.at = i + 1;
    state = State.KEY_OR_CLOSE;
    return Status.MORE;
  }

  private static boolean isIdentifier(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-';
  }

  private Status keyOrClose(Input in) {
    in.skipSpace();
    if (in.exhausted()) {
      return Status.MORE;
    }
    if (in.current() == ')') {
      return close(in);
    }
    int i = in.at;
    while (i < in.length() && isIdentifier(in.charAt(i))) {
      i++;
    }
    int equals = in.spaceEnd(i);
    if (equals - in.at > MAX_NAME) {
      return Status.FAILED;
    }
    if (equals == in.length()) {
      return Status.MORE;
    }
    String key;
    if (i > in.at && in.charAt(equals) == '=') {
      key = in.substring(in.at, i);
      in.at = equals + 1;
    } else {
      String name = call.name();
      @Nullable String declared = call.tools().argumentAt(name == null ? "" : name, count);
      key = declared == null ? "arg" + count : declared;
    }
    out.append(count++ == 0 ? "{" : ",");
    Json.quote(key, out);
    out.append(':');
    literal.reset();
    state = State.VALUE;
    return Status.MORE;
  }

  private Status value(Input in) {
    if (literal.first() == 0) {
      in.skipSpace();
    }
    while (!in.exhausted()) {
      Literal.Step step = literal.accept(in.current(), out);
      if (step == Literal.Step.WRONG) {
        return Status.FAILED;
      }
      if (step != Literal.Step.DONE_BEFORE) {
        in.at++;
      }
      if (step != Literal.Step.MORE) {
        state = State.AFTER;
        return Status.MORE;
      }
    }
    return Status.MORE;
  }

  private Status after(Input in) {
    in.skipSpace();
    if (in.exhausted()) {
      return Status.MORE;
    }
    if (in.current() == ',') {
      in.at++;
      state = State.KEY_OR_CLOSE;
      return Status.MORE;
    }
    return in.current() == ')' ? close(in) : Status.FAILED;
  }

  private Status close(Input in) {
    in.at++;
    out.append(count == 0 ? "{}" : "}");
    return Status.DONE;
  }
}
