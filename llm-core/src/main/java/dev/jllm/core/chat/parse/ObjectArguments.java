package dev.jllm.core.chat.parse;

/** Arguments that are an object's literal, handed on as they come. */
final class ObjectArguments implements CallReader {
  private final CallSink call;
  private final Literal literal;
  private final StringBuilder out = new StringBuilder();

  ObjectArguments(CallSink call, String stringMark) {
    this.call = call;
    this.literal = new Literal(stringMark);
  }

  @Override
  public Status read(Input in) {
    Status status = Status.MORE;
    while (status == Status.MORE && !in.exhausted()) {
      char c = in.current();
      if (literal.first() == 0) {
        if (Literal.isSpace(c)) {
          in.at++;
          continue;
        }
        if (c != '{') {
          return Status.FAILED;
        }
      }
      Literal.Step step = literal.accept(c, out);
      if (step == Literal.Step.WRONG) {
        status = Status.FAILED;
      } else {
        in.at++;
        status = step == Literal.Step.MORE ? Status.MORE : Status.DONE;
      }
    }
    if (out.length() > 0) {
      call.arguments(out);
      out.setLength(0);
    }
    return status;
  }
}
