package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The filters that order and group. */
final class OrderFilters {
  private OrderFilters() {}

  static void addTo(Map<String, Filter> all) {
    Params sort = Params.of("sort", 0, "reverse", "case_sensitive", "attribute");
    all.put("sort", (r, value, args) -> sort(r, value, sort.bind(args)));
    Params unique = Params.of("unique", 0, "case_sensitive", "attribute");
    all.put(
        "unique",
        (r, value, args) -> {
          @Nullable Object[] a = unique.bind(args);
          return Lazy.of(() -> unique(r, value, key(a[1], a[0], null)));
        });
    Params extreme = Params.of("min", 0, "case_sensitive", "attribute");
    all.put("min", (r, value, args) -> extreme(r, value, extreme.bind(args), true));
    all.put("max", (r, value, args) -> extreme(r, value, extreme.bind(args), false));
    Params group = Params.of("groupby", 1, "attribute", "default", "case_sensitive");
    all.put("groupby", (r, value, args) -> groupBy(r, value, group.bind(args)));
    Params dict = Params.of("dictsort", 0, "case_sensitive", "by", "reverse");
    all.put("dictsort", (r, value, args) -> dictSort(r, value, dict.bind(args)));
  }

  private static boolean isTrue(@Nullable Object v) {
    return v != null && Values.truth(v);
  }

  private static UnaryOperator<Object> key(
      @Nullable Object attribute, @Nullable Object caseSensitive, @Nullable Object fallback) {
    AttributePath path = AttributePath.of(Values.orNone(attribute), fallback);
    return isTrue(caseSensitive) ? path::get : item -> AttributePath.ignoreCase(path.get(item));
  }

  private static ListValue sorted(
      Rendering r, List<Object> items, UnaryOperator<Object> key, boolean reverse) {
    List<Object[]> keyed = new ArrayList<>();
    for (Object item : items) {
      r.step();
      keyed.add(new Object[] {key.apply(item), item});
    }
    Operators.sort(r, keyed, reverse);
    List<Object> sorted = new ArrayList<>();
    keyed.forEach(pair -> sorted.add(pair[1]));
    return new ListValue(sorted);
  }

  private static Object sort(Rendering r, Object value, @Nullable Object[] a) {
    List<AttributePath> paths = AttributePath.several(Values.orNone(a[2]));
    boolean caseSensitive = isTrue(a[1]);
    UnaryOperator<Object> key =
        item -> {
          List<Object> keys = new ArrayList<>();
          for (AttributePath path : paths) {
            Object k = path.get(item);
            keys.add(caseSensitive ? k : AttributePath.ignoreCase(k));
          }
          return new ListValue(keys);
        };
    return sorted(r, Values.items(r, value), key, isTrue(a[0]));
  }

  private static Iterator<Object> unique(Rendering r, Object value, UnaryOperator<Object> key) {
    Iterator<Object> items = Values.iterate(r, value);
    Set<Object> seen = new HashSet<>();
    return new Iterator<>() {
      private @Nullable Object next;

      @Override
      public boolean hasNext() {
        while (next == null && items.hasNext()) {
          r.step();
          Object item = items.next();
          if (seen.add(Values.key(key.apply(item)))) {
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

  private static Object extreme(Rendering r, Object value, @Nullable Object[] a, boolean smallest) {
    UnaryOperator<Object> key = key(a[1], a[0], null);
    Iterator<Object> it = Values.iterate(r, value);
    if (!it.hasNext()) {
      return Undefined.hint("No aggregated item, sequence was empty.");
    }
    Object best = it.next();
    Object bestKey = key.apply(best);
    while (it.hasNext()) {
      Object item = it.next();
      Object itemKey = key.apply(item);
      r.step();
      Comparison op = smallest ? Comparison.LT : Comparison.GT;
      if (Operators.ordered(r, op, itemKey, bestKey)) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best;
  }

  private static Object groupBy(Rendering r, Object value, @Nullable Object[] a) {
    UnaryOperator<Object> key = key(a[0], a[2], a[1]);
    UnaryOperator<Object> shown = key(a[0], true, a[1]);
    List<Object> groups = new ArrayList<>();
    List<Object> members = new ArrayList<>();
    Object current = None.NONE;
    for (Object item : sorted(r, Values.items(r, value), key, false).items()) {
      Object k = key.apply(item);
      if (!members.isEmpty() && !Values.equal(r, k, current)) {
        groups.add(group(shown.apply(members.get(0)), members));
        members = new ArrayList<>();
      }
      current = k;
      members.add(item);
    }
    if (!members.isEmpty()) {
      groups.add(group(shown.apply(members.get(0)), members));
    }
    return new ListValue(groups);
  }

  private static TupleValue group(Object grouper, List<Object> members) {
    return new TupleValue(List.of(grouper, new ListValue(members)), List.of("grouper", "list"));
  }

  private static Object dictSort(Rendering r, Object value, @Nullable Object[] a) {
    String by = a[1] == null ? "key" : Values.str(r, a[1]).string();
    if (!by.equals("key") && !by.equals("value")) {
      throw new JinjaException("You can only sort by either \"key\" or \"value\"");
    }
    if (value instanceof Undefined u) {
      throw u.fail();
    }
    if (!(value instanceof DictValue d)) {
      throw new JinjaException("'" + Values.typeName(value) + "' object has no attribute 'items'");
    }
    int position = by.equals("key") ? 0 : 1;
    boolean caseSensitive = isTrue(a[0]);
    UnaryOperator<Object> key =
        pair -> {
          Object k = ((TupleValue) pair).items().get(position);
          return caseSensitive ? k : AttributePath.ignoreCase(k);
        };
    List<Object> pairs = new DictView(d, DictView.Kind.ITEMS).snapshot();
    r.allocate(pairs.size());
    return sorted(r, pairs, key, isTrue(a[2]));
  }
}
