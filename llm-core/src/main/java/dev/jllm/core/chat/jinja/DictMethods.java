package dev.jllm.core.chat.jinja;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code dict}; those that change it work, unlike in Jinja's sandbox. */
final class DictMethods {
  /** A method, given the dict it is called on. */
  @FunctionalInterface
  interface Method {
    Object call(Rendering r, DictValue self, Args args);
  }

  static final Map<String, Method> ALL = new HashMap<>();

  private DictMethods() {}

  static {
    view("keys", DictView.Kind.KEYS);
    view("values", DictView.Kind.VALUES);
    view("items", DictView.Kind.ITEMS);
    Params get = Params.of("get", 1, "/key", "/default");
    ALL.put(
        "get",
        (r, self, args) -> {
          @Nullable Object[] a = get.bind(args);
          Object value = self.get(Values.orNone(a[0]));
          return value != null ? value : Values.orNone(a[1]);
        });
    Params none = Params.of("dict.copy", 0);
    ALL.put(
        "copy",
        (r, self, args) -> {
          none.bind(args);
          return copy(r, self);
        });
    Params keys = Params.of("fromkeys", 1, "/iterable", "/value");
    ALL.put(
        "fromkeys",
        (r, self, args) -> {
          @Nullable Object[] a = keys.bind(args);
          DictValue d = new DictValue();
          for (Object key : Values.items(r, Values.orNone(a[0]))) {
            d.put(key, Values.orNone(a[1]));
          }
          return d;
        });
    changing();
  }

  private static void changing() {
    ALL.put(
        "update",
        (r, self, args) -> {
          fill(r, self, args, "update");
          return None.NONE;
        });
    Params pop = Params.of("pop", 1, "/key", "/default");
    ALL.put(
        "pop",
        (r, self, args) -> {
          @Nullable Object[] a = pop.bind(args);
          DictValue.Entry e = self.entries.remove(Values.key(Values.orNone(a[0])));
          if (e == null && a[1] == null) {
            throw new JinjaException(Repr.plain(Values.orNone(a[0])));
          }
          return e != null ? e.value : Values.orNone(a[1]);
        });
    Params setDefault = Params.of("setdefault", 1, "/key", "/default");
    ALL.put(
        "setdefault",
        (r, self, args) -> {
          @Nullable Object[] a = setDefault.bind(args);
          Object key = Values.orNone(a[0]);
          Object value = self.get(key);
          if (value == null) {
            value = Values.orNone(a[1]);
            r.allocate(1);
            self.put(key, value);
          }
          return value;
        });
    Params clear = Params.of("dict.clear", 0);
    ALL.put(
        "clear",
        (r, self, args) -> {
          clear.bind(args);
          self.entries.clear();
          return None.NONE;
        });
    Params popItem = Params.of("dict.popitem", 0);
    ALL.put(
        "popitem",
        (r, self, args) -> {
          popItem.bind(args);
          Object last = null;
          r.step(1 + self.size());
          for (Object key : self.entries.keySet()) {
            last = key;
          }
          DictValue.Entry e = last == null ? null : self.entries.remove(last);
          if (e == null) {
            throw new JinjaException("'popitem(): dictionary is empty'");
          }
          return TupleValue.of(e.key, e.value);
        });
  }

  private static void view(String name, DictView.Kind kind) {
    Params none = Params.of("dict." + name, 0);
    ALL.put(
        name,
        (r, self, args) -> {
          none.bind(args);
          return new DictView(self, kind);
        });
  }

  static DictValue copy(Rendering r, DictValue d) {
    r.allocate(d.size());
    DictValue copy = new DictValue();
    d.entries.forEach((key, e) -> copy.entries.put(key, new DictValue.Entry(e.key, e.value)));
    return copy;
  }

  /** As {@code dict(mapping or pairs, **named)} and {@code update} do. */
  static void fill(Rendering r, DictValue d, Args args, String function) {
    if (args.size() > 1) {
      throw new JinjaException(function + " expected at most 1 argument, got " + args.size());
    }
    if (args.size() == 1) {
      Object from = args.positional().get(0);
      if (from instanceof DictValue source) {
        r.allocate(source.size());
        List.copyOf(source.entries.values()).forEach(e -> d.put(e.key, e.value));
      } else {
        pairs(r, d, from);
      }
    }
    r.allocate(args.named().size());
    args.named().forEach((key, value) -> d.put(Text.untrusted(key), value));
  }

  private static void pairs(Rendering r, DictValue d, Object from) {
    for (Iterator<Object> it = Values.iterate(r, from); it.hasNext(); ) {
      Object pair = it.next();
      if (!Values.isIterable(pair)) {
        throw new JinjaException("cannot convert dictionary update sequence element to a sequence");
      }
      List<Object> items = Values.items(r, pair);
      if (items.size() != 2) {
        throw new JinjaException(
            "dictionary update sequence element has length " + items.size() + "; 2 is required");
      }
      d.put(items.get(0), items.get(1));
    }
  }
}
