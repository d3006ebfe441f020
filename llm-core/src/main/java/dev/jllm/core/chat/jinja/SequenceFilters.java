package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filters on sequences as a whole. */
final class SequenceFilters {
  private SequenceFilters() {}

  static void addTo(Map<String, Filter> all) {
    Params none = Params.of("length", 0);
    Filter length =
        (r, value, args) -> {
          none.bind(args);
          return (long) Values.length(value);
        };
    all.put("length", length);
    all.put("count", length);
    Params orElse = Params.of("default", 0, "default_value", "boolean");
    Filter defaults =
        (r, value, args) -> {
          @Nullable Object[] a = orElse.bind(args);
          boolean falseToo = a[1] != null && Values.truth(a[1]);
          if (value instanceof Undefined || (falseToo && !Values.truth(value))) {
            return a[0] == null ? Text.EMPTY : a[0];
          }
          return value;
        };
    all.put("default", defaults);
    all.put("d", defaults);
    all.put(
        "list",
        (r, value, args) -> {
          Params.of("list", 0).bind(args);
          return new ListValue(Values.items(r, value));
        });
    Params join = Params.of("join", 0, "d", "attribute");
    all.put("join", (r, value, args) -> join(r, value, join.bind(args)));
    ends(all);
    parts(all);
    Params sum = Params.of("sum", 0, "attribute", "start");
    all.put("sum", (r, value, args) -> sum(r, value, sum.bind(args)));
    Params items = Params.of("items", 0);
    all.put(
        "items",
        (r, value, args) -> {
          items.bind(args);
          return Lazy.of(() -> pairs(value));
        });
    Params attr = Params.of("attr", 1, "name");
    all.put(
        "attr",
        (r, value, args) -> {
          Object name = Values.orNone(attr.bind(args)[0]);
          Object found = Attributes.find(value, Values.text(name, "attribute name").string());
          return found != null ? found : Undefined.attribute(value, name);
        });
  }

  static Lazy lazy(List<Object> items) {
    return new Lazy(items.iterator());
  }

  private static Iterator<Object> pairs(Object value) {
    if (value instanceof Undefined) {
      return List.<Object>of().iterator();
    } else if (value instanceof DictValue d) {
      return new DictView(d, DictView.Kind.ITEMS).snapshot().iterator();
    }
    throw new JinjaException("Can only get item pairs from a mapping.");
  }

  private static void ends(Map<String, Filter> all) {
    Params first = Params.of("first", 0);
    all.put(
        "first",
        (r, value, args) -> {
          first.bind(args);
          Iterator<Object> it = Values.iterate(r, value);
          return it.hasNext() ? it.next() : Undefined.hint("No first item, sequence was empty.");
        });
    Params last = Params.of("last", 0);
    all.put(
        "last",
        (r, value, args) -> {
          last.bind(args);
          List<Object> items = reversible(r, value);
          return items.isEmpty()
              ? Undefined.hint("No last item, sequence was empty.")
              : items.get(items.size() - 1);
        });
    Params reverse = Params.of("reverse", 0);
    all.put(
        "reverse",
        (r, value, args) -> {
          reverse.bind(args);
          if (value instanceof Text t) {
            return Slices.reversed(r, t);
          }
          List<Object> items = Values.items(r, value);
          Collections.reverse(items);
          // Of what can be reversed in place, Python gives an iterator.
          return value instanceof Lazy ? new ListValue(items) : lazy(items);
        });
    Params random = Params.of("random", 0);
    all.put(
        "random",
        (r, value, args) -> {
          random.bind(args);
          int size = Values.length(value);
          if (size == 0) {
            return Undefined.hint("No random item, sequence was empty.");
          }
          // The same template and variables always give the same text.
          Object item = Attributes.item(value, (long) (size / 2));
          return item instanceof Undefined ? Undefined.hint("No random item.") : item;
        });
  }

  private static List<Object> reversible(Rendering r, Object value) {
    if (value instanceof Lazy) {
      throw new JinjaException("'generator' object is not reversible");
    }
    if (value instanceof ListValue l) {
      return l.items();
    } else if (value instanceof TupleValue t) {
      return t.items();
    } else if (value instanceof Text t) {
      int end = t.units();
      return t.isEmpty()
          ? List.of()
          : List.of(t.units(t.string().offsetByCodePoints(end, -1), end));
    }
    if (!Values.isIterable(value)) {
      throw new JinjaException("'" + Values.typeName(value) + "' object is not reversible");
    }
    return Values.items(r, value);
  }

  private static void parts(Map<String, Filter> all) {
    Params batch = Params.of("batch", 1, "linecount", "fill_with");
    all.put(
        "batch",
        (r, value, args) -> {
          @Nullable Object[] a = batch.bind(args);
          Object fill = Values.orNone(a[1]);
          Object count = Values.orNone(a[0]);
          return Lazy.of(() -> batch(r, Values.items(r, value), count, fill).iterator());
        });
    Params slice = Params.of("slice", 1, "slices", "fill_with");
    all.put(
        "slice",
        (r, value, args) -> {
          @Nullable Object[] a = slice.bind(args);
          Object count = Values.orNone(a[0]);
          Object fill = Values.orNone(a[1]);
          return Lazy.of(
              () -> slice(r, Values.items(r, value), Values.intArgument(count), fill).iterator());
        });
  }

  private static List<Object> batch(Rendering r, List<Object> items, Object count, Object fill) {
    int n = Values.intArgument(count);
    List<Object> rows = new ArrayList<>();
    List<Object> row = new ArrayList<>();
    for (Object item : items) {
      if (row.size() == n) {
        rows.add(new ListValue(row));
        row = new ArrayList<>();
      }
      row.add(item);
    }
    if (!row.isEmpty()) {
      r.allocate(fill != None.NONE ? Math.max(0, (long) n - row.size()) : 0);
      while (fill != None.NONE && row.size() < n) {
        row.add(fill);
      }
      rows.add(new ListValue(row));
    }
    return rows;
  }

  private static List<Object> slice(Rendering r, List<Object> items, int n, Object fill) {
    if (n == 0) {
      throw new JinjaException("integer division or modulo by zero");
    }
    r.allocate(Math.max(0, n));
    List<Object> slices = new ArrayList<>();
    int each = Math.floorDiv(items.size(), n);
    int extra = Math.floorMod(items.size(), n);
    int at = 0;
    for (int i = 0; i < n; i++) {
      int end = at + each + (i < extra ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(at, end));
      if (fill != None.NONE && i >= extra) {
        part.add(fill);
      }
      slices.add(new ListValue(part));
      at = end;
    }
    return slices;
  }

  private static Object join(Rendering r, Object value, @Nullable Object[] a) {
    Text by = a[0] == null ? Text.EMPTY : Values.str(r, a[0]);
    AttributePath path = a[1] == null || a[1] == None.NONE ? null : AttributePath.of(a[1], null);
    TextBuilder b = r.builder();
    boolean first = true;
    for (Iterator<Object> it = Values.iterate(r, value); it.hasNext(); first = false) {
      Object item = it.next();
      r.step();
      if (!first) {
        b.append(by);
      }
      b.append(Values.str(r, path == null ? item : path.get(item)));
    }
    return r.build(b);
  }

  private static Object sum(Rendering r, Object value, @Nullable Object[] a) {
    AttributePath path = a[0] == null || a[0] == None.NONE ? null : AttributePath.of(a[0], null);
    Object total = a[1] == null ? 0L : a[1];
    if (total instanceof Text) {
      throw new JinjaException("sum() can't sum strings [use ''.join(seq) instead]");
    }
    for (Iterator<Object> it = Values.iterate(r, value); it.hasNext(); ) {
      Object item = it.next();
      r.step();
      total = Operators.binary(r, Operation.ADD, total, path == null ? item : path.get(item));
    }
    return total;
  }
}
