package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the body of a call block, as a value. */
final class Macro implements Callable {
  private final MacroDefinition definition;
  private final Scope scope;

  Macro(MacroDefinition definition, Scope scope) {
    this.definition = definition;
    this.scope = scope;
  }

  @Override
  public Object call(Rendering r, Args args) {
    List<String> names = definition.parameters;
    String shown = definition.name == null ? "None" : "'" + definition.name + "'";
    @Nullable Object[] values = new @Nullable Object[names.size()];
    Map<String, Object> named = new LinkedHashMap<>(args.named());
    int given = Math.min(args.size(), names.size());
    boolean callerFound = false;
    for (int i = 0; i < names.size(); i++) {
      if (i < given) {
        values[i] = args.positional().get(i);
      } else {
        values[i] = named.remove(names.get(i));
        callerFound |= names.get(i).equals("caller");
      }
    }
    if (given == names.size()) {
      callerFound = names.contains("caller");
    }
    Object caller = null;
    if (definition.readsCaller && !callerFound) {
      caller = named.remove("caller");
      if (caller == null) {
        caller = Undefined.hint("No caller defined");
      }
    }
    if (!definition.takesNamed && !named.isEmpty()) {
      if (named.containsKey("caller")) {
        throw new JinjaException(
            "macro "
                + shown
                + " was invoked with two values for the special caller argument."
                + " This is most likely a bug.");
      }
      throw new JinjaException(
          "macro "
              + shown
              + " takes no keyword argument '"
              + named.keySet().iterator().next()
              + "'");
    }
    if (!definition.takesMore && args.size() > names.size()) {
      throw new JinjaException(
          "macro " + shown + " takes not more than " + names.size() + " argument(s)");
    }
    DictValue rest = new DictValue();
    named.forEach((key, value) -> rest.put(Text.untrusted(key), value));
    List<Object> more = new ArrayList<>(args.positional().subList(given, args.size()));
    return definition.invoke(r, scope, values, caller, rest, TupleValue.of(more));
  }

  @Nullable Object attribute(String name) {
    return switch (name) {
      case "name" -> definition.name == null ? None.NONE : Text.trusted(definition.name);
      case "arguments" -> {
        List<Object> names = new ArrayList<>();
        definition.parameters.forEach(p -> names.add(Text.trusted(p)));
        yield TupleValue.of(names);
      }
      case "catch_kwargs" -> definition.takesNamed;
      case "catch_varargs" -> definition.takesMore;
      case "caller" -> definition.readsCaller;
      case "explicit_caller" -> definition.parameters.contains("caller");
      default -> null;
    };
  }

  @Override
  public String toString() {
    return definition.name == null ? "<Macro anonymous>" : "<Macro '" + definition.name + "'>";
  }
}
