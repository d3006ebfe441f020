package dev.jllm.core.chat.jinja;

/**
 * A piece of a template.
 *
 * @param text the operator, name, digits, or the decoded string or data
 * @param position where it starts, in code units
 */
record Token(Kind kind, String text, int position) {
  enum Kind {
    DATA("template data / text"),
    BLOCK_BEGIN("begin of statement block"),
    BLOCK_END("end of statement block"),
    VARIABLE_BEGIN("begin of print statement"),
    VARIABLE_END("end of print statement"),
    NAME("name"),
    STRING("string"),
    INTEGER("integer"),
    FLOAT("float"),
    OPERATOR("operator"),
    END("end of template");

    final String description;

    Kind(String description) {
      this.description = description;
    }
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String sign) {
    return kind == Kind.OPERATOR && text.equals(sign);
  }

  String describe() {
    return kind == Kind.NAME || kind == Kind.OPERATOR ? text : kind.description;
  }
}
