package dev.jllm.core.chat.jinja;

/** Something a template can call. */
interface Callable {
  Object call(Rendering r, Args args);

  /** A function or bound method of the engine. */
  record Function(String name, String repr, Callable body) implements Callable {
    static Function of(String name, Callable body) {
      return new Function(name, "<function " + name + ">", body);
    }

    @Override
    public Object call(Rendering r, Args args) {
      return body.call(r, args);
    }
  }
}
