package dev.jllm.core.chat.constrain;

import dev.jllm.core.chat.constrain.Pieces.Member;
import dev.jllm.core.chat.parse.OutputFormat.Tags;
import dev.jllm.core.chat.parse.ToolSchemas;
import dev.jllm.core.chat.parse.ToolSchemas.Schema;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.grammar.regex.Regex;
import dev.jllm.core.grammar.schema.ValueGrammar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** The arguments of a tool, in the ways in which models write them. */
final class ArgumentRules {
  /** Values nested more deeply are written as JSON. */
  private static final int MAX_DEPTH = 8;

  /** Names that any parser can tell from what stands around them. */
  private static final Dfa KEYS = Regex.whole("[A-Za-z_][A-Za-z0-9_.-]{0,63}");

  /** What reads as a literal and so might not stay a string. */
  private static final Dfa LITERALS =
      Regex.whole("\\s*([-+0-9{\\[\"'][^]*|true|false|null|True|False|None)\\s*|\\s*");

  private final Pieces pieces;
  private final RuleNetBuilder net;
  private final ToolValues values;
  private final Map<String, Dfa> without = new HashMap<>();

  ArgumentRules(Pieces pieces, ToolValues values) {
    this.pieces = pieces;
    this.net = pieces.net;
    this.values = values;
  }

  /** A JSON object. */
  int json(int from, String tool) {
    return pieces.rule(from, values.arguments(tool).json());
  }

  // ---- tags ----

  /** {@code <parameter=key>value</parameter>} and its like. */
  int tags(int from, String tool, Tags tags) {
    Schema schema = values.tools().schema(tool);
    List<Member> members = new ArrayList<>();
    for (String key : schema.properties()) {
      if (isWritable(key, tags)) {
        int rule = net.rule(key);
        int at = net.entry(rule);
        at = tags.nested().isEmpty() ? tag(at, key, schema.property(key), tags) : -1;
        if (at < 0) {
          at = nested(net.entry(rule), key, schema.property(key), tags.nested(), 0);
        }
        net.accept(at);
        members.add(new Member(rule, schema.requires(key)));
      }
    }
    if (members.isEmpty() && schema.isOpen() && tags.nested().isEmpty()) {
      return anyTags(from, tags);
    }
    return pieces.space(pieces.members(pieces.space(from), members, pieces::space));
  }

  private static boolean isWritable(String key, Tags tags) {
    return !key.isEmpty() && !key.contains(tags.keyEnd()) && key.indexOf('"') < 0;
  }

  private int tag(int from, String key, Schema schema, Tags tags) {
    int at = pieces.text(pieces.text(from, tags.keyBegin()), key);
    int to = net.state();
    ValueGrammar value = values.value(schema, without(tags.valueEnd()));
    int types = schema.types();
    boolean pure = types == ToolSchemas.STRING;
    if (!tags.attribute().isEmpty()) {
      // The attribute, not the schema, says whether the text is a string.
      boolean flag = tags.attribute().equals("string");
      net.empty(rawString(typed(at, tags, flag ? "true" : "string"), value, tags, true), to);
      for (String type : flag ? List.of("false") : types(types)) {
        int begun = typed(at, tags, type);
        net.empty(frame(begun, tags, s -> pieces.rule(s, value.jsonButStrings())), to);
      }
      return to;
    }
    at = valueBegin(at, tags);
    if ((types & ToolSchemas.STRING) != 0) {
      net.empty(rawString(at, value, tags, pure), to);
    }
    if (!pure) {
      net.empty(frame(at, tags, s -> pieces.rule(s, value.jsonButStrings())), to);
    }
    return to;
  }

  private static List<String> types(int types) {
    List<String> names = new ArrayList<>();
    for (String name : List.of("number", "integer", "boolean", "null", "object", "array")) {
      int bit =
          switch (name) {
            case "number", "integer" -> ToolSchemas.NUMBER;
            case "boolean" -> ToolSchemas.BOOLEAN;
            case "null" -> ToolSchemas.NULL;
            case "object" -> ToolSchemas.OBJECT;
            default -> ToolSchemas.ARRAY;
          };
      if ((types & bit) != 0) {
        names.add(name);
      }
    }
    return names;
  }

  private int typed(int from, Tags tags, String type) {
    String text = (isQuoted(tags) ? "\" " : " ") + tags.attribute() + "=\"" + type + "\"";
    return pieces.text(pieces.text(from, text), tags.keyEnd());
  }

  private static boolean isQuoted(Tags tags) {
    return tags.keyBegin().endsWith("\"") && !tags.keyEnd().startsWith("\"");
  }

  private int valueBegin(int from, Tags tags) {
    int at = pieces.text(isQuoted(tags) ? pieces.text(from, "\"") : from, tags.keyEnd());
    return tags.valueBegin().isEmpty() ? at : pieces.text(pieces.space(at), tags.valueBegin());
  }

  /** A value between what frames it. */
  private int frame(int from, Tags tags, IntUnaryOperator value) {
    String line = tags.padded() ? "\n" : "";
    int at = value.applyAsInt(pieces.text(from, line));
    return pieces.text(at, line + tags.valueEnd());
  }

  /**
   * A string as it is.
   *
   * @param pure whether it is a string whatever it looks like
   */
  private int rawString(int from, ValueGrammar value, Tags tags, boolean pure) {
    Dfa texts = value.strings().intersect(without(tags.valueEnd()));
    Dfa strings = pure ? texts : texts.minus(LITERALS);
    return frame(from, tags, s -> pieces.rule(s, strings.rule(net, "string")));
  }

  private Dfa without(String mark) {
    return without.computeIfAbsent(mark, m -> Regex.containing(m).complement());
  }

  /** Any members: the schema names none and forbids none. */
  private int anyTags(int from, Tags tags) {
    int loop = pieces.space(from);
    int at = pieces.rule(pieces.text(loop, tags.keyBegin()), KEYS.rule(net, "key"));
    at = tags.attribute().isEmpty() ? valueBegin(at, tags) : typed(at, tags, anyType(tags));
    Dfa text = without(tags.valueEnd()).minus(LITERALS);
    at = frame(at, tags, s -> pieces.rule(s, text.rule(net, "string")));
    net.empty(pieces.space(at), loop);
    return loop;
  }

  private static String anyType(Tags tags) {
    return tags.attribute().equals("string") ? "true" : "string";
  }

  // ---- tags within tags ----

  /** {@code <key>value</key>}, where a value may be made of such tags. */
  private int nested(int from, String key, Schema schema, String prefix, int depth) {
    int at = pieces.text(from, prefix + "<" + key + ">");
    return pieces.text(nestedValue(at, schema, prefix, depth), prefix + "</" + key + ">");
  }

  private int nestedValue(int from, Schema schema, String prefix, int depth) {
    if (depth < MAX_DEPTH && schema.isPlainObject()) {
      List<Member> members = new ArrayList<>();
      for (String key : schema.properties()) {
        int rule = net.rule(key);
        net.accept(nested(net.entry(rule), key, schema.property(key), prefix, depth + 1));
        members.add(new Member(rule, schema.requires(key)));
      }
      return pieces.members(from, members, s -> s);
    }
    if (depth < MAX_DEPTH && schema.isPlainArray()) {
      int rule = net.rule("item");
      net.accept(nested(net.entry(rule), "item", schema.items(), prefix, depth + 1));
      int loop = net.state();
      net.empty(from, loop);
      net.call(loop, rule, loop);
      return loop;
    }
    ValueGrammar value = values.value(schema, without(prefix));
    int types = schema.types();
    int to = net.state();
    if ((types & ToolSchemas.STRING) != 0) {
      Dfa texts = value.strings().intersect(without(prefix));
      texts = types == ToolSchemas.STRING ? texts : texts.minus(LITERALS);
      net.call(from, texts.rule(net, "string"), to);
    }
    if (types != ToolSchemas.STRING) {
      net.call(from, value.jsonButStrings(), to);
    }
    return to;
  }

  // ---- Python ----

  /** {@code (key=value, …)}, without the name. */
  int python(int from, String tool) {
    Schema schema = values.tools().schema(tool);
    List<Member> members = new ArrayList<>();
    for (String key : schema.properties()) {
      if (KEYS.contains(key)) {
        int rule = net.rule(key);
        net.accept(pythonValue(pieces.text(net.entry(rule), key + "="), schema.property(key)));
        members.add(new Member(rule, schema.requires(key)));
      }
    }
    int at = pieces.space(pieces.text(from, "("));
    at = pieces.members(at, members, s -> pieces.space(pieces.text(pieces.space(s), ",")));
    return pieces.text(pieces.space(at), ")");
  }

  private int pythonValue(int from, Schema schema) {
    ValueGrammar value = values.value(schema, Dfa.ALL);
    int to = pieces.rule(from, value.json());
    if (value.allows(true)) {
      net.empty(pieces.text(from, "True"), to);
    }
    if (value.allows(false)) {
      net.empty(pieces.text(from, "False"), to);
    }
    if (value.allows(null)) {
      net.empty(pieces.text(from, "None"), to);
    }
    Dfa plain = value.strings().intersect(Regex.whole("[^'\\\\\\x00-\\x1f]*"));
    net.empty(pieces.text(pieces.rule(pieces.text(from, "'"), plain.rule(net, "text")), "'"), to);
    return to;
  }

  // ---- literals with bare keys ----

  /** {@code {key:value,…}} with strings between marks. */
  int literal(int from, String tool, String mark) {
    Schema schema = values.tools().schema(tool);
    boolean plain = schema.isPlainObject();
    return plain ? literal(from, schema, mark, 0) : json(from, tool);
  }

  private int literal(int from, Schema schema, String mark, int depth) {
    if (depth < MAX_DEPTH && schema.isPlainObject()) {
      List<Member> members = new ArrayList<>();
      for (String key : schema.properties()) {
        int rule = net.rule(key);
        int at =
            pieces.text(net.entry(rule), KEYS.contains(key) ? key + ":" : mark + key + mark + ":");
        net.accept(literal(at, schema.property(key), mark, depth + 1));
        members.add(new Member(rule, schema.requires(key)));
      }
      int at = pieces.members(pieces.text(from, "{"), members, s -> pieces.text(s, ","));
      return pieces.text(at, "}");
    }
    if (depth < MAX_DEPTH && schema.isPlainArray()) {
      int rule = net.rule("item");
      net.accept(literal(net.entry(rule), schema.items(), mark, depth + 1));
      int open = pieces.text(from, "[");
      int more = pieces.rule(open, rule);
      net.call(pieces.text(more, ","), rule, more);
      int to = pieces.text(more, "]");
      net.empty(pieces.text(open, "]"), to);
      return to;
    }
    ValueGrammar value = values.value(schema, Dfa.ALL);
    int to = net.state();
    Dfa texts = value.strings().intersect(without(mark));
    int end = pieces.rule(pieces.text(from, mark), texts.rule(net, "string"));
    net.empty(pieces.text(end, mark), to);
    net.call(from, value.jsonButStrings(), to);
    return to;
  }
}
