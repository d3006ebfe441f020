package dev.jllm.core.chat.jinja;

import org.jspecify.annotations.Nullable;

/** Attributes and items of values, in the order in which Jinja looks for them. No reflection. */
final class Attributes {
  private Attributes() {}

  /** {@code owner.name}: the attribute, else the item. */
  static Object attribute(Object owner, Text name) {
    if (owner instanceof DictValue dict && !DictMethods.ALL.containsKey(name.string())) {
      Object value = dict.get(name);
      if (value != null) {
        return value;
      }
    }
    Object value = find(owner, name.string());
    if (value != null) {
      return value;
    }
    value = get(owner, name);
    return value != null ? value : Undefined.attribute(owner, name);
  }

  /** {@code owner[key]}: the item, else the attribute. */
  static Object item(Object owner, Object key) {
    Object value = get(owner, key);
    if (value == null && key instanceof Text name) {
      value = find(owner, name.string());
    }
    return value != null ? value : Undefined.attribute(owner, key);
  }

  /** Python's {@code owner[key]}, or null where it raises a lookup or type error. */
  private static @Nullable Object get(Object owner, Object key) {
    if (owner instanceof DictValue dict) {
      if (key instanceof ListValue || key instanceof DictValue || key instanceof DictView) {
        return null;
      }
      return dict.get(key);
    } else if (owner instanceof Undefined u) {
      throw u.fail();
    } else if (!Values.isInt(key) || key instanceof java.math.BigInteger) {
      return null;
    }
    boolean sequence =
        owner instanceof ListValue
            || owner instanceof TupleValue
            || owner instanceof Text
            || owner instanceof RangeValue;
    if (!sequence) {
      return null;
    }
    int size = Values.length(owner);
    long index = Values.longOf(key);
    if (index < 0) {
      index += size;
    }
    if (index < 0 || index >= size) {
      return null;
    }
    return Slices.at(owner, (int) index);
  }

  /** The attribute alone, or null if the value has none of that name. */
  static @Nullable Object find(Object owner, String name) {
    if (owner instanceof Undefined u) {
      if (name.equals("__class__") || name.equals("__doc__") || name.equals("__init__")) {
        return Undefined.unsafe(owner, name);
      }
      throw u.fail();
    }
    if (owner instanceof Text text) {
      TextMethods.Method method = TextMethods.ALL.get(name);
      if (method != null && text.isMarkup()) {
        return function(name, (r, args) -> TextMethods.callOnMarkup(r, name, method, text, args));
      }
      return method == null ? null : function(name, (r, args) -> method.call(r, text, args));
    } else if (owner instanceof DictValue dict) {
      DictMethods.Method method = DictMethods.ALL.get(name);
      return method == null ? null : function(name, (r, args) -> method.call(r, dict, args));
    } else if (owner instanceof ListValue list) {
      ListMethods.Method method = ListMethods.ALL.get(name);
      return method == null
          ? null
          : function(name, (r, args) -> method.call(r, list.items(), args));
    } else if (owner instanceof TupleValue tuple) {
      int field = tuple.names().indexOf(name);
      if (field >= 0) {
        return tuple.items().get(field);
      }
      if (!name.equals("count") && !name.equals("index")) {
        return null;
      }
      ListMethods.Method method = ListMethods.ALL.get(name);
      return method == null
          ? null
          : function(name, (r, args) -> method.call(r, tuple.items(), args));
    } else if (owner instanceof Namespace namespace) {
      return namespace.attributes.get(Text.untrusted(name));
    } else if (owner instanceof LoopVariable loop) {
      return loop.attribute(name);
    } else if (owner instanceof Macro macro) {
      return macro.attribute(name);
    } else if (owner instanceof Globals.Cycler cycler) {
      return cycler.attribute(name);
    } else if (owner instanceof RangeValue range) {
      return switch (name) {
        case "start" -> range.start();
        case "stop" -> range.stop();
        case "step" -> range.step();
        case "count", "index" ->
            function(
                name, (r, args) -> ListMethods.ALL.get(name).call(r, Values.items(r, range), args));
        default -> null;
      };
    } else if (owner instanceof Callable.Function f) {
      return null;
    } else if (Values.isNumber(owner)) {
      return number(owner, name);
    }
    return null;
  }

  private static @Nullable Object number(Object owner, String name) {
    if (owner instanceof Double d) {
      return switch (name) {
        case "real" -> d;
        case "imag" -> 0.0;
        case "is_integer" ->
            function(name, (r, args) -> d == Math.rint(d) && !Double.isInfinite(d));
        case "conjugate" -> function(name, (r, args) -> d);
        default -> null;
      };
    }
    return switch (name) {
      case "real", "numerator" -> Values.integer(Values.big(owner));
      case "imag" -> 0L;
      case "denominator" -> 1L;
      case "conjugate" -> function(name, (r, args) -> Values.integer(Values.big(owner)));
      case "bit_length" -> function(name, (r, args) -> (long) Values.big(owner).abs().bitLength());
      case "bit_count" -> function(name, (r, args) -> (long) Values.big(owner).abs().bitCount());
      default -> null;
    };
  }

  private static Callable.Function function(String name, Callable body) {
    return new Callable.Function(name, "<built-in method " + name + ">", body);
  }
}
