package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** The operators of expressions on values of any type. */
final class Operators {
  private Operators() {}

  static Object binary(Rendering r, Operation op, Object a, Object b) {
    if (Values.isNumber(a) && Values.isNumber(b)) {
      return Numbers.calculate(r, op, a, b);
    }
    if (op == Operation.MOD && a instanceof Text format) {
      return PercentFormat.format(r, format, b);
    }
    if (a instanceof Undefined u) {
      throw u.fail();
    }
    if (b instanceof Undefined u) {
      throw u.fail();
    }
    if (op == Operation.ADD) {
      if (a instanceof Text x && b instanceof Text y) {
        return add(r, x, y);
      } else if (a instanceof ListValue x && b instanceof ListValue y) {
        return r.list(joined(x.items(), y.items()));
      } else if (a instanceof TupleValue x && b instanceof TupleValue y) {
        r.allocate((long) x.items().size() + y.items().size());
        return TupleValue.of(joined(x.items(), y.items()));
      } else if (a instanceof Text || a instanceof ListValue || a instanceof TupleValue) {
        String type = Values.typeName(a);
        throw new JinjaException(
            "can only concatenate " + type + " (not \"" + Values.typeName(b) + "\") to " + type);
      }
    }
    if (op == Operation.MUL) {
      if (Values.isInt(b) && isSequence(a)) {
        return repeat(r, a, Values.intArgument(b));
      } else if (Values.isInt(a) && isSequence(b)) {
        return repeat(r, b, Values.intArgument(a));
      }
    }
    throw new JinjaException(
        "unsupported operand type(s) for "
            + (op == Operation.POW ? "** or pow()" : op.sign)
            + ": '"
            + Values.typeName(a)
            + "' and '"
            + Values.typeName(b)
            + "'");
  }

  static Text add(Rendering r, Text a, Text b) {
    if (a.isMarkup() || b.isMarkup()) {
      return r.concat(MarkupFilters.escape(r, a), MarkupFilters.escape(r, b)).asMarkup();
    }
    return r.concat(a, b);
  }

  private static List<Object> joined(List<Object> a, List<Object> b) {
    List<Object> all = new ArrayList<>(a.size() + b.size());
    all.addAll(a);
    all.addAll(b);
    return all;
  }

  private static boolean isSequence(Object v) {
    return v instanceof Text || v instanceof ListValue || v instanceof TupleValue;
  }

  private static Object repeat(Rendering r, Object v, int times) {
    int n = Math.max(times, 0);
    if (v instanceof Text t) {
      r.allocate((long) t.units() * n);
      if (t.isEmpty()) {
        return t;
      }
      TextBuilder b = r.builder();
      for (int i = 0; i < n; i++) {
        b.append(t);
      }
      return t.isMarkup() ? b.build().asMarkup() : b.build();
    }
    List<Object> items = v instanceof ListValue l ? l.items() : ((TupleValue) v).items();
    r.allocate((long) items.size() * n);
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < n && !items.isEmpty(); i++) {
      all.addAll(items);
    }
    return v instanceof ListValue ? new ListValue(all) : TupleValue.of(all);
  }

  static Object negative(Object v, String sign) {
    if (v instanceof Undefined u) {
      throw u.fail();
    }
    if (!Values.isNumber(v)) {
      throw new JinjaException(
          "bad operand type for unary " + sign + ": '" + Values.typeName(v) + "'");
    }
    if (sign.equals("-")) {
      return Numbers.negate(v);
    }
    return v instanceof Boolean ? (Object) Values.longOf(v) : v;
  }

  /** Python's {@code a < b}. */
  static boolean less(Rendering r, Object a, Object b) {
    return ordered(r, Comparison.LT, a, b);
  }

  /** One of the four orderings. */
  static boolean ordered(Rendering r, Comparison op, Object a, Object b) {
    if (a instanceof Undefined u) {
      throw u.fail();
    }
    if (b instanceof Undefined u) {
      throw u.fail();
    }
    if (Values.isNumber(a) && Values.isNumber(b)) {
      return !Values.isNaN(a) && !Values.isNaN(b) && op.holds(Numbers.compare(a, b));
    } else if (a instanceof Text x && b instanceof Text y) {
      r.step(1 + (Math.min(x.units(), y.units()) >> 6));
      return op.holds(x.compareTo(y));
    } else if (a instanceof ListValue x && b instanceof ListValue y) {
      return ordered(r, op, x.items(), y.items());
    } else if (a instanceof TupleValue x && b instanceof TupleValue y) {
      return ordered(r, op, x.items(), y.items());
    }
    throw new JinjaException(
        "'"
            + op.sign
            + "' not supported between instances of '"
            + Values.typeName(a)
            + "' and '"
            + Values.typeName(b)
            + "'");
  }

  private static boolean ordered(Rendering r, Comparison op, List<Object> a, List<Object> b) {
    r.enter();
    try {
      int n = Math.min(a.size(), b.size());
      for (int i = 0; i < n; i++) {
        r.step();
        Object x = a.get(i);
        Object y = b.get(i);
        if (x != y && !Values.equal(r, x, y)) {
          return ordered(r, op, x, y);
        }
      }
      return op.holds(Integer.compare(a.size(), b.size()));
    } finally {
      r.leave();
    }
  }

  static boolean compare(Rendering r, Comparison op, Object a, Object b) {
    return switch (op) {
      case EQ -> Values.equal(r, a, b);
      case NE -> !Values.equal(r, a, b);
      case IN -> Values.contains(r, b, a);
      case NOT_IN -> !Values.contains(r, b, a);
      default -> ordered(r, op, a, b);
    };
  }

  /** A stable sort that asks only for {@code <}, as Python's does: any order of items is safe. */
  static void sort(Rendering r, List<Object[]> keyed, boolean reverse) {
    if (reverse) {
      java.util.Collections.reverse(keyed);
    }
    if (keyed.size() > 1) {
      mergeSort(r, keyed, new ArrayList<>(keyed), 0, keyed.size());
    }
    if (reverse) {
      java.util.Collections.reverse(keyed);
    }
  }

  private static void mergeSort(
      Rendering r, List<Object[]> to, List<Object[]> from, int start, int end) {
    if (end - start < 2) {
      return;
    }
    int middle = (start + end) >>> 1;
    mergeSort(r, from, to, start, middle);
    mergeSort(r, from, to, middle, end);
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      r.step();
      boolean takeRight =
          left >= middle || (right < end && less(r, from.get(right)[0], from.get(left)[0]));
      to.set(i, takeRight ? from.get(right++) : from.get(left++));
    }
  }
}
