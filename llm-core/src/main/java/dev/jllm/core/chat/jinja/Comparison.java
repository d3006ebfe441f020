package dev.jllm.core.chat.jinja;

/** The comparison operators. */
enum Comparison {
  EQ("=="),
  NE("!="),
  LT("<"),
  LE("<="),
  GT(">"),
  GE(">="),
  IN("in"),
  NOT_IN("not in");

  final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  /** Whether an ordering holds, given the sign of the comparison. */
  boolean holds(int order) {
    return switch (this) {
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
      case EQ -> order == 0;
      default -> order != 0;
    };
  }
}
