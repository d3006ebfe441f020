package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The statements without a loop or macro. */
final class Statements {
  private Statements() {}

  /** Statements one after the other. */
  static final class Block extends Stmt {
    final List<Stmt> statements;

    Block(int position, List<Stmt> statements) {
      super(position);
      this.statements = statements;
    }

    @Override
    void children(Consumer<Node> visit) {
      statements.forEach(visit);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      for (Stmt s : statements) {
        scope.rendering.step();
        Flow flow = s.run(scope, out);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    }
  }

  /** Text of the template, and expressions between double braces. */
  static final class Output extends Stmt {
    private final List<Expr> parts;

    Output(int position, List<Expr> parts) {
      super(position);
      this.parts = parts;
    }

    @Override
    void children(Consumer<Node> visit) {
      parts.forEach(visit);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      for (Expr part : parts) {
        out.append(Values.str(scope.rendering, part.eval(scope)));
      }
      return Flow.NEXT;
    }
  }

  static final class If extends Stmt {
    private final Expr test;
    private final Block then;
    private final List<If> elifs;
    private final Block otherwise;

    If(int position, Expr test, Block then, List<If> elifs, Block otherwise) {
      super(position);
      this.test = test;
      this.then = then;
      this.elifs = elifs;
      this.otherwise = otherwise;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(test);
      visit.accept(then);
      elifs.forEach(visit);
      visit.accept(otherwise);
    }

    @Override
    void declare(Symbols symbols) {
      test.declare(symbols);
      Symbols first = symbols.branch();
      then.declare(first);
      Symbols second = symbols.branch();
      elifs.forEach(elif -> elif.declare(second));
      Symbols third = symbols.branch();
      otherwise.declare(third);
      symbols.join(List.of(first, second, third));
    }

    @Override
    void bind(Binder binder) {
      super.bind(binder.branch());
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      if (Values.truth(test.eval(scope))) {
        return then.run(scope, out);
      }
      for (If elif : elifs) {
        if (Values.truth(elif.test.eval(scope))) {
          return elif.then.run(scope, out);
        }
      }
      return otherwise.run(scope, out);
    }
  }

  static final class Assign extends Stmt {
    private final Targets target;
    private final Expr value;

    Assign(int position, Targets target, Expr value) {
      super(position);
      this.target = target;
      this.value = value;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(value);
      visit.accept(target);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      if (target instanceof Targets.AttributeTarget attribute) {
        attribute.check(scope);
      }
      Object v = value.eval(scope);
      scope.rendering.position = position;
      target.assign(scope, v);
      return Flow.NEXT;
    }
  }

  /** A block with a scope of its own. */
  abstract static class Scoped extends Stmt {
    final Block body;
    private Symbols.@Nullable Entry entry;
    private @Nullable Symbols symbols;

    Scoped(int position, Block body) {
      super(position);
      this.body = body;
    }

    /** What belongs to the nested scope beside the body, and is declared before it. */
    abstract List<? extends Node> within();

    /** Declares what {@link #within} holds. */
    void declareWithin(Symbols inner) {
      within().forEach(node -> node.declare(inner));
    }

    @Override
    void all(Consumer<Node> visit) {
      children(visit);
      visit.accept(body);
      within().forEach(visit);
    }

    @Override
    void bind(Binder binder) {
      super.bind(binder);
      Symbols inner = new Symbols(binder.symbols());
      declareWithin(inner);
      body.declare(inner);
      Binder nested = binder.inner(inner);
      within().forEach(node -> node.bind(nested));
      body.bind(nested);
      symbols = inner;
      entry = inner.entry();
    }

    Scope enter(Scope scope) {
      if (symbols == null || entry == null) {
        throw new IllegalStateException("A block was not bound.");
      }
      Scope inner = new Scope(scope.rendering, scope, symbols);
      entry.enter(inner);
      return inner;
    }
  }

  /** {@code {% set x %}…{% endset %}}. */
  static final class AssignBlock extends Scoped {
    private final Targets target;
    private final Accesses.@Nullable FilterCall filter;

    AssignBlock(int position, Targets target, Accesses.@Nullable FilterCall filter, Block body) {
      super(position, body);
      this.target = target;
      this.filter = filter;
    }

    @Override
    List<? extends Node> within() {
      return filter == null ? List.of() : List.of(filter);
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(target);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      Rendering r = scope.rendering;
      Scope inner = enter(scope);
      TextBuilder captured = r.builder();
      Flow flow = body.run(inner, captured);
      if (flow != Flow.NEXT) {
        return flow;
      }
      if (target instanceof Targets.AttributeTarget attribute) {
        attribute.check(scope);
      }
      Object value = r.build(captured);
      if (filter != null) {
        value = filter.apply(inner, value);
      }
      r.position = position;
      target.assign(scope, value);
      return Flow.NEXT;
    }
  }

  /** {@code {% filter f %}…{% endfilter %}}. */
  static final class FilterBlock extends Scoped {
    private final Accesses.FilterCall filter;

    FilterBlock(int position, Accesses.FilterCall filter, Block body) {
      super(position, body);
      this.filter = filter;
    }

    @Override
    List<? extends Node> within() {
      return List.of(filter);
    }

    @Override
    void declare(Symbols symbols) {
      filter.declare(symbols);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      Rendering r = scope.rendering;
      Scope inner = enter(scope);
      TextBuilder captured = r.builder();
      Flow flow = body.run(inner, captured);
      if (flow == Flow.NEXT) {
        Object text = filter.apply(inner, r.build(captured));
        if (!(text instanceof Text)) {
          throw new JinjaException(
              "sequence item 0: expected str instance, " + Values.typeName(text) + " found");
        }
        out.append((Text) text);
      }
      return flow;
    }
  }

  /** {@code {% with a = 1 %}…{% endwith %}}, and other blocks that only open a scope. */
  static final class With extends Scoped {
    private final List<Targets> targets;
    private final List<Expr> values;

    With(int position, List<Targets> targets, List<Expr> values, Block body) {
      super(position, body);
      this.targets = targets;
      this.values = values;
    }

    @Override
    List<? extends Node> within() {
      return targets;
    }

    @Override
    void all(Consumer<Node> visit) {
      values.forEach(visit);
      visit.accept(body);
    }

    @Override
    void declareWithin(Symbols inner) {
      targets.forEach(target -> target.parameters(inner));
    }

    @Override
    void children(Consumer<Node> visit) {
      values.forEach(visit);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      Scope inner = enter(scope);
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(inner, values.get(i).eval(scope));
      }
      return body.run(inner, out);
    }
  }

  /** {@code {% block name %}}: sees the context alone, not the scopes around it. */
  static final class NamedBlock extends Stmt {
    private final Block body;
    private Symbols symbols = new Symbols(null);
    private Symbols.Entry entry = symbols.entry();

    NamedBlock(int position, Block body) {
      super(position);
      this.body = body;
    }

    @Override
    void bind(Binder binder) {
      symbols = new Symbols(null);
      body.declare(symbols);
      body.bind(binder.inner(symbols, false));
      entry = symbols.entry();
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      Scope inner = new Scope(scope.rendering, null, symbols);
      entry.enter(inner);
      return body.run(inner, out);
    }
  }

  /** A statement that cannot be carried out; it fails when it is reached. */
  static final class Refused extends Stmt {
    private final String reason;

    Refused(int position, String reason) {
      super(position);
      this.reason = reason;
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      scope.rendering.position = position;
      throw new JinjaException(reason);
    }
  }

  /** {@code break} or {@code continue}. */
  static final class Jump extends Stmt {
    private final Flow flow;

    Jump(int position, Flow flow) {
      super(position);
      this.flow = flow;
    }

    @Override
    void bind(Binder binder) {
      if (!binder.loop()) {
        throw binder.error(
            flow == Flow.BREAK ? "'break' outside loop" : "'continue' not properly in loop",
            position);
      }
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      return flow;
    }
  }

  static Block empty(int position) {
    return new Block(position, new ArrayList<>());
  }
}
