package dev.jllm.core.chat.jinja;

import java.util.List;

/** The tokens of a template, read one by one. */
final class TokenStream {
  private final Source source;
  private final List<Token> tokens;
  private int at;
  private int nesting;

  /** Deepest nesting of brackets and blocks; the parser recurses. */
  private static final int MAX_NESTING = 150;

  TokenStream(Source source) {
    this.source = source;
    tokens = Lexer.tokens(source);
  }

  Token current() {
    return tokens.get(at);
  }

  Token look() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean is(Token.Kind kind) {
    return current().kind() == kind;
  }

  boolean isName(String name) {
    return current().isName(name);
  }

  boolean isOperator(String sign) {
    return current().isOperator(sign);
  }

  boolean skipName(String name) {
    if (isName(name)) {
      next();
      return true;
    }
    return false;
  }

  boolean skipOperator(String sign) {
    if (isOperator(sign)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(Token.Kind kind) {
    if (!is(kind)) {
      throw unexpected(kind.description);
    }
    return next();
  }

  Token expectOperator(String sign) {
    if (!isOperator(sign)) {
      throw unexpected(sign);
    }
    return next();
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected(name);
    }
  }

  private JinjaException unexpected(String wanted) {
    if (is(Token.Kind.END)) {
      return error("unexpected end of template, expected '" + wanted + "'.");
    }
    return error("expected token '" + wanted + "', got '" + current().describe() + "'");
  }

  JinjaException error(String message) {
    return error(message, current().position());
  }

  JinjaException error(String message, int position) {
    return source.place(new JinjaException(message), position);
  }

  void enter() {
    if (++nesting > MAX_NESTING) {
      throw error("The template nests deeper than " + MAX_NESTING + ".");
    }
  }

  void leave() {
    nesting--;
  }
}
