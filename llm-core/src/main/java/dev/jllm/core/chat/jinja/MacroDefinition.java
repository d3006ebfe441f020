package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parameters and body of a macro or call block, and how it runs. */
final class MacroDefinition extends Node {
  final @Nullable String name;
  final List<String> parameters;
  boolean readsCaller;
  boolean takesNamed;
  boolean takesMore;

  private final List<Expr> defaults;
  private final Statements.Block body;
  private Symbols symbols = new Symbols(null);
  private Symbols.Entry entry = symbols.entry();
  private int[] slots = {};
  private int callerSlot = -1;
  private int namedSlot = -1;
  private int moreSlot = -1;

  /**
   * @param name null for a call block
   * @param defaults of the last parameters
   */
  MacroDefinition(
      int position,
      @Nullable String name,
      List<String> parameters,
      List<Expr> defaults,
      Statements.Block body) {
    super(position);
    this.name = name;
    this.parameters = parameters;
    this.defaults = defaults;
    this.body = body;
  }

  @Override
  void all(Consumer<Node> visit) {
    defaults.forEach(visit);
    visit.accept(body);
  }

  @Override
  void bind(Binder binder) {
    symbols = new Symbols(binder.symbols());
    List<Integer> places = new ArrayList<>();
    parameters.forEach(p -> places.add(symbols.parameter(p)));
    slots = places.stream().mapToInt(Integer::intValue).toArray();
    readsCaller = body.reads("caller");
    if (readsCaller) {
      int explicit = parameters.indexOf("caller");
      if (explicit < 0) {
        callerSlot = symbols.parameter("caller");
      } else if (explicit < parameters.size() - defaults.size()) {
        throw binder.error(
            "When defining macros or call blocks the special \"caller\" argument must be omitted"
                + " or be given a default.",
            position);
      }
    }
    if (!parameters.contains("kwargs") && body.reads("kwargs")) {
      takesNamed = true;
      namedSlot = symbols.parameter("kwargs");
    }
    if (!parameters.contains("varargs") && body.reads("varargs")) {
      takesMore = true;
      moreSlot = symbols.parameter("varargs");
    }
    defaults.forEach(d -> d.declare(symbols));
    body.declare(symbols);
    Binder inner = binder.inner(symbols, false);
    defaults.forEach(d -> d.bind(inner));
    body.bind(inner);
    entry = symbols.entry();
  }

  Text invoke(
      Rendering r,
      Scope outer,
      @Nullable Object[] values,
      @Nullable Object caller,
      DictValue named,
      TupleValue more) {
    r.enter();
    r.step(4);
    Scope scope = new Scope(r, outer, symbols);
    for (int i = 0; i < slots.length; i++) {
      scope.slots[slots[i]] = values[i];
    }
    if (callerSlot >= 0) {
      scope.slots[callerSlot] = caller;
    }
    if (namedSlot >= 0) {
      scope.slots[namedSlot] = named;
    }
    if (moreSlot >= 0) {
      scope.slots[moreSlot] = more;
    }
    entry.enter(scope);
    for (int i = 0; i < slots.length; i++) {
      if (scope.slots[slots[i]] == null) {
        int d = i - (slots.length - defaults.size());
        scope.slots[slots[i]] =
            d >= 0
                ? defaults.get(d).eval(scope)
                : Undefined.hint("parameter '" + parameters.get(i) + "' was not provided");
      }
    }
    TextBuilder out = r.builder();
    body.run(scope, out);
    r.leave();
    return r.build(out);
  }

  /** {@code {% macro name(…) %}…{% endmacro %}}. */
  static final class MacroStatement extends Stmt {
    private final Targets.NameTarget target;
    private final MacroDefinition definition;

    MacroStatement(int position, String name, MacroDefinition definition) {
      super(position);
      target = new Targets.NameTarget(position, name);
      this.definition = definition;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(target);
    }

    @Override
    void all(Consumer<Node> visit) {
      visit.accept(definition);
    }

    @Override
    void bind(Binder binder) {
      super.bind(binder);
      definition.bind(binder);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      target.assign(scope, new Macro(definition, scope));
      return Flow.NEXT;
    }
  }

  /** {@code {% call(…) f(…) %}…{% endcall %}}. */
  static final class CallBlock extends Stmt {
    private final Accesses.Call call;
    private final MacroDefinition definition;

    CallBlock(int position, Accesses.Call call, MacroDefinition definition) {
      super(position);
      this.call = call;
      this.definition = definition;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(call);
    }

    @Override
    void all(Consumer<Node> visit) {
      visit.accept(call);
      visit.accept(definition);
    }

    @Override
    void bind(Binder binder) {
      super.bind(binder);
      definition.bind(binder);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      Object result = call.call(scope, new Macro(definition, scope));
      out.append(Values.str(scope.rendering, result));
      return Flow.NEXT;
    }
  }

  /** A block that runs as a macro of its own, at once: {@code {% generation %}}. */
  static final class Immediate extends Stmt {
    private final MacroDefinition definition;

    Immediate(int position, MacroDefinition definition) {
      super(position);
      this.definition = definition;
    }

    @Override
    void all(Consumer<Node> visit) {
      visit.accept(definition);
    }

    @Override
    void bind(Binder binder) {
      definition.bind(binder);
    }

    @Override
    Flow run(Scope scope, TextBuilder out) {
      out.append(
          definition.invoke(
              scope.rendering,
              scope,
              new @Nullable Object[0],
              Undefined.hint("No caller defined"),
              new DictValue(),
              TupleValue.of()));
      return Flow.NEXT;
    }
  }
}
