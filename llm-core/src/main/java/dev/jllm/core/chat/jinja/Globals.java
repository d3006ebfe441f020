package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every template can call. */
final class Globals {
  static final Map<String, Object> ALL = new HashMap<>();

  private Globals() {}

  private static void add(String name, Callable body) {
    ALL.put(name, Callable.Function.of(name, body));
  }

  static {
    add("range", (r, args) -> range(args));
    add(
        "dict",
        (r, args) -> {
          DictValue d = new DictValue();
          DictMethods.fill(r, d, args, "dict");
          return d;
        });
    add(
        "namespace",
        (r, args) -> {
          DictValue d = new DictValue();
          DictMethods.fill(r, d, args, "namespace");
          return new Namespace(d);
        });
    Params joiner = Params.of("joiner", 0, "sep");
    add(
        "joiner",
        (r, args) -> {
          Object separator = joiner.bind(args)[0];
          return new Joiner(separator == null ? Text.trusted(", ") : separator);
        });
    add(
        "cycler",
        (r, args) -> {
          if (!args.named().isEmpty()) {
            throw new JinjaException("cycler() takes no keyword arguments");
          }
          if (args.size() == 0) {
            throw new JinjaException("at least one item has to be provided");
          }
          return new Cycler(args.positional());
        });
    add(
        "lipsum",
        (r, args) -> {
          throw new JinjaException("'lipsum' is refused: its text is made of chance.");
        });
    Params raise = Params.of("raise_exception", 1, "message");
    add(
        "raise_exception",
        (r, args) -> {
          Object message = Values.orNone(raise.bind(args)[0]);
          throw JinjaException.raised(Values.str(r, message).string());
        });
    Params time = Params.of("strftime_now", 1, "format");
    add(
        "strftime_now",
        (r, args) -> {
          Text format = Values.text(Values.orNone(time.bind(args)[0]), "strftime() argument 1");
          r.allocate(format.units());
          return StrfTime.format(r, format, r.clock.get());
        });
  }

  private static RangeValue range(Args args) {
    if (!args.named().isEmpty()) {
      throw new JinjaException("range() takes no keyword arguments");
    }
    List<Object> a = args.positional();
    long[] v = new long[a.size()];
    for (int i = 0; i < v.length; i++) {
      Object x = a.get(i);
      if (x instanceof Undefined u) {
        throw u.fail();
      } else if (!Values.isInt(x)) {
        throw new JinjaException(
            "'" + Values.typeName(x) + "' object cannot be interpreted as an integer");
      } else if (x instanceof BigInteger) {
        throw new JinjaException("Range too big.");
      }
      v[i] = Values.longOf(x);
    }
    return switch (v.length) {
      case 1 -> RangeValue.of(0, v[0], 1);
      case 2 -> RangeValue.of(v[0], v[1], 1);
      case 3 -> RangeValue.of(v[0], v[1], v[2]);
      default -> throw new JinjaException("range expected 1 to 3 arguments, got " + v.length);
    };
  }

  /** Gives nothing the first time it is called, then the separator. */
  static final class Joiner implements Callable {
    private final Object separator;
    private boolean used;

    Joiner(Object separator) {
      this.separator = separator;
    }

    @Override
    public Object call(Rendering r, Args args) {
      Params.of("joiner", 0).bind(args);
      if (used) {
        return separator;
      }
      used = true;
      return Text.EMPTY;
    }
  }

  /** Goes through its items again and again. */
  static final class Cycler {
    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
      this.items = List.copyOf(items);
    }

    @Nullable Object attribute(String name) {
      return switch (name) {
        case "current" -> items.get(at);
        case "pos" -> (long) at;
        case "items" -> TupleValue.of(items);
        case "next" -> Callable.Function.of("next", (r, args) -> next());
        case "reset" ->
            Callable.Function.of(
                "reset",
                (r, args) -> {
                  at = 0;
                  return None.NONE;
                });
        default -> null;
      };
    }

    private Object next() {
      Object item = items.get(at);
      at = (at + 1) % items.size();
      return item;
    }
  }
}
