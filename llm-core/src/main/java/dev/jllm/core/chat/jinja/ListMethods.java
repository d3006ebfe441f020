package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code list}; those that change it work, unlike in Jinja's sandbox. */
final class ListMethods {
  /** A method, given the items it is called on. */
  @FunctionalInterface
  interface Method {
    Object call(Rendering r, List<Object> self, Args args);
  }

  static final Map<String, Method> ALL = new HashMap<>();

  private ListMethods() {}

  static {
    Params count = Params.of("count", 1, "/value");
    ALL.put(
        "count",
        (r, self, args) -> {
          Object value = Values.orNone(count.bind(args)[0]);
          long n = 0;
          for (Object item : self) {
            r.step();
            n += item == value || Values.equal(r, item, value) ? 1 : 0;
          }
          return n;
        });
    Params index = Params.of("index", 1, "/value", "/start", "/stop");
    ALL.put(
        "index",
        (r, self, args) -> {
          @Nullable Object[] a = index.bind(args);
          Object value = Values.orNone(a[0]);
          int[] range = Slices.indices(self.size(), Values.orNone(a[1]), Values.orNone(a[2]), 1L);
          for (int i = range[0]; i < range[1]; i++) {
            r.step();
            if (self.get(i) == value || Values.equal(r, self.get(i), value)) {
              return (long) i;
            }
          }
          throw new JinjaException(Repr.plain(value) + " is not in list");
        });
    Params none = Params.of("list.copy", 0);
    ALL.put(
        "copy",
        (r, self, args) -> {
          none.bind(args);
          return r.list(new ArrayList<>(self));
        });
    adding();
    removing();
  }

  private static void adding() {
    Params append = Params.of("list.append", 1, "/object");
    ALL.put(
        "append",
        (r, self, args) -> {
          Object item = Values.orNone(append.bind(args)[0]);
          r.allocate(1);
          self.add(item);
          return None.NONE;
        });
    Params extend = Params.of("list.extend", 1, "/iterable");
    ALL.put(
        "extend",
        (r, self, args) -> {
          self.addAll(Values.items(r, Values.orNone(extend.bind(args)[0])));
          return None.NONE;
        });
    Params insert = Params.of("insert", 2, "/index", "/object");
    ALL.put(
        "insert",
        (r, self, args) -> {
          @Nullable Object[] a = insert.bind(args);
          int at = Values.intArgument(Values.orNone(a[0]));
          at = at < 0 ? Math.max(0, at + self.size()) : Math.min(at, self.size());
          r.allocate(1 + (self.size() >> 4));
          self.add(at, Values.orNone(a[1]));
          return None.NONE;
        });
    Params sort = Params.of("sort", 0, "key", "reverse");
    ALL.put(
        "sort",
        (r, self, args) -> {
          @Nullable Object[] a = sort.bind(args);
          if (a[0] != null && a[0] != None.NONE) {
            throw new JinjaException("'sort' with a key is refused: use the filter 'sort'.");
          }
          List<Object[]> keyed = new ArrayList<>();
          self.forEach(item -> keyed.add(new Object[] {item}));
          Operators.sort(r, keyed, a[1] != null && Values.truth(a[1]));
          for (int i = 0; i < keyed.size(); i++) {
            self.set(i, keyed.get(i)[0]);
          }
          return None.NONE;
        });
  }

  private static void removing() {
    Params pop = Params.of("pop", 0, "/index");
    ALL.put(
        "pop",
        (r, self, args) -> {
          Object at = pop.bind(args)[0];
          int i = at == null ? -1 : Values.intArgument(at);
          i = i < 0 ? i + self.size() : i;
          if (self.isEmpty()) {
            throw new JinjaException("pop from empty list");
          }
          if (i < 0 || i >= self.size()) {
            throw new JinjaException("pop index out of range");
          }
          r.step(1 + (self.size() >> 4));
          return self.remove(i);
        });
    Params remove = Params.of("list.remove", 1, "/value");
    ALL.put(
        "remove",
        (r, self, args) -> {
          Object value = Values.orNone(remove.bind(args)[0]);
          for (int i = 0; i < self.size(); i++) {
            r.step();
            if (self.get(i) == value || Values.equal(r, self.get(i), value)) {
              self.remove(i);
              return None.NONE;
            }
          }
          throw new JinjaException("list.remove(x): x not in list");
        });
    Params clear = Params.of("list.clear", 0);
    ALL.put(
        "clear",
        (r, self, args) -> {
          clear.bind(args);
          self.clear();
          return None.NONE;
        });
    Params reverse = Params.of("list.reverse", 0);
    ALL.put(
        "reverse",
        (r, self, args) -> {
          reverse.bind(args);
          r.step(1 + (self.size() >> 4));
          Collections.reverse(self);
          return None.NONE;
        });
  }
}
