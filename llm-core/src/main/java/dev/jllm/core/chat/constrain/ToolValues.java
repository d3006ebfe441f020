package dev.jllm.core.chat.constrain;

import dev.jllm.api.GrammarException;
import dev.jllm.core.chat.parse.ToolSchemas;
import dev.jllm.core.chat.parse.ToolSchemas.Schema;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.grammar.schema.ValueGrammar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of the offered tools as grammars. A schema that no grammar can express stands for any
 * value of its types: such a call is checked after it was written.
 */
final class ToolValues {
  private final RuleNetBuilder net;
  private final ToolSchemas tools;
  private final Map<Key, ValueGrammar> values = new HashMap<>();
  private final Map<String, ValueGrammar> arguments = new HashMap<>();

  private record Key(Schema schema, Dfa writable) {}

  ToolValues(RuleNetBuilder net, ToolSchemas tools) {
    this.net = net;
    this.tools = tools;
  }

  ToolSchemas tools() {
    return tools;
  }

  /** All arguments of a tool: an object. */
  ValueGrammar arguments(String tool) {
    return arguments.computeIfAbsent(
        tool,
        name -> {
          Map<String, @Nullable Object> schema = tools.schema(name).document();
          schema.put("type", "object");
          return grammar(schema, ToolSchemas.OBJECT, Dfa.ALL);
        });
  }

  /**
   * One value.
   *
   * @param writable the strings that may stand in JSON texts
   */
  ValueGrammar value(Schema schema, Dfa writable) {
    return values.computeIfAbsent(
        new Key(schema, writable), key -> grammar(schema.document(), schema.types(), writable));
  }

  private ValueGrammar grammar(Map<String, @Nullable Object> schema, int types, Dfa writable) {
    try {
      return new ValueGrammar(net, schema, Pieces.MAX_SPACE, writable);
    } catch (GrammarException e) {
      return new ValueGrammar(net, Map.of("type", names(types)), Pieces.MAX_SPACE, writable);
    }
  }

  private static List<String> names(int types) {
    List<String> names = new ArrayList<>();
    String[] all = {"string", "number", "boolean", "null", "object", "array"};
    for (int i = 0; i < all.length; i++) {
      if ((types & 1 << i) != 0) {
        names.add(all[i]);
      }
    }
    return names;
  }
}
