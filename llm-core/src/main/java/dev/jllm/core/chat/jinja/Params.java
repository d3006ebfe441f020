package dev.jllm.core.chat.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a built-in function, and the binding of arguments to them. */
final class Params {
  private final String function;
  private final int required;
  private final String[] names;

  private Params(String function, int required, String[] names) {
    this.function = function;
    this.required = required;
    this.names = names;
  }

  /** A name that starts with {@code /} can only be given by position. */
  static Params of(String function, int required, String... names) {
    return new Params(function, required, names);
  }

  /** One value a parameter, null where none was given. */
  @Nullable Object[] bind(Args args) {
    if (args.size() > names.length) {
      throw new JinjaException(
          function
              + "() takes at most "
              + names.length
              + " argument"
              + (names.length == 1 ? "" : "s")
              + " ("
              + args.size()
              + " given)");
    }
    @Nullable Object[] values = new @Nullable Object[names.length];
    for (int i = 0; i < args.size(); i++) {
      values[i] = args.positional().get(i);
    }
    for (Map.Entry<String, Object> e : args.named().entrySet()) {
      int at = index(e.getKey());
      if (at < 0) {
        throw new JinjaException(
            function + "() got an unexpected keyword argument '" + e.getKey() + "'");
      }
      if (values[at] != null) {
        throw new JinjaException(
            function + "() got multiple values for argument '" + e.getKey() + "'");
      }
      values[at] = e.getValue();
    }
    for (int i = 0; i < required; i++) {
      if (values[i] == null) {
        throw new JinjaException(
            function + "() missing required argument '" + names[i].replace("/", "") + "'");
      }
    }
    return values;
  }

  private int index(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
