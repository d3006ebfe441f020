package dev.jllm.core.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The statements of a template. */
final class Parser {
  private final TokenStream stream;
  private final ExpressionParser expressions;
  private final Deque<String> open = new ArrayDeque<>();
  private final Deque<List<String>> ends = new ArrayDeque<>();
  private final Set<String> blocks = new HashSet<>();

  Parser(Source source) {
    stream = new TokenStream(source);
    expressions = new ExpressionParser(stream);
  }

  /** The whole template. */
  Statements.Block parse() {
    return body(List.of());
  }

  /** Text and statements up to one of the {@code end} tags, which is the current token then. */
  private Statements.Block body(List<String> end) {
    stream.enter();
    List<Stmt> statements = new ArrayList<>();
    List<Expr> output = new ArrayList<>();
    int start = stream.current().position();
    if (!end.isEmpty()) {
      ends.push(end);
    }
    boolean ended = false;
    while (!ended && !stream.is(Token.Kind.END)) {
      Token token = stream.next();
      if (token.kind() == Token.Kind.DATA) {
        output.add(new Expressions.Constant(token.position(), Text.trusted(token.text())));
      } else if (token.kind() == Token.Kind.VARIABLE_BEGIN) {
        output.add(expressions.tuple(false, true, null, false));
        stream.expect(Token.Kind.VARIABLE_END);
      } else {
        flush(statements, output);
        ended = stream.is(Token.Kind.NAME) && end.contains(stream.current().text());
        if (!ended) {
          Stmt statement = statement();
          statements.add(statement);
          stream.expect(Token.Kind.BLOCK_END);
        }
      }
    }
    flush(statements, output);
    if (!ended && !end.isEmpty()) {
      throw stream.error("Unexpected end of template." + looking());
    }
    if (!end.isEmpty()) {
      ends.pop();
    }
    stream.leave();
    return new Statements.Block(start, statements);
  }

  private static void flush(List<Stmt> statements, List<Expr> output) {
    if (!output.isEmpty()) {
      statements.add(new Statements.Output(output.get(0).position, new ArrayList<>(output)));
      output.clear();
    }
  }

  private String looking() {
    StringBuilder s = new StringBuilder();
    if (!ends.isEmpty()) {
      s.append(" Jinja was looking for the following tags: '");
      s.append(String.join("' or '", ends.peek())).append("'.");
    }
    if (!open.isEmpty()) {
      s.append(" The innermost block that needs to be closed is '").append(open.peek());
      s.append("'.");
    }
    return s.toString();
  }

  private JinjaException unknownTag(Token token) {
    String name = token.text();
    String message = "Encountered unknown tag '" + name + "'.";
    boolean misplaced = ends.stream().anyMatch(end -> end.contains(name));
    if (misplaced && !ends.isEmpty()) {
      message +=
          " You probably made a nesting mistake. Jinja is expecting this tag, but currently"
              + " looking for '"
              + String.join("' or '", ends.peek())
              + "'.";
      if (!open.isEmpty()) {
        message += " The innermost block that needs to be closed is '" + open.peek() + "'.";
      }
      return stream.error(message, token.position());
    }
    return stream.error(message + looking(), token.position());
  }

  private Stmt statement() {
    Token token = stream.current();
    if (token.kind() != Token.Kind.NAME) {
      throw stream.error("tag name expected");
    }
    int position = token.position();
    open.push(token.text());
    Stmt statement =
        switch (token.text()) {
          case "if" -> ifStatement();
          case "for" -> forStatement();
          case "set" -> set();
          case "macro" -> macro();
          case "call" -> callBlock();
          case "filter" -> filterBlock();
          case "with" -> with();
          case "print" -> print();
          case "generation" -> generation();
          case "autoescape" -> autoescape();
          case "block" -> block();
          case "break" -> jump(Stmt.Flow.BREAK);
          case "continue" -> jump(Stmt.Flow.CONTINUE);
          case "include", "import", "from", "extends" -> refused(position, token.text());
          default -> {
            open.pop();
            throw unknownTag(token);
          }
        };
    open.pop();
    return statement;
  }

  /** What follows a tag's head: the rest of the tag, the body, the name of the end tag. */
  private Statements.Block blockBody(String... end) {
    stream.skipOperator(":");
    stream.expect(Token.Kind.BLOCK_END);
    return body(List.of(end));
  }

  private Statements.Block closedBody(String end) {
    Statements.Block body = blockBody(end);
    stream.next();
    return body;
  }

  private Stmt ifStatement() {
    int position = stream.next().position();
    Expr test = expressions.tuple(false, false, null, false);
    Statements.Block then = blockBody("elif", "else", "endif");
    List<Statements.If> elifs = new ArrayList<>();
    Statements.Block otherwise = Statements.empty(position);
    while (true) {
      Token tag = stream.next();
      if (tag.isName("elif")) {
        Expr condition = expressions.tuple(false, false, null, false);
        Statements.Block body = blockBody("elif", "else", "endif");
        elifs.add(
            new Statements.If(
                tag.position(), condition, body, List.of(), Statements.empty(position)));
        continue;
      }
      if (tag.isName("else")) {
        otherwise = closedBody("endif");
      }
      return new Statements.If(position, test, then, elifs, otherwise);
    }
  }

  private Stmt forStatement() {
    int position = stream.next().position();
    Targets target = target("in");
    stream.expectName("in");
    Expr items = expressions.tuple(false, false, "recursive", false);
    Expr test = stream.skipName("if") ? expressions.expression() : null;
    boolean recursive = stream.skipName("recursive");
    Statements.Block body = blockBody("endfor", "else");
    Statements.Block otherwise = Statements.empty(position);
    if (stream.next().isName("else")) {
      otherwise = closedBody("endfor");
    }
    return new For(position, target, items, test, recursive, body, otherwise);
  }

  /** A name or a tuple of targets. */
  private Targets target(@Nullable String endName) {
    return target(expressions.tuple(true, true, endName, false));
  }

  private Targets target(Expr e) {
    if (e instanceof Expressions.Name name) {
      return nameTarget(name.position, name.name);
    } else if (e instanceof Expressions.Sequence s && s.isTuple()) {
      List<Targets> items = new ArrayList<>();
      s.items.forEach(item -> items.add(target(item)));
      return new Targets.TupleTarget(e.position, items);
    }
    String kind =
        e instanceof Expressions.Constant
            ? "const"
            : e instanceof Expressions.Dict ? "dict" : "list";
    throw stream.error("can't assign to '" + kind + "'", e.position);
  }

  private Targets.NameTarget nameTarget(int position, String name) {
    switch (name) {
      case "true", "false", "none", "True", "False", "None" ->
          throw stream.error("can't assign to 'const'", position);
      default -> {
        return new Targets.NameTarget(position, name);
      }
    }
  }

  private Targets.NameTarget nameTarget() {
    Token name = stream.expect(Token.Kind.NAME);
    return nameTarget(name.position(), name.text());
  }

  private Stmt set() {
    int position = stream.next().position();
    Targets target;
    if (stream.look().isOperator(".")) {
      Token namespace = stream.expect(Token.Kind.NAME);
      stream.next();
      String attribute = stream.expect(Token.Kind.NAME).text();
      target = new Targets.AttributeTarget(namespace.position(), namespace.text(), attribute);
    } else {
      target = target((String) null);
    }
    if (stream.skipOperator("=")) {
      return new Statements.Assign(position, target, expressions.tuple(false, true, null, false));
    }
    Accesses.FilterCall filter = null;
    while (stream.skipOperator("|")) {
      filter = expressions.filter(filter);
    }
    return new Statements.AssignBlock(position, target, filter, closedBody("endset"));
  }

  /** The parameters of a macro or call block: names, with the defaults of the last ones. */
  private void signature(List<String> names, List<Expr> defaults) {
    stream.expectOperator("(");
    while (!stream.isOperator(")")) {
      if (!names.isEmpty()) {
        stream.expectOperator(",");
      }
      String name = nameTarget().name;
      if (stream.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw stream.error("non-default argument follows default argument");
      }
      names.add(name);
    }
    stream.expectOperator(")");
  }

  private Stmt macro() {
    int position = stream.next().position();
    String name = nameTarget().name;
    List<String> names = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    signature(names, defaults);
    Statements.Block body = closedBody("endmacro");
    return new MacroDefinition.MacroStatement(
        position, name, new MacroDefinition(position, name, names, defaults, body));
  }

  private Stmt callBlock() {
    int position = stream.next().position();
    List<String> names = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    if (stream.isOperator("(")) {
      signature(names, defaults);
    }
    if (!(expressions.expression() instanceof Accesses.Call call)) {
      throw stream.error("expected call", position);
    }
    Statements.Block body = closedBody("endcall");
    return new MacroDefinition.CallBlock(
        position, call, new MacroDefinition(position, null, names, defaults, body));
  }

  private Stmt filterBlock() {
    int position = stream.next().position();
    Accesses.FilterCall filter = expressions.filter(null);
    while (stream.skipOperator("|")) {
      filter = expressions.filter(filter);
    }
    return new Statements.FilterBlock(position, filter, closedBody("endfilter"));
  }

  private Stmt with() {
    int position = stream.next().position();
    List<Targets> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!stream.is(Token.Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        stream.expectOperator(",");
      }
      targets.add(target((String) null));
      stream.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Statements.With(position, targets, values, closedBody("endwith"));
  }

  private Stmt print() {
    int position = stream.next().position();
    List<Expr> parts = new ArrayList<>();
    while (!stream.is(Token.Kind.BLOCK_END)) {
      if (!parts.isEmpty()) {
        stream.expectOperator(",");
      }
      parts.add(expressions.expression());
    }
    return new Statements.Output(position, parts);
  }

  /** Marks what the model wrote; for rendering it is a scope. */
  private Stmt generation() {
    int position = stream.next().position();
    Statements.Block body = closedBody("endgeneration");
    return new MacroDefinition.Immediate(
        position, new MacroDefinition(position, null, List.of(), List.of(), body));
  }

  private Stmt autoescape() {
    int position = stream.next().position();
    Expr mode = expressions.expression();
    Statements.Block body = closedBody("endautoescape");
    if (mode instanceof Expressions.Constant c && !Values.truth(c.value)) {
      return new Statements.With(position, List.of(), List.of(), body);
    }
    return new Statements.Refused(position, "Automatic escaping is not offered: use filter 'e'.");
  }

  private Stmt block() {
    int position = stream.next().position();
    String name = stream.expect(Token.Kind.NAME).text();
    if (!blocks.add(name)) {
      throw stream.error("block '" + name + "' defined twice", position);
    }
    boolean scoped = stream.skipName("scoped");
    stream.skipName("required");
    if (stream.isOperator("-")) {
      throw stream.error(
          "Block names in Jinja have to be valid Python identifiers and may not contain hyphens,"
              + " use an underscore instead.");
    }
    Statements.Block body = closedBody("endblock");
    stream.skipName(name);
    if (scoped) {
      return new Statements.With(position, List.of(), List.of(), body);
    }
    return new Statements.NamedBlock(position, body);
  }

  private Stmt jump(Stmt.Flow flow) {
    return new Statements.Jump(stream.next().position(), flow);
  }

  private Stmt refused(int position, String tag) {
    while (!stream.is(Token.Kind.BLOCK_END)) {
      if (stream.is(Token.Kind.END)) {
        throw stream.error("unexpected end of template, expected 'end of statement block'.");
      }
      stream.next();
    }
    return new Statements.Refused(
        position, "'" + tag + "' is refused: a chat template stands alone, there are no others.");
  }
}
