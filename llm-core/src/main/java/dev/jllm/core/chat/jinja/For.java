package dev.jllm.core.chat.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code {% for target in items if test recursive %}…{% else %}…{% endfor %}}. */
final class For extends Stmt {
  private final Targets target;
  private final Targets testTarget;
  private final Expr items;
  private final @Nullable Expr test;
  private final boolean recursive;
  private final Statements.Block body;
  private final Statements.Block otherwise;

  private Symbols bodySymbols = new Symbols(null);
  private Symbols testSymbols = bodySymbols;
  private Symbols elseSymbols = bodySymbols;
  private Symbols.Entry bodyEntry = bodySymbols.entry();
  private Symbols.Entry testEntry = bodyEntry;
  private Symbols.Entry elseEntry = bodyEntry;
  // Where the body finds its loop variable, or -1 if it does not look.
  private int loopSlot = -1;

  For(
      int position,
      Targets target,
      Expr items,
      @Nullable Expr test,
      boolean recursive,
      Statements.Block body,
      Statements.Block otherwise) {
    super(position);
    this.target = target;
    this.testTarget = target.copy();
    this.items = items;
    this.test = test;
    this.recursive = recursive;
    this.body = body;
    this.otherwise = otherwise;
  }

  @Override
  void children(Consumer<Node> visit) {
    visit.accept(items);
  }

  @Override
  void all(Consumer<Node> visit) {
    visit.accept(items);
    visit.accept(target);
    if (test != null) {
      visit.accept(test);
    }
    visit.accept(body);
    visit.accept(otherwise);
  }

  @Override
  void bind(Binder binder) {
    items.bind(binder);
    refuseLoopTargets(binder, this);

    bodySymbols = new Symbols(binder.symbols());
    if (recursive || body.reads("loop")) {
      loopSlot = bodySymbols.parameter("loop");
    }
    target.parameters(bodySymbols);
    body.declare(bodySymbols);
    elseSymbols = new Symbols(binder.symbols());
    otherwise.declare(elseSymbols);
    testSymbols = new Symbols(binder.symbols());

    Binder inBody = binder.inner(bodySymbols, true);
    target.bind(inBody);
    body.bind(inBody);
    otherwise.bind(binder.inner(elseSymbols, binder.loop() && !recursive));
    if (test != null) {
      testTarget.parameters(testSymbols);
      test.declare(testSymbols);
      Binder inTest = binder.inner(testSymbols, false);
      testTarget.bind(inTest);
      test.bind(inTest);
    }
    bodyEntry = bodySymbols.entry();
    testEntry = testSymbols.entry();
    elseEntry = elseSymbols.entry();
  }

  private static void refuseLoopTargets(Binder binder, Node node) {
    node.all(
        child -> {
          if (child instanceof Targets t) {
            t.checkLoop(binder);
          } else if (!(child instanceof For)) {
            refuseLoopTargets(binder, child);
          }
        });
  }

  @Override
  Flow run(Scope scope, TextBuilder out) {
    Object iterable = items.eval(scope);
    scope.rendering.position = position;
    if (recursive) {
      out.append(recurse(scope, iterable, 0));
      return Flow.NEXT;
    }
    return loop(scope, out, iterable, 0);
  }

  /** The text of a recursive loop over {@code iterable}. */
  Text recurse(Scope scope, Object iterable, int depth0) {
    Rendering r = scope.rendering;
    r.enter();
    TextBuilder out = r.builder();
    loop(scope, out, iterable, depth0);
    r.leave();
    return r.build(out);
  }

  private Flow loop(Scope scope, TextBuilder out, Object iterable, int depth0) {
    Rendering r = scope.rendering;
    Iterator<Object> it = Values.iterate(r, iterable);
    int size = Values.size(iterable);
    if (test != null) {
      it = tested(scope, it, test);
      size = -1;
    }
    Scope inner = new Scope(r, scope, bodySymbols);
    LoopVariable loop =
        loopSlot < 0
            ? null
            : new LoopVariable(it, size, recursive ? this : null, recursive ? scope : null, depth0);
    // As in Jinja, a round that ends early counts as none for the else branch.
    boolean none = true;
    while (loop != null ? loop.hasNext() : it.hasNext()) {
      r.step();
      Object item = loop != null ? loop.next() : it.next();
      r.position = position;
      target.assign(inner, item);
      bodyEntry.enter(inner);
      if (loop != null) {
        inner.slots[loopSlot] = loop;
      }
      Flow flow = body.run(inner, out);
      if (flow == Flow.BREAK) {
        break;
      }
      none &= flow == Flow.CONTINUE;
    }
    bodyEntry.leave(inner);
    if (none && !otherwise.statements.isEmpty()) {
      Scope elseScope = new Scope(r, scope, elseSymbols);
      elseEntry.enter(elseScope);
      return otherwise.run(elseScope, out);
    }
    return Flow.NEXT;
  }

  private Iterator<Object> tested(Scope scope, Iterator<Object> it, Expr condition) {
    Rendering r = scope.rendering;
    return new Iterator<>() {
      private @Nullable Scope inner;
      private @Nullable Object next;

      @Override
      public boolean hasNext() {
        while (next == null && it.hasNext()) {
          if (inner == null) {
            inner = new Scope(r, scope, testSymbols);
            testEntry.enter(inner);
          }
          r.step();
          Object item = it.next();
          testTarget.assign(inner, item);
          if (Values.truth(condition.eval(inner))) {
            next = item;
          }
        }
        return next != null;
      }

      @Override
      public Object next() {
        if (!hasNext() || next == null) {
          throw new NoSuchElementException();
        }
        Object item = next;
        next = null;
        return item;
      }
    };
  }
}
