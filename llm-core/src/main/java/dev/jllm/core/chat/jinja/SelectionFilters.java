package dev.jllm.core.chat.jinja;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The filters that map and select items, lazily. */
final class SelectionFilters {
  private SelectionFilters() {}

  static void addTo(Map<String, Filter> all) {
    all.put("map", (r, value, args) -> new Lazy(map(r, value, args)));
    all.put("select", (r, value, args) -> select(r, value, args, false, true));
    all.put("reject", (r, value, args) -> select(r, value, args, false, false));
    all.put("selectattr", (r, value, args) -> select(r, value, args, true, true));
    all.put("rejectattr", (r, value, args) -> select(r, value, args, true, false));
  }

  /** Nothing happens, not even a check of the arguments, before the first item is asked for. */
  private static Iterator<Object> map(Rendering r, Object value, Args args) {
    return new Iterator<>() {
      private @Nullable Iterator<Object> items;
      private Function<Object, Object> change = Function.identity();

      @Override
      public boolean hasNext() {
        if (items == null) {
          if (!Values.truth(value)) {
            return false;
          }
          change = mapping(r, args);
          items = Values.iterate(r, value);
        }
        return items.hasNext();
      }

      @Override
      public Object next() {
        if (!hasNext() || items == null) {
          throw new NoSuchElementException();
        }
        r.step();
        return change.apply(items.next());
      }
    };
  }

  private static Function<Object, Object> mapping(Rendering r, Args args) {
    if (args.size() == 0 && args.named().containsKey("attribute")) {
      @Nullable Object[] a = Params.of("map", 1, "attribute", "default").bind(args);
      AttributePath path = AttributePath.of(Values.orNone(a[0]), a[1]);
      return path::get;
    }
    if (args.size() == 0) {
      throw new JinjaException("map requires a filter argument");
    }
    String name = Values.text(args.positional().get(0), "filter name").string();
    Filter filter = Filters.named(name);
    Args rest = args.from(1);
    return item -> filter.apply(r, item, rest);
  }

  private static Lazy select(
      Rendering r, Object value, Args args, boolean attribute, boolean wanted) {
    return new Lazy(
        new Iterator<>() {
          private @Nullable Iterator<Object> items;
          private Predicate<Object> test = item -> true;
          private @Nullable Object next;

          @Override
          public boolean hasNext() {
            if (items == null) {
              if (!Values.truth(value)) {
                return false;
              }
              test = predicate(r, args, attribute);
              items = Values.iterate(r, value);
            }
            while (next == null && items.hasNext()) {
              r.step();
              Object item = items.next();
              if (test.test(item) == wanted) {
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
        });
  }

  private static Predicate<Object> predicate(Rendering r, Args args, boolean attribute) {
    int at = attribute ? 1 : 0;
    if (attribute && args.size() == 0) {
      throw new JinjaException("Missing parameter for attribute name");
    }
    AttributePath path = attribute ? AttributePath.of(args.positional().get(0), null) : null;
    if (args.size() <= at) {
      return item -> Values.truth(path == null ? item : path.get(item));
    }
    Test test = Tests.named(Values.text(args.positional().get(at), "test name").string());
    Args rest = args.from(at + 1);
    return item -> test.holds(r, path == null ? item : path.get(item), rest);
  }
}
