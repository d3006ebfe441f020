package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The expressions of attributes, items, calls, filters and tests. */
final class Accesses {
  private Accesses() {}

  /** {@code x.name}. */
  static final class Attribute extends Expr {
    private final Expr owner;
    private final Text name;

    Attribute(int position, Expr owner, String name) {
      super(position);
      this.owner = owner;
      this.name = Text.trusted(name);
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(owner);
    }

    @Override
    Object eval(Scope scope) {
      Object value = owner.eval(scope);
      scope.rendering.position = position;
      return Attributes.attribute(value, name);
    }
  }

  /** {@code x[key]}. */
  static final class Item extends Expr {
    private final Expr owner;
    private final Expr key;

    Item(int position, Expr owner, Expr key) {
      super(position);
      this.owner = owner;
      this.key = key;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(owner);
      visit.accept(key);
    }

    @Override
    Object eval(Scope scope) {
      Object value = owner.eval(scope);
      Object at = key.eval(scope);
      scope.rendering.position = position;
      return Attributes.item(value, at);
    }
  }

  /** {@code x[start:stop:step]}. */
  static final class Slice extends Expr {
    private final Expr owner;
    private final @Nullable Expr start;
    private final @Nullable Expr stop;
    private final @Nullable Expr step;

    Slice(
        int position, Expr owner, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step) {
      super(position);
      this.owner = owner;
      this.start = start;
      this.stop = stop;
      this.step = step;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(owner);
      if (start != null) {
        visit.accept(start);
      }
      if (stop != null) {
        visit.accept(stop);
      }
      if (step != null) {
        visit.accept(step);
      }
    }

    @Override
    Object eval(Scope scope) {
      Object value = owner.eval(scope);
      Object from = start == null ? None.NONE : start.eval(scope);
      Object to = stop == null ? None.NONE : stop.eval(scope);
      Object by = step == null ? None.NONE : step.eval(scope);
      scope.rendering.position = position;
      return Slices.slice(scope.rendering, value, from, to, by);
    }
  }

  /** The arguments written in a call. */
  static final class Arguments extends Node {
    private final List<Expr> positional;
    private final Map<String, Expr> named;
    private final @Nullable Expr more;
    private final @Nullable Expr moreNamed;

    Arguments(
        int position,
        List<Expr> positional,
        Map<String, Expr> named,
        @Nullable Expr more,
        @Nullable Expr moreNamed) {
      super(position);
      this.positional = positional;
      this.named = named;
      this.more = more;
      this.moreNamed = moreNamed;
    }

    @Override
    void children(Consumer<Node> visit) {
      positional.forEach(visit);
      named.values().forEach(visit);
      if (more != null) {
        visit.accept(more);
      }
      if (moreNamed != null) {
        visit.accept(moreNamed);
      }
    }

    Args eval(Scope scope) {
      if (positional.isEmpty() && named.isEmpty() && more == null && moreNamed == null) {
        return Args.NONE;
      }
      List<Object> values = new ArrayList<>(positional.size());
      for (Expr e : positional) {
        values.add(e.eval(scope));
      }
      Rendering r = scope.rendering;
      if (more != null) {
        for (Iterator<Object> it = Values.iterate(r, more.eval(scope)); it.hasNext(); ) {
          r.allocate(1);
          values.add(it.next());
        }
      }
      Map<String, Object> byName = Map.of();
      if (!named.isEmpty() || moreNamed != null) {
        byName = new LinkedHashMap<>();
        for (Map.Entry<String, Expr> e : named.entrySet()) {
          byName.put(e.getKey(), e.getValue().eval(scope));
        }
      }
      if (moreNamed != null) {
        Object dict = moreNamed.eval(scope);
        if (!(dict instanceof DictValue d)) {
          throw new JinjaException(
              "argument after ** must be a mapping, not " + Values.typeName(dict));
        }
        for (DictValue.Entry e : d.entries.values()) {
          if (!(e.key instanceof Text key)) {
            throw new JinjaException("keywords must be strings");
          }
          if (byName.put(key.string(), e.value) != null) {
            throw new JinjaException("got multiple values for keyword argument '" + key + "'");
          }
        }
      }
      return new Args(values, byName);
    }
  }

  static final class Call extends Expr {
    private final Expr function;
    private final Arguments arguments;

    Call(int position, Expr function, Arguments arguments) {
      super(position);
      this.function = function;
      this.arguments = arguments;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(function);
      visit.accept(arguments);
    }

    @Override
    Object eval(Scope scope) {
      return call(scope, null);
    }

    /** With the body of a call block, if it is one. */
    Object call(Scope scope, @Nullable Macro caller) {
      Object f = function.eval(scope);
      Args args = arguments.eval(scope);
      Rendering r = scope.rendering;
      r.position = position;
      r.step();
      if (caller != null) {
        args = args.copy();
        args.named().put("caller", caller);
      }
      if (f instanceof Callable callable) {
        return callable.call(r, args);
      } else if (f instanceof Undefined u) {
        throw u.fail();
      }
      throw new JinjaException("'" + Values.typeName(f) + "' object is not callable");
    }
  }

  /** {@code x | name(arguments)}; without x, the body of a block is the input. */
  static final class FilterCall extends Expr {
    private final @Nullable Expr input;
    private final String name;
    private final Arguments arguments;
    private @Nullable Filter filter;

    FilterCall(int position, @Nullable Expr input, String name, Arguments arguments) {
      super(position);
      this.input = input;
      this.name = name;
      this.arguments = arguments;
    }

    @Override
    void children(Consumer<Node> visit) {
      if (input != null) {
        visit.accept(input);
      }
      visit.accept(arguments);
    }

    @Override
    void bind(Binder binder) {
      super.bind(binder);
      filter = Filters.ALL.get(name);
      if (filter == null && !binder.soft()) {
        throw binder.error("No filter named '" + name + "'.", position);
      }
    }

    @Override
    Object eval(Scope scope) {
      return apply(scope, Undefined.hint("no input"));
    }

    /** The chain of filters, its innermost applied to {@code body} if it has no input. */
    Object apply(Scope scope, Object body) {
      Object value = body;
      if (input instanceof FilterCall chain) {
        value = chain.apply(scope, body);
      } else if (input != null) {
        value = input.eval(scope);
      }
      Args args = arguments.eval(scope);
      Rendering r = scope.rendering;
      r.position = position;
      r.step();
      if (filter == null) {
        throw new JinjaException("No filter named '" + name + "' found.");
      }
      return filter.apply(r, value, args);
    }
  }

  /** {@code x is name(arguments)}. */
  static final class TestCall extends Expr {
    private final Expr input;
    private final String name;
    private final Arguments arguments;
    private @Nullable Test test;

    TestCall(int position, Expr input, String name, Arguments arguments) {
      super(position);
      this.input = input;
      this.name = name;
      this.arguments = arguments;
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(input);
      visit.accept(arguments);
    }

    @Override
    void bind(Binder binder) {
      super.bind(binder);
      test = Tests.ALL.get(name);
      if (test == null && !binder.soft()) {
        throw binder.error("No test named '" + name + "'.", position);
      }
    }

    @Override
    Object eval(Scope scope) {
      Object value = input.eval(scope);
      Args args = arguments.eval(scope);
      scope.rendering.position = position;
      if (test == null) {
        throw new JinjaException("No test named '" + name + "' found.");
      }
      return test.holds(scope.rendering, value, args);
    }
  }
}
