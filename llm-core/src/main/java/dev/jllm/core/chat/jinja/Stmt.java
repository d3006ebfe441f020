package dev.jllm.core.chat.jinja;

/** A statement, or text of the template. */
abstract class Stmt extends Node {
  /** How execution goes on. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Stmt(int position) {
    super(position);
  }

  abstract Flow run(Scope scope, TextBuilder out);
}
