package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The expressions of literals, names and operators. */
final class Expressions {
  private Expressions() {}

  static final class Constant extends Expr {
    final Object value;

    Constant(int position, Object value) {
      super(position);
      this.value = value;
    }

    @Override
    Object eval(Scope scope) {
      return value;
    }
  }

  static final class Name extends Expr {
    final String name;
    private int hops;
    private int slot;

    Name(int position, String name) {
      super(position);
      this.name = name;
    }

    @Override
    void declare(Symbols symbols) {
      symbols.read(name);
    }

    @Override
    void bind(Binder binder) {
      long place = binder.symbols().find(name);
      hops = (int) (place >> 32);
      slot = (int) place;
    }

    @Override
    boolean reads(String name) {
      return this.name.equals(name);
    }

    @Override
    Object eval(Scope scope) {
      Object value = scope.get(hops, slot);
      return value != null ? value : Undefined.name(name);
    }
  }

  /** A list or tuple display. */
  static final class Sequence extends Expr {
    final List<Expr> items;
    private final boolean tuple;

    Sequence(int position, List<Expr> items, boolean tuple) {
      super(position);
      this.items = items;
      this.tuple = tuple;
    }

    boolean isTuple() {
      return tuple;
    }

    @Override
    void children(Consumer<Node> visit) {
      items.forEach(visit);
    }

    @Override
    Object eval(Scope scope) {
      List<Object> values = new ArrayList<>(items.size());
      for (Expr item : items) {
        values.add(item.eval(scope));
      }
      scope.rendering.allocate(values.size());
      return tuple ? TupleValue.of(values) : new ListValue(values);
    }
  }

  static final class Dict extends Expr {
    private final List<Expr> keys;
    private final List<Expr> values;

    Dict(int position, List<Expr> keys, List<Expr> values) {
      super(position);
      this.keys = keys;
      this.values = values;
    }

    @Override
    void children(Consumer<Node> visit) {
      keys.forEach(visit);
      values.forEach(visit);
    }

    @Override
    Object eval(Scope scope) {
      DictValue dict = new DictValue();
      for (int i = 0; i < keys.size(); i++) {
        Object key = keys.get(i).eval(scope);
        Object value = values.get(i).eval(scope);
        scope.rendering.position = position;
        dict.put(key, value);
      }
      scope.rendering.allocate(dict.size());
      return dict;
    }
  }

  static final class Binary extends Expr {
    private final Operation operation;
    private final Expr left;
    private final Expr right;

    Binary(int position, Operation operation, Expr left, Expr right) {
      super(position);
      this.operation = operation;
      this.left = left;
      this.right = right;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(left);
      visit.accept(right);
    }

    @Override
    Object eval(Scope scope) {
      Object a = left.eval(scope);
      Object b = right.eval(scope);
      scope.rendering.position = position;
      return Operators.binary(scope.rendering, operation, a, b);
    }
  }

  /** {@code -x} and {@code +x}. */
  static final class Signed extends Expr {
    private final String sign;
    private final Expr operand;

    Signed(int position, String sign, Expr operand) {
      super(position);
      this.sign = sign;
      this.operand = operand;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(operand);
    }

    @Override
    Object eval(Scope scope) {
      Object value = operand.eval(scope);
      scope.rendering.position = position;
      return Operators.negative(value, sign);
    }
  }

  static final class Not extends Expr {
    private final Expr operand;

    Not(int position, Expr operand) {
      super(position);
      this.operand = operand;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(operand);
    }

    @Override
    Object eval(Scope scope) {
      return !Values.truth(operand.eval(scope));
    }
  }

  /** {@code a and b} or {@code a or b}: gives one of the operands. */
  static final class Logical extends Expr {
    private final boolean and;
    private final Expr left;
    private final Expr right;

    Logical(int position, boolean and, Expr left, Expr right) {
      super(position);
      this.and = and;
      this.left = left;
      this.right = right;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(left);
      visit.accept(right);
    }

    @Override
    Object eval(Scope scope) {
      Object a = left.eval(scope);
      return Values.truth(a) == and ? right.eval(scope) : a;
    }
  }

  /** {@code a ~ b ~ c}. */
  static final class Concat extends Expr {
    private final List<Expr> parts;

    Concat(int position, List<Expr> parts) {
      super(position);
      this.parts = parts;
    }

    @Override
    void children(Consumer<Node> visit) {
      parts.forEach(visit);
    }

    @Override
    Object eval(Scope scope) {
      Rendering r = scope.rendering;
      TextBuilder b = r.builder();
      for (Expr part : parts) {
        b.append(Values.str(r, part.eval(scope)));
      }
      r.position = position;
      return r.build(b);
    }
  }

  /** {@code a < b <= c}. */
  static final class Compare extends Expr {
    private final Expr first;
    private final List<Comparison> operators;
    private final List<Expr> operands;

    Compare(int position, Expr first, List<Comparison> operators, List<Expr> operands) {
      super(position);
      this.first = first;
      this.operators = operators;
      this.operands = operands;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(first);
      operands.forEach(visit);
    }

    @Override
    Object eval(Scope scope) {
      Object left = first.eval(scope);
      for (int i = 0; i < operands.size(); i++) {
        Object right = operands.get(i).eval(scope);
        scope.rendering.position = position;
        if (!Operators.compare(scope.rendering, operators.get(i), left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    }
  }

  /** {@code a if test else b}. */
  static final class Conditional extends Expr {
    private final Expr test;
    private final Expr then;
    private final @Nullable Expr otherwise;

    Conditional(int position, Expr test, Expr then, @Nullable Expr otherwise) {
      super(position);
      this.test = test;
      this.then = then;
      this.otherwise = otherwise;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(test);
      visit.accept(then);
      if (otherwise != null) {
        visit.accept(otherwise);
      }
    }

    @Override
    void bind(Binder binder) {
      super.bind(binder.branch());
    }

    @Override
    Object eval(Scope scope) {
      if (Values.truth(test.eval(scope))) {
        return then.eval(scope);
      }
      return otherwise != null
          ? otherwise.eval(scope)
          : Undefined.hint(
              "the inline if-expression evaluated to false and no else section was defined.");
    }
  }
}
