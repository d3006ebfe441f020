package dev.jllm.core.chat.parse;

import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;
import org.jspecify.annotations.Nullable;

/**
 * A call that is one object: {@code {"name": "f", "arguments": {…}, "id": "…"}}, with the usual
 * other names of these keys, within a {@code "function"} object or not, or {@code {"f": {…}}}.
 * Arguments are handed on as they come once the name is known.
 */
final class JsonCall implements CallReader {
  private enum State {
    OPEN,
    KEY_OR_CLOSE,
    KEY,
    COLON,
    VALUE,
    AFTER
  }

  private enum Role {
    NAME,
    ARGUMENTS,
    ID,
    WRAPPER,
    OTHER
  }

  private final CallSink call;
  private final Literal literal = new Literal("");
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder held = new StringBuilder();
  private State state = State.OPEN;
  private Role role = Role.OTHER;
  private String key = "";
  private int depth;
  private boolean streams;
  private boolean hasArguments;

  JsonCall(CallSink call) {
    this.call = call;
  }

  @Override
  public Status read(Input in) {
    while (!in.exhausted()) {
      Status status = accept(in.current(), in);
      if (status != Status.MORE) {
        return status;
      }
    }
    flush();
    return Status.MORE;
  }

  private Status accept(char c, Input in) {
    if (state == State.VALUE) {
      return value(c, in);
    }
    if (state == State.KEY) {
      return key(c, in);
    }
    in.at++;
    if (Literal.isSpace(c)) {
      return Status.MORE;
    }
    if (state == State.OPEN && c == '{') {
      depth++;
      state = State.KEY_OR_CLOSE;
    } else if ((state == State.KEY_OR_CLOSE || state == State.AFTER) && c == '}') {
      return close();
    } else if (state == State.KEY_OR_CLOSE && (c == '"' || c == '\'')) {
      in.at--;
      state = State.KEY;
      literal.reset();
      out.setLength(0);
    } else if (state == State.AFTER && c == ',') {
      state = State.KEY_OR_CLOSE;
    } else if (state == State.COLON && c == ':') {
      startValue();
    } else {
      in.at--;
      return Status.FAILED;
    }
    return Status.MORE;
  }

  private Status key(char c, Input in) {
    in.at++;
    Literal.Step step = literal.accept(c, out);
    if (step == Literal.Step.DONE) {
      key = string(out);
      state = State.COLON;
    }
    return step == Literal.Step.WRONG ? Status.FAILED : Status.MORE;
  }

  private void startValue() {
    state = State.VALUE;
    literal.reset();
    out.setLength(0);
    streams = false;
    role =
        switch (key) {
          case "name", "tool_name", "function_name", "tool" -> Role.NAME;
          case "arguments", "parameters", "args", "params", "input" -> Role.ARGUMENTS;
          case "id", "tool_call_id", "call_id" -> Role.ID;
          case "function" -> Role.WRAPPER;
          default -> Role.OTHER;
        };
    if (role == Role.ARGUMENTS && hasArguments) {
      role = Role.OTHER;
    } else if (role == Role.OTHER && call.name() == null && call.tools().offers(key)) {
      call.name(key);
      role = Role.ARGUMENTS;
    }
  }

  private Status value(char c, Input in) {
    if (role == Role.WRAPPER && literal.first() == 0 && c == '{' && depth == 1) {
      in.at++;
      depth++;
      state = State.KEY_OR_CLOSE;
      return Status.MORE;
    }
    if (literal.first() == 0 && Literal.isSpace(c)) {
      in.at++;
      return Status.MORE;
    }
    Literal.Step step = literal.accept(c, out);
    if (step == Literal.Step.WRONG) {
      flush();
      return Status.FAILED;
    }
    if (step != Literal.Step.DONE_BEFORE) {
      in.at++;
    }
    if (role == Role.ARGUMENTS && literal.first() == '{') {
      hasArguments = true;
      streams = call.name() != null;
    }
    return step == Literal.Step.MORE ? Status.MORE : endValue();
  }

  private Status endValue() {
    state = State.AFTER;
    switch (role) {
      case NAME, WRAPPER -> {
        if (literal.first() == '"' || literal.first() == '\'') {
          String name = string(out);
          if (call.name() == null) {
            if (!call.accepts(name)) {
              return Status.FAILED;
            }
            call.name(name);
            call.arguments(held);
            held.setLength(0);
          }
        } else if (role == Role.NAME) {
          return Status.FAILED;
        }
      }
      case ARGUMENTS -> endArguments();
      case ID ->
          call.id(literal.first() == '"' || literal.first() == '\'' ? string(out) : out.toString());
      case OTHER -> {
        // Such as "type": "function", or a model's own notes.
      }
    }
    out.setLength(0);
    streams = false;
    return Status.MORE;
  }

  /** Arguments may also come as a string of JSON; what is no object counts as none. */
  private void endArguments() {
    if (literal.first() == '{') {
      flush();
      if (!streams) {
        held.append(out);
      }
      return;
    }
    String inner = literal.first() == '"' || literal.first() == '\'' ? string(out) : "";
    String json = inner.trim().startsWith("{") ? Literal.toJson(inner) : null;
    if (json != null && !hasArguments) {
      hasArguments = true;
      if (call.name() == null) {
        held.append(json);
      } else {
        call.arguments(json);
      }
    }
  }

  private Status close() {
    if (--depth > 0) {
      state = State.AFTER;
      return Status.MORE;
    }
    if (call.name() == null) {
      return Status.FAILED;
    }
    if (!hasArguments) {
      call.arguments("{}");
    }
    return Status.DONE;
  }

  private void flush() {
    if (streams && out.length() > 0) {
      call.arguments(out);
      out.setLength(0);
    }
  }

  private static String string(StringBuilder json) {
    return string(json.toString());
  }

  static String string(String json) {
    try {
      @Nullable Object value = Json.parse(json);
      return value instanceof String text ? text : String.valueOf(value);
    } catch (JsonException e) {
      return json;
    }
  }
}
