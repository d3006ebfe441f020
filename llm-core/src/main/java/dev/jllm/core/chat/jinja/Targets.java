package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** What can be assigned to. */
abstract class Targets extends Node {
  private Targets(int position) {
    super(position);
  }

  /** Declares the names as parameters of the scope: set from outside when it is entered. */
  abstract void parameters(Symbols symbols);

  abstract void assign(Scope scope, Object value);

  /** The same target, to be bound in another scope. */
  abstract Targets copy();

  /** Fails if a name is {@code loop}. */
  abstract void checkLoop(Binder binder);

  static final class NameTarget extends Targets {
    final String name;
    private int slot;
    private boolean topLevel;

    NameTarget(int position, String name) {
      super(position);
      this.name = name;
    }

    @Override
    void parameters(Symbols symbols) {
      symbols.parameter(name);
    }

    @Override
    void declare(Symbols symbols) {
      symbols.assign(name);
    }

    @Override
    void bind(Binder binder) {
      slot = (int) binder.symbols().find(name);
      topLevel = binder.topLevel();
    }

    @Override
    void assign(Scope scope, Object value) {
      scope.slots[slot] = value;
      if (topLevel) {
        scope.rendering.assigned.put(name, value);
      }
    }

    @Override
    Targets copy() {
      return new NameTarget(position, name);
    }

    @Override
    void checkLoop(Binder binder) {
      if (name.equals("loop")) {
        throw binder.error("Can't assign to special loop variable in for-loop target", position);
      }
    }
  }

  static final class TupleTarget extends Targets {
    private final List<Targets> items;

    TupleTarget(int position, List<Targets> items) {
      super(position);
      this.items = items;
    }

    @Override
    void children(Consumer<Node> visit) {
      items.forEach(visit);
    }

    @Override
    void parameters(Symbols symbols) {
      items.forEach(item -> item.parameters(symbols));
    }

    @Override
    void assign(Scope scope, Object value) {
      Rendering r = scope.rendering;
      if (!Values.isIterable(value)) {
        throw new JinjaException(
            "cannot unpack non-iterable " + Values.typeName(value) + " object");
      }
      Iterator<Object> it = Values.iterate(r, value);
      List<Object> values = new ArrayList<>(items.size());
      while (it.hasNext() && values.size() < items.size()) {
        values.add(it.next());
      }
      if (values.size() < items.size()) {
        throw new JinjaException(
            "not enough values to unpack (expected "
                + items.size()
                + ", got "
                + values.size()
                + ")");
      }
      if (it.hasNext()) {
        throw new JinjaException("too many values to unpack (expected " + items.size() + ")");
      }
      for (int i = 0; i < items.size(); i++) {
        items.get(i).assign(scope, values.get(i));
      }
    }

    @Override
    Targets copy() {
      List<Targets> copies = new ArrayList<>();
      items.forEach(item -> copies.add(item.copy()));
      return new TupleTarget(position, copies);
    }

    @Override
    void checkLoop(Binder binder) {
      items.forEach(item -> item.checkLoop(binder));
    }
  }

  /** {@code namespace.name}. */
  static final class AttributeTarget extends Targets {
    private final Expressions.Name namespace;
    private final Text attribute;

    AttributeTarget(int position, String namespace, String attribute) {
      super(position);
      this.namespace = new Expressions.Name(position, namespace);
      this.attribute = Text.trusted(attribute);
    }

    @Override
    void children(Consumer<Node> visit) {
      visit.accept(namespace);
    }

    @Override
    void parameters(Symbols symbols) {
      declare(symbols);
    }

    /** Before the value is computed, as Jinja does. */
    void check(Scope scope) {
      if (!(namespace.eval(scope) instanceof Namespace)) {
        scope.rendering.position = position;
        throw new JinjaException("cannot assign attribute on non-namespace object");
      }
    }

    @Override
    void assign(Scope scope, Object value) {
      if (namespace.eval(scope) instanceof Namespace n) {
        n.attributes.put(attribute, value);
      }
    }

    @Override
    Targets copy() {
      return new AttributeTarget(position, namespace.name, attribute.string());
    }

    @Override
    void checkLoop(Binder binder) {}
  }
}
