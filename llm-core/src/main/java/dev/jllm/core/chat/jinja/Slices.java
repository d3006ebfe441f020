package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's slices. */
final class Slices {
  private Slices() {}

  /** The item of a sequence at an index within it. */
  static Object at(Object sequence, int index) {
    if (sequence instanceof ListValue l) {
      return l.items().get(index);
    } else if (sequence instanceof TupleValue t) {
      return t.items().get(index);
    } else if (sequence instanceof RangeValue range) {
      return range.at(index);
    }
    Text t = (Text) sequence;
    int from = t.offset(index);
    return t.units(from, t.string().offsetByCodePoints(from, 1));
  }

  /** Start, stop and step for a sequence of {@code size}, as {@code slice.indices} gives them. */
  static int[] indices(int size, Object start, Object stop, Object step) {
    int by = bound(step, 1);
    if (by == 0) {
      throw new JinjaException("slice step cannot be zero");
    }
    int lower = by < 0 ? -1 : 0;
    int upper = by < 0 ? size - 1 : size;
    int from = start == None.NONE ? (by < 0 ? upper : lower) : clamp(start, size, lower, upper);
    int to = stop == None.NONE ? (by < 0 ? lower : upper) : clamp(stop, size, lower, upper);
    return new int[] {from, to, by};
  }

  private static int clamp(Object v, int size, int lower, int upper) {
    long index = bound(v, 0);
    if (index < 0) {
      index += size;
    }
    return (int) Math.max(lower, Math.min(upper, index));
  }

  private static int bound(Object v, int none) {
    if (v == None.NONE) {
      return none;
    }
    if (v instanceof BigInteger b) {
      return b.signum() < 0 ? -Integer.MAX_VALUE : Integer.MAX_VALUE;
    }
    if (!Values.isInt(v)) {
      throw new JinjaException(
          "slice indices must be integers or None or have an __index__ method");
    }
    return (int) Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, Values.longOf(v)));
  }

  private static boolean isSequence(Object v) {
    return v instanceof ListValue
        || v instanceof TupleValue
        || v instanceof Text
        || v instanceof RangeValue;
  }

  static Object slice(Rendering r, Object v, Object start, Object stop, Object step) {
    if (v instanceof Undefined u) {
      throw u.fail();
    }
    if (!isSequence(v)) {
      throw new JinjaException(
          v instanceof DictValue
              ? "unhashable type: 'slice'"
              : "'" + Values.typeName(v) + "' object is not subscriptable");
    }
    int[] at = indices(Values.length(v), start, stop, step);
    int by = at[2];
    long distance = by > 0 ? (long) at[1] - at[0] : (long) at[0] - at[1];
    int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.abs((long) by) + 1);
    r.allocate(count);
    if (v instanceof Text t) {
      return text(r, t, at[0], by, count);
    } else if (v instanceof RangeValue range) {
      long from = range.start() + at[0] * range.step();
      long width = range.step() * by;
      return new RangeValue(from, range.start() + at[1] * range.step(), width, count);
    }
    List<Object> items = v instanceof ListValue l ? l.items() : ((TupleValue) v).items();
    List<Object> part;
    if (by == 1) {
      part = new ArrayList<>(items.subList(at[0], at[0] + count));
    } else {
      part = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        part.add(items.get(at[0] + i * by));
      }
    }
    return v instanceof ListValue ? new ListValue(part) : TupleValue.of(part);
  }

  private static Text text(Rendering r, Text t, int from, int by, int count) {
    if (count == 0) {
      return Text.EMPTY;
    }
    if (by == 1) {
      return t.units(t.offset(from), t.offset(from + count));
    }
    int[] offsets = offsets(t);
    TextBuilder b = r.builder();
    for (int i = 0; i < count; i++) {
      int index = from + i * by;
      b.append(t, offsets[index], offsets[index + 1]);
    }
    return t.isMarkup() ? b.build().asMarkup() : b.build();
  }

  /** Where each code point starts, and the end. */
  private static int[] offsets(Text t) {
    int[] offsets = new int[t.length() + 1];
    int at = 0;
    for (int i = 0; i < t.length(); i++) {
      offsets[i] = at;
      at = t.string().offsetByCodePoints(at, 1);
    }
    offsets[t.length()] = at;
    return offsets;
  }

  static Text reversed(Rendering r, Text t) {
    return (Text) slice(r, t, None.NONE, None.NONE, -1L);
  }
}
