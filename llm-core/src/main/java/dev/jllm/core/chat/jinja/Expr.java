package dev.jllm.core.chat.jinja;

/** An expression. */
abstract class Expr extends Node {
  Expr(int position) {
    super(position);
  }

  abstract Object eval(Scope scope);
}
