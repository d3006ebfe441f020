package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** All tests, by name. */
final class Tests {
  static final Map<String, Test> ALL = new HashMap<>();

  private Tests() {}

  static Test named(String name) {
    Test test = ALL.get(name);
    if (test == null) {
      throw new JinjaException("No test named '" + name + "'.");
    }
    return test;
  }

  private static void is(String name, Predicate<Object> test) {
    Params none = Params.of("test_" + name, 0);
    ALL.put(
        name,
        (r, value, args) -> {
          none.bind(args);
          return test.test(value);
        });
  }

  private static void compare(Comparison op, String... names) {
    Params other = Params.of(names[0], 1, "other");
    for (String name : names) {
      ALL.put(
          name,
          (r, value, args) -> Operators.compare(r, op, value, Values.orNone(other.bind(args)[0])));
    }
  }

  static {
    is("defined", v -> !(v instanceof Undefined));
    is("undefined", v -> v instanceof Undefined);
    is("none", v -> v == None.NONE);
    is("boolean", v -> v instanceof Boolean);
    is("true", v -> Boolean.TRUE.equals(v));
    is("false", v -> Boolean.FALSE.equals(v));
    is("integer", v -> v instanceof Long || v instanceof BigInteger);
    is("float", v -> v instanceof Double);
    is("number", Values::isNumber);
    is("string", v -> v instanceof Text);
    is("mapping", v -> v instanceof DictValue);
    is("sequence", Tests::isSequence);
    is("iterable", Values::isIterable);
    is("callable", v -> v instanceof Callable || v instanceof Undefined);
    is("escaped", v -> v instanceof Text t && t.isMarkup());
    Params none = Params.of("test", 0);
    ALL.put(
        "lower",
        (r, value, args) -> {
          none.bind(args);
          return TextMethods.isLower(Values.str(r, value).string());
        });
    ALL.put(
        "upper",
        (r, value, args) -> {
          none.bind(args);
          return TextMethods.isUpper(Values.str(r, value).string());
        });
    ALL.put(
        "odd",
        (r, value, args) -> {
          none.bind(args);
          return Values.equal(r, modulo(r, value, 2L), 1L);
        });
    ALL.put(
        "even",
        (r, value, args) -> {
          none.bind(args);
          return Values.equal(r, modulo(r, value, 2L), 0L);
        });
    Params by = Params.of("test_divisibleby", 1, "num");
    ALL.put(
        "divisibleby",
        (r, value, args) -> Values.equal(r, modulo(r, value, Values.orNone(by.bind(args)[0])), 0L));
    Params name = Params.of("test_filter", 0);
    ALL.put(
        "filter",
        (r, value, args) -> {
          name.bind(args);
          return Values.key(value) instanceof Text t && Filters.ALL.containsKey(t.string());
        });
    ALL.put(
        "test",
        (r, value, args) -> {
          name.bind(args);
          return Values.key(value) instanceof Text t && ALL.containsKey(t.string());
        });
    Params same = Params.of("test_sameas", 1, "other");
    ALL.put("sameas", (r, value, args) -> isSame(r, value, Values.orNone(same.bind(args)[0])));
    Params in = Params.of("test_in", 1, "seq");
    ALL.put("in", (r, value, args) -> Values.contains(r, Values.orNone(in.bind(args)[0]), value));
    compare(Comparison.EQ, "eq", "==", "equalto");
    compare(Comparison.NE, "ne", "!=");
    compare(Comparison.LT, "lt", "<", "lessthan");
    compare(Comparison.LE, "le", "<=");
    compare(Comparison.GT, "gt", ">", "greaterthan");
    compare(Comparison.GE, "ge", ">=");
  }

  private static Object modulo(Rendering r, Object value, Object by) {
    return Operators.binary(r, Operation.MOD, value, by);
  }

  private static boolean isSequence(Object v) {
    return v instanceof ListValue
        || v instanceof TupleValue
        || v instanceof DictValue
        || v instanceof Text
        || v instanceof RangeValue
        || v instanceof Undefined;
  }

  /** Identity; of small immutable values, as Python has one object for equal ones. */
  private static boolean isSame(Rendering r, Object a, Object b) {
    if (a == b) {
      return true;
    }
    boolean immutable = Values.isNumber(a) || a instanceof Text;
    return immutable && a.getClass() == b.getClass() && Values.equal(r, a, b);
  }
}
