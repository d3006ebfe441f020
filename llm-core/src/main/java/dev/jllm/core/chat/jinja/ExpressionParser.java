package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recursive descent over the expressions of Jinja2 3.1, in its order of precedence. */
final class ExpressionParser {
  /** Longest chain of operators of one kind; their evaluation nests. */
  private static final int MAX_CHAIN = 500;

  private final TokenStream stream;
  private final Map<String, Text> texts = new LinkedHashMap<>();

  ExpressionParser(TokenStream stream) {
    this.stream = stream;
  }

  Expr expression() {
    return expression(true);
  }

  Expr expression(boolean conditional) {
    stream.enter();
    Expr e = conditional ? conditional() : or();
    stream.leave();
    return e;
  }

  private void checkChain(int length) {
    if (length > MAX_CHAIN) {
      throw stream.error("An expression of more than " + MAX_CHAIN + " operators in a row.");
    }
  }

  private Expr conditional() {
    int position = stream.current().position();
    Expr e = or();
    for (int n = 0; stream.skipName("if"); n++) {
      checkChain(n);
      Expr test = or();
      Expr otherwise = null;
      if (stream.skipName("else")) {
        stream.enter();
        otherwise = conditional();
        stream.leave();
      }
      e = new Expressions.Conditional(position, test, e, otherwise);
    }
    return e;
  }

  private Expr or() {
    Expr left = and();
    for (int n = 0; stream.isName("or"); n++) {
      checkChain(n);
      int position = stream.next().position();
      left = new Expressions.Logical(position, false, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    for (int n = 0; stream.isName("and"); n++) {
      checkChain(n);
      int position = stream.next().position();
      left = new Expressions.Logical(position, true, left, not());
    }
    return left;
  }

  private Expr not() {
    if (stream.isName("not")) {
      int position = stream.next().position();
      stream.enter();
      Expr operand = not();
      stream.leave();
      return new Expressions.Not(position, operand);
    }
    return compare();
  }

  private @Nullable Comparison comparison() {
    Token token = stream.current();
    if (token.kind() == Token.Kind.OPERATOR) {
      return switch (token.text()) {
        case "==" -> Comparison.EQ;
        case "!=" -> Comparison.NE;
        case "<" -> Comparison.LT;
        case "<=" -> Comparison.LE;
        case ">" -> Comparison.GT;
        case ">=" -> Comparison.GE;
        default -> null;
      };
    } else if (token.isName("in")) {
      return Comparison.IN;
    } else if (token.isName("not") && stream.look().isName("in")) {
      stream.next();
      return Comparison.NOT_IN;
    }
    return null;
  }

  private Expr compare() {
    Expr first = sum();
    List<Comparison> operators = new ArrayList<>();
    List<Expr> operands = new ArrayList<>();
    int position = stream.current().position();
    for (Comparison op = comparison(); op != null; op = comparison()) {
      stream.next();
      operators.add(op);
      operands.add(sum());
    }
    return operators.isEmpty()
        ? first
        : new Expressions.Compare(position, first, operators, operands);
  }

  private Expr sum() {
    Expr left = concat();
    for (int n = 0; stream.isOperator("+") || stream.isOperator("-"); n++) {
      checkChain(n);
      Token sign = stream.next();
      Operation op = sign.text().equals("+") ? Operation.ADD : Operation.SUB;
      left = new Expressions.Binary(sign.position(), op, left, concat());
    }
    return left;
  }

  private Expr concat() {
    int position = stream.current().position();
    Expr first = product();
    if (!stream.isOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>();
    parts.add(first);
    while (stream.skipOperator("~")) {
      parts.add(product());
    }
    return new Expressions.Concat(position, parts);
  }

  private static @Nullable Operation productOperation(Token token) {
    if (token.kind() != Token.Kind.OPERATOR) {
      return null;
    }
    return switch (token.text()) {
      case "*" -> Operation.MUL;
      case "/" -> Operation.DIV;
      case "//" -> Operation.FLOORDIV;
      case "%" -> Operation.MOD;
      default -> null;
    };
  }

  private Expr product() {
    Expr left = power();
    int n = 0;
    for (Operation op = productOperation(stream.current());
        op != null;
        op = productOperation(stream.current())) {
      checkChain(n++);
      int position = stream.next().position();
      left = new Expressions.Binary(position, op, left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = unary(true);
    for (int n = 0; stream.isOperator("**"); n++) {
      checkChain(n);
      int position = stream.next().position();
      left = new Expressions.Binary(position, Operation.POW, left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean withFilter) {
    Expr e;
    if (stream.isOperator("-") || stream.isOperator("+")) {
      Token sign = stream.next();
      stream.enter();
      e = new Expressions.Signed(sign.position(), sign.text(), unary(false));
      stream.leave();
    } else {
      e = primary();
    }
    e = postfix(e);
    return withFilter ? filters(e) : e;
  }

  private Text text(String s) {
    return texts.computeIfAbsent(s, Text::trusted);
  }

  Expr primary() {
    Token token = stream.current();
    int position = token.position();
    switch (token.kind()) {
      case NAME -> {
        stream.next();
        return switch (token.text()) {
          case "true", "True" -> new Expressions.Constant(position, true);
          case "false", "False" -> new Expressions.Constant(position, false);
          case "none", "None" -> new Expressions.Constant(position, None.NONE);
          default -> new Expressions.Name(position, token.text());
        };
      }
      case STRING -> {
        StringBuilder s = new StringBuilder();
        while (stream.is(Token.Kind.STRING)) {
          s.append(stream.next().text());
        }
        return new Expressions.Constant(position, text(s.toString()));
      }
      case INTEGER -> {
        stream.next();
        return new Expressions.Constant(position, integer(token));
      }
      case FLOAT -> {
        stream.next();
        return new Expressions.Constant(position, Double.valueOf(token.text()));
      }
      default -> {}
    }
    if (stream.skipOperator("(")) {
      Expr e = tuple(false, true, null, true);
      stream.expectOperator(")");
      return e;
    } else if (stream.isOperator("[")) {
      return list();
    } else if (stream.isOperator("{")) {
      return dict();
    }
    throw stream.error("unexpected '" + token.describe() + "'");
  }

  private Object integer(Token token) {
    String s = token.text();
    if (s.length() > 4300) {
      throw stream.error("An integer of more than 4300 digits.", token.position());
    }
    int radix = 10;
    if (s.length() > 2 && s.charAt(0) == '0' && !Character.isDigit(s.charAt(1))) {
      radix =
          switch (s.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            default -> 2;
          };
      s = s.substring(2);
    }
    return Values.integer(new BigInteger(s, radix));
  }

  /**
   * Expressions separated by commas; without a comma, the expression itself.
   *
   * @param simple only names and literals, as in an assignment's target
   * @param endName a name that ends the tuple, or null
   */
  Expr tuple(boolean simple, boolean conditional, @Nullable String endName, boolean parentheses) {
    int position = stream.current().position();
    List<Expr> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        stream.expectOperator(",");
      }
      if (isTupleEnd(endName)) {
        break;
      }
      items.add(simple ? nestedPrimary() : expression(conditional));
      if (!stream.isOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple) {
      if (!items.isEmpty()) {
        return items.get(0);
      }
      if (!parentheses) {
        throw stream.error("Expected an expression, got '" + stream.current().describe() + "'");
      }
    }
    return new Expressions.Sequence(position, items, true);
  }

  private Expr nestedPrimary() {
    stream.enter();
    Expr e = primary();
    stream.leave();
    return e;
  }

  private boolean isTupleEnd(@Nullable String endName) {
    return stream.is(Token.Kind.VARIABLE_END)
        || stream.is(Token.Kind.BLOCK_END)
        || stream.isOperator(")")
        || (endName != null && stream.isName(endName));
  }

  private Expr list() {
    int position = stream.expectOperator("[").position();
    List<Expr> items = new ArrayList<>();
    while (!stream.isOperator("]")) {
      if (!items.isEmpty()) {
        stream.expectOperator(",");
        if (stream.isOperator("]")) {
          break;
        }
      }
      items.add(expression());
    }
    stream.expectOperator("]");
    return new Expressions.Sequence(position, items, false);
  }

  private Expr dict() {
    int position = stream.expectOperator("{").position();
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!stream.isOperator("}")) {
      if (!keys.isEmpty()) {
        stream.expectOperator(",");
        if (stream.isOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      stream.expectOperator(":");
      values.add(expression());
    }
    stream.expectOperator("}");
    return new Expressions.Dict(position, keys, values);
  }

  private Expr postfix(Expr start) {
    Expr e = start;
    for (int n = 0; ; n++) {
      checkChain(n);
      if (stream.isOperator(".") || stream.isOperator("[")) {
        e = subscript(e);
      } else if (stream.isOperator("(")) {
        e = call(e);
      } else {
        return e;
      }
    }
  }

  private Expr filters(Expr start) {
    Expr e = start;
    for (int n = 0; ; n++) {
      checkChain(n);
      if (stream.skipOperator("|")) {
        e = filter(e);
      } else if (stream.isName("is")) {
        e = test(e);
      } else if (stream.isOperator("(")) {
        e = call(e);
      } else {
        return e;
      }
    }
  }

  private Expr subscript(Expr owner) {
    Token open = stream.next();
    if (open.text().equals(".")) {
      Token name = stream.next();
      if (name.kind() == Token.Kind.NAME) {
        return new Accesses.Attribute(open.position(), owner, name.text());
      } else if (name.kind() != Token.Kind.INTEGER) {
        throw stream.error("expected name or number", name.position());
      }
      Expr index = new Expressions.Constant(name.position(), integer(name));
      return new Accesses.Item(open.position(), owner, index);
    }
    List<Expr> keys = new ArrayList<>();
    Expr slice = null;
    while (!stream.isOperator("]")) {
      if (!keys.isEmpty() || slice != null) {
        stream.expectOperator(",");
      }
      Expr key = stream.isOperator(":") ? null : expression();
      if (stream.isOperator(":")) {
        slice = slice(open.position(), owner, key);
      } else if (key != null) {
        keys.add(key);
      }
    }
    stream.expectOperator("]");
    if (slice != null) {
      if (!keys.isEmpty()) {
        throw stream.error("A slice among several subscripts", open.position());
      }
      return slice;
    }
    Expr key =
        keys.size() == 1 ? keys.get(0) : new Expressions.Sequence(open.position(), keys, true);
    return new Accesses.Item(open.position(), owner, key);
  }

  private Expr slice(int position, Expr owner, @Nullable Expr start) {
    stream.expectOperator(":");
    Expr stop = null;
    Expr step = null;
    if (!stream.isOperator(":") && !isSliceEnd()) {
      stop = expression();
    }
    if (stream.skipOperator(":") && !isSliceEnd()) {
      step = expression();
    }
    return new Accesses.Slice(position, owner, start, stop, step);
  }

  private boolean isSliceEnd() {
    return stream.isOperator("]") || stream.isOperator(",");
  }

  private Accesses.Call call(Expr function) {
    int position = stream.current().position();
    return new Accesses.Call(position, function, arguments());
  }

  private Accesses.Arguments arguments() {
    int position = stream.expectOperator("(").position();
    List<Expr> positional = new ArrayList<>();
    Map<String, Expr> named = new LinkedHashMap<>();
    Expr more = null;
    Expr moreNamed = null;
    boolean first = true;
    while (!stream.isOperator(")")) {
      if (!first) {
        stream.expectOperator(",");
        if (stream.isOperator(")")) {
          break;
        }
      }
      first = false;
      boolean valid = moreNamed == null;
      if (stream.skipOperator("*")) {
        valid &= more == null;
        more = expression();
      } else if (stream.skipOperator("**")) {
        moreNamed = expression();
      } else if (stream.is(Token.Kind.NAME) && stream.look().isOperator("=")) {
        String name = stream.next().text();
        stream.next();
        valid &= named.put(name, expression()) == null;
      } else {
        valid &= more == null && named.isEmpty();
        positional.add(expression());
      }
      if (!valid) {
        throw stream.error("invalid syntax for function call expression", position);
      }
    }
    stream.expectOperator(")");
    return new Accesses.Arguments(position, positional, named, more, moreNamed);
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(stream.expect(Token.Kind.NAME).text());
    while (stream.skipOperator(".")) {
      name.append('.').append(stream.expect(Token.Kind.NAME).text());
    }
    return name.toString();
  }

  private static Accesses.Arguments none(int position) {
    return new Accesses.Arguments(position, List.of(), Map.of(), null, null);
  }

  /** One filter, after its {@code |}. */
  Accesses.FilterCall filter(@Nullable Expr input) {
    int position = stream.current().position();
    String name = dottedName();
    Accesses.Arguments arguments = stream.isOperator("(") ? arguments() : none(position);
    return new Accesses.FilterCall(position, input, name, arguments);
  }

  private Expr test(Expr input) {
    int position = stream.next().position();
    boolean negated = stream.skipName("not");
    String name = dottedName();
    Accesses.Arguments arguments = none(position);
    if (stream.isOperator("(")) {
      arguments = arguments();
    } else if (startsOperand()) {
      if (stream.isName("is")) {
        throw stream.error("You cannot chain multiple tests with is");
      }
      List<Expr> operand = List.of(postfix(nestedPrimary()));
      arguments = new Accesses.Arguments(position, operand, Map.of(), null, null);
    }
    Expr test = new Accesses.TestCall(position, input, name, arguments);
    return negated ? new Expressions.Not(position, test) : test;
  }

  private boolean startsOperand() {
    Token token = stream.current();
    return switch (token.kind()) {
      case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      default -> false;
    };
  }
}
