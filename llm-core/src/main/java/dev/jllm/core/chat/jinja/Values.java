package dev.jllm.core.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What Python's built-in functions say of a value. Values are {@link None}, {@link Boolean}, {@link
 * Long} or {@link BigInteger} (int), {@link Double}, {@link Text}, {@link ListValue}, {@link
 * TupleValue}, {@link DictValue}, {@link RangeValue}, {@link DictView}, {@link Lazy}, {@link
 * Undefined}, {@link Namespace}, and what is {@link Callable}.
 */
final class Values {
  private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

  private Values() {}

  static String typeName(Object v) {
    if (v instanceof Text t) {
      return t.isMarkup() ? "Markup" : "str";
    } else if (v instanceof Boolean) {
      return "bool";
    } else if (v instanceof Long || v instanceof BigInteger) {
      return "int";
    } else if (v instanceof Double) {
      return "float";
    } else if (v == None.NONE) {
      return "NoneType";
    } else if (v instanceof ListValue) {
      return "list";
    } else if (v instanceof TupleValue) {
      return "tuple";
    } else if (v instanceof DictValue) {
      return "dict";
    } else if (v instanceof RangeValue) {
      return "range";
    } else if (v instanceof DictView view) {
      return switch (view.kind()) {
        case KEYS -> "dict_keys";
        case VALUES -> "dict_values";
        case ITEMS -> "dict_items";
      };
    } else if (v instanceof Lazy) {
      return "generator";
    } else if (v instanceof Callable.Function) {
      return "function";
    }
    return v.getClass().getSimpleName();
  }

  static boolean isInt(Object v) {
    return v instanceof Long || v instanceof BigInteger || v instanceof Boolean;
  }

  static boolean isNumber(Object v) {
    return isInt(v) || v instanceof Double;
  }

  /** An int in its smallest class. */
  static Object integer(BigInteger v) {
    return v.compareTo(MIN_LONG) >= 0 && v.compareTo(MAX_LONG) <= 0 ? (Object) v.longValue() : v;
  }

  /** The value of an int or bool. */
  static BigInteger big(Object v) {
    if (v instanceof BigInteger b) {
      return b;
    }
    return BigInteger.valueOf(v instanceof Boolean b ? (b ? 1 : 0) : (Long) v);
  }

  /** Whether an int or bool fits a long. */
  static boolean isLong(Object v) {
    return v instanceof Long || v instanceof Boolean;
  }

  static long longOf(Object v) {
    return v instanceof Boolean b ? (b ? 1 : 0) : (Long) v;
  }

  /** An int argument, cut to the range of int as lengths and indices allow. */
  static int intArgument(Object v) {
    if (v instanceof Undefined u) {
      throw u.fail();
    }
    if (!isInt(v)) {
      throw new JinjaException("'" + typeName(v) + "' object cannot be interpreted as an integer");
    }
    if (v instanceof BigInteger b) {
      return b.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, longOf(v)));
  }

  /** An argument that must be a string. */
  static Text text(Object v, String what) {
    if (v instanceof Text t) {
      return t;
    }
    if (v instanceof Undefined u) {
      throw new JinjaException(what + " must be str, not Undefined");
    }
    throw new JinjaException(what + " must be str, not " + typeName(v));
  }

  static boolean truth(Object v) {
    if (v instanceof Boolean b) {
      return b;
    } else if (v instanceof Text t) {
      return !t.isEmpty();
    } else if (v == None.NONE || v instanceof Undefined) {
      return false;
    } else if (v instanceof Long l) {
      return l != 0;
    } else if (v instanceof Double d) {
      return d != 0;
    }
    int size = size(v);
    return size != 0;
  }

  /** The length, or -1 if the value has none. */
  static int size(Object v) {
    if (v instanceof Text t) {
      return t.length();
    } else if (v instanceof ListValue l) {
      return l.items().size();
    } else if (v instanceof TupleValue t) {
      return t.items().size();
    } else if (v instanceof DictValue d) {
      return d.size();
    } else if (v instanceof RangeValue r) {
      return r.size();
    } else if (v instanceof DictView view) {
      return view.dict().size();
    } else if (v instanceof Undefined) {
      return 0;
    } else if (v instanceof LoopVariable loop) {
      return loop.length();
    }
    return -1;
  }

  static int length(Object v) {
    int size = size(v);
    if (size < 0) {
      throw new JinjaException("object of type '" + typeName(v) + "' has no len()");
    }
    return size;
  }

  static boolean isIterable(Object v) {
    return v instanceof Lazy || v instanceof LoopVariable || size(v) >= 0;
  }

  static Iterator<Object> iterate(Rendering r, Object v) {
    if (v instanceof ListValue l) {
      // By index: a list may change while it is gone through.
      return new Iterator<>() {
        private int at;

        @Override
        public boolean hasNext() {
          return at < l.items().size();
        }

        @Override
        public Object next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return l.items().get(at++);
        }
      };
    } else if (v instanceof TupleValue t) {
      return t.items().iterator();
    } else if (v instanceof DictValue d) {
      return new DictView(d, DictView.Kind.KEYS).snapshot().iterator();
    } else if (v instanceof DictView view) {
      return view.snapshot().iterator();
    } else if (v instanceof Text t) {
      return new Iterator<>() {
        private int at;

        @Override
        public boolean hasNext() {
          return at < t.units();
        }

        @Override
        public Object next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          int end = t.string().offsetByCodePoints(at, 1);
          Text c = t.units(at, end).plain();
          at = end;
          r.step();
          return c;
        }
      };
    } else if (v instanceof RangeValue range) {
      return new Iterator<>() {
        private int at;

        @Override
        public boolean hasNext() {
          return at < range.size();
        }

        @Override
        public Object next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return range.at(at++);
        }
      };
    } else if (v instanceof Lazy lazy) {
      return lazy.items();
    } else if (v instanceof LoopVariable loop) {
      return loop.rest();
    } else if (v instanceof Undefined) {
      return List.<Object>of().iterator();
    }
    throw new JinjaException("'" + typeName(v) + "' object is not iterable");
  }

  /** All items, in a list of their own. */
  static List<Object> items(Rendering r, Object v) {
    if (v instanceof ListValue l) {
      r.allocate(l.items().size());
      return new ArrayList<>(l.items());
    }
    List<Object> items = new ArrayList<>();
    for (Iterator<Object> it = iterate(r, v); it.hasNext(); ) {
      r.allocate(1);
      items.add(it.next());
    }
    return items;
  }

  /** Python's {@code str(v)}, except that markup stays markup. */
  static Text softStr(Rendering r, Object v) {
    return v instanceof Text t ? t : str(r, v);
  }

  /** Python's {@code str(v)}. */
  static Text str(Rendering r, Object v) {
    if (v instanceof Text t) {
      return t.plain();
    } else if (v instanceof Undefined) {
      return Text.EMPTY;
    }
    return Text.untrusted(Repr.of(r, v));
  }

  static boolean equal(Rendering r, Object a, Object b) {
    if (a == b) {
      return !(a instanceof Double d && d.isNaN());
    }
    if (a instanceof Text x) {
      return b instanceof Text y && x.equals(y);
    } else if (isNumber(a)) {
      return isNumber(b) && equalNumbers(a, b);
    } else if (a instanceof ListValue x) {
      return b instanceof ListValue y && equalItems(r, x.items(), y.items());
    } else if (a instanceof TupleValue x) {
      return b instanceof TupleValue y && equalItems(r, x.items(), y.items());
    } else if (a instanceof RangeValue x) {
      return b instanceof RangeValue y
          && x.size() == y.size()
          && (x.size() == 0 || x.start() == y.start())
          && (x.size() < 2 || x.step() == y.step());
    } else if (a instanceof Undefined) {
      return b instanceof Undefined;
    } else if (a instanceof DictValue x) {
      return b instanceof DictValue y && equalDicts(r, x, y);
    } else if (isSet(a) && isSet(b)) {
      List<Object> x = ((DictView) a).snapshot();
      boolean same = x.size() == size(b);
      for (int i = 0; same && i < x.size(); i++) {
        same = contains(r, b, x.get(i));
      }
      return same;
    }
    return false;
  }

  private static boolean equalNumbers(Object a, Object b) {
    return !isNaN(a) && !isNaN(b) && Numbers.compare(a, b) == 0;
  }

  static boolean isNaN(Object v) {
    return v instanceof Double d && d.isNaN();
  }

  private static boolean equalItems(Rendering r, List<Object> a, List<Object> b) {
    if (a.size() != b.size()) {
      return false;
    }
    r.enter();
    try {
      for (int i = 0; i < a.size(); i++) {
        r.step();
        if (a.get(i) != b.get(i) && !equal(r, a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    } finally {
      r.leave();
    }
  }

  private static boolean equalDicts(Rendering r, DictValue a, DictValue b) {
    if (a.size() != b.size()) {
      return false;
    }
    r.enter();
    try {
      for (var e : a.entries.entrySet()) {
        r.step();
        DictValue.Entry other = b.entries.get(e.getKey());
        if (other == null || !equal(r, e.getValue().value, other.value)) {
          return false;
        }
      }
      return true;
    } finally {
      r.leave();
    }
  }

  /** A tuple as a key. */
  private record TupleKey(List<Object> items) {}

  /** What stands for a value in a hash table: equal values have equal keys. */
  static Object key(Object v) {
    if (v instanceof Text || v instanceof Long || v == None.NONE) {
      return v;
    } else if (v instanceof Boolean b) {
      return b ? 1L : 0L;
    } else if (v instanceof Double d) {
      return d == Math.rint(d) && !Double.isInfinite(d)
          ? integer(new BigDecimal(d).toBigInteger())
          : v;
    } else if (v instanceof TupleValue t) {
      List<Object> keys = new ArrayList<>(t.items().size());
      for (Object item : t.items()) {
        keys.add(key(item));
      }
      return new TupleKey(keys);
    } else if (v instanceof Undefined) {
      return Undefined.class;
    } else if (v instanceof ListValue || v instanceof DictValue || isSet(v)) {
      throw new JinjaException("unhashable type: '" + typeName(v) + "'");
    }
    return v;
  }

  private static boolean isSet(Object v) {
    return v instanceof DictView view && view.kind() != DictView.Kind.VALUES;
  }

  static boolean contains(Rendering r, Object container, Object v) {
    if (container instanceof Text t) {
      if (!(v instanceof Text part)) {
        throw new JinjaException(
            "'in <string>' requires string as left operand, not " + typeName(v));
      }
      r.step(1 + (t.units() >> 6));
      return t.string().contains(part.string());
    } else if (container instanceof DictValue d) {
      return d.entries.containsKey(key(v));
    } else if (container instanceof DictView view && view.kind() == DictView.Kind.KEYS) {
      return view.dict().entries.containsKey(key(v));
    } else if (container instanceof Undefined) {
      return false;
    } else if (!isIterable(container)) {
      throw new JinjaException("argument of type '" + typeName(container) + "' is not iterable");
    }
    for (Iterator<Object> it = iterate(r, container); it.hasNext(); ) {
      Object item = it.next();
      r.step();
      if (item == v || equal(r, item, v)) {
        return true;
      }
    }
    return false;
  }

  static Object orNone(@Nullable Object v) {
    return v == null ? None.NONE : v;
  }
}
