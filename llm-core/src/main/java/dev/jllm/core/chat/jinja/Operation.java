package dev.jllm.core.chat.jinja;

/** The arithmetic operators. */
enum Operation {
  ADD("+"),
  SUB("-"),
  MUL("*"),
  DIV("/"),
  FLOORDIV("//"),
  MOD("%"),
  POW("**");

  final String sign;

  Operation(String sign) {
    this.sign = sign;
  }
}
