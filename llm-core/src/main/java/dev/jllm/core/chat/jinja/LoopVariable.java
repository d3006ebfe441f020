package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code loop} of a for loop. It looks ahead only when it is asked to. */
final class LoopVariable implements Callable {
  private final @Nullable For recursion;
  private final @Nullable Scope outer;
  private final int depth0;
  private Iterator<Object> items;
  private int length;
  private int index0 = -1;
  private @Nullable Object before;
  private @Nullable Object current;
  private @Nullable Object after;
  private @Nullable Object lastChanged;

  /**
   * @param length how many items there are, or -1 if that is known only at the end
   * @param recursion the loop to run again when this is called, if it is recursive
   */
  LoopVariable(
      Iterator<Object> items,
      int length,
      @Nullable For recursion,
      @Nullable Scope outer,
      int depth0) {
    this.items = items;
    this.length = length;
    this.recursion = recursion;
    this.outer = outer;
    this.depth0 = depth0;
  }

  boolean hasNext() {
    return after != null || items.hasNext();
  }

  Object next() {
    Object next = after != null ? after : items.next();
    after = null;
    index0++;
    before = current;
    current = next;
    return next;
  }

  private @Nullable Object peek() {
    if (after == null && items.hasNext()) {
      after = items.next();
    }
    return after;
  }

  int length() {
    if (length < 0) {
      List<Object> rest = new ArrayList<>();
      items.forEachRemaining(rest::add);
      items = rest.iterator();
      length = rest.size() + index0 + 1 + (after != null ? 1 : 0);
    }
    return length;
  }

  /** The items that are left, as pairs with the loop, as Python sees it. */
  Iterator<Object> rest() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return LoopVariable.this.hasNext();
      }

      @Override
      public Object next() {
        return TupleValue.of(LoopVariable.this.next(), LoopVariable.this);
      }
    };
  }

  @Nullable Object attribute(String name) {
    return switch (name) {
      case "index" -> index0 + 1L;
      case "index0" -> (long) index0;
      case "revindex" -> (long) length() - index0;
      case "revindex0" -> (long) length() - index0 - 1;
      case "length" -> (long) length();
      case "first" -> index0 == 0;
      case "last" -> peek() == null;
      case "depth" -> depth0 + 1L;
      case "depth0" -> (long) depth0;
      case "previtem" ->
          index0 == 0 || before == null ? Undefined.hint("there is no previous item") : before;
      case "nextitem" -> {
        Object next = peek();
        yield next == null ? Undefined.hint("there is no next item") : next;
      }
      case "cycle" -> Function.of("cycle", (r, args) -> cycle(args));
      case "changed" -> Function.of("changed", this::changed);
      default -> null;
    };
  }

  private Object cycle(Args args) {
    refuseNamed(args);
    if (args.size() == 0) {
      throw new JinjaException("no items for cycling given");
    }
    return args.positional().get(Math.floorMod(index0, args.size()));
  }

  private static void refuseNamed(Args args) {
    if (!args.named().isEmpty()) {
      String name = args.named().keySet().iterator().next();
      throw new JinjaException("loop functions take no keyword argument '" + name + "'");
    }
  }

  private Object changed(Rendering r, Args args) {
    refuseNamed(args);
    TupleValue now = TupleValue.of(args.positional());
    if (lastChanged != null && Values.equal(r, lastChanged, now)) {
      return false;
    }
    lastChanged = now;
    return true;
  }

  @Override
  public Object call(Rendering r, Args args) {
    if (recursion == null || outer == null) {
      throw new JinjaException(
          "The loop must have the 'recursive' marker to be called recursively.");
    }
    Object items = Params.of("loop", 1, "iterable").bind(args)[0];
    return recursion.recurse(outer, Values.orNone(items), depth0 + 1);
  }

  @Override
  public String toString() {
    return "<LoopContext " + (index0 + 1) + "/" + length() + ">";
  }
}
