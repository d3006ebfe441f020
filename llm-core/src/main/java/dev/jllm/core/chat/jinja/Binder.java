package dev.jllm.core.chat.jinja;

/**
 * Where a node stands, while names are bound.
 *
 * @param symbols the names of its scope
 * @param soft within a branch: an unknown filter fails only if it is reached
 * @param topLevel assignments here are seen by every macro
 * @param loop within the body of a loop: {@code break} and {@code continue} are possible
 */
record Binder(Source source, Symbols symbols, boolean soft, boolean topLevel, boolean loop) {
  Binder branch() {
    return new Binder(source, symbols, true, topLevel, loop);
  }

  /** A nested scope in the same flow of control. */
  Binder inner(Symbols inner) {
    return new Binder(source, inner, false, false, loop);
  }

  Binder inner(Symbols inner, boolean loop) {
    return new Binder(source, inner, false, false, loop);
  }

  JinjaException error(String message, int position) {
    return source.place(new JinjaException(message), position);
  }
}
