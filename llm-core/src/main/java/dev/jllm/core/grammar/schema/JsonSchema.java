package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.RuleNet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schema (draft 2020-12) as a grammar of the JSON texts that are valid.
 *
 * <p>A schema is read as a formula over values: conjunctions, alternatives and negations of simple
 * statements. For each type of value the formula is brought into a form that can be written down:
 * strings and numbers become automata (which intersect and complement exactly), arrays and objects
 * alternatives of small automata over their elements and members. So {@code allOf}, {@code oneOf},
 * {@code not} and {@code if} mean what they say. What cannot be expressed is refused with the
 * keyword's path.
 */
public final class JsonSchema {
  /** White space between two tokens of the JSON text, at most. */
  private static final int MAX_SPACE = 40;

  /** What the texts are for. */
  public enum Use {
    /** All texts that are valid. */
    ACCEPT,
    /** The valid texts that a model should write: see {@link Numbers#written}. */
    WRITE
  }

  /** A compiled schema; its objects may have to be kept from repeating names. */
  public record Compiled(RuleNet net, boolean distinctNames) {}

  private JsonSchema() {}

  /**
   * Compiles a schema.
   *
   * @throws GrammarException if it is no schema or cannot be expressed, with the keyword's path
   */
  public static Compiled compile(String schema, Use use) {
    Object value;
    try {
      value = Json.parse(schema);
    } catch (JsonException e) {
      throw new GrammarException("The JSON schema cannot be read: " + e.getMessage(), e);
    }
    return compile(value, use);
  }

  private static Compiled compile(@Nullable Object schema, Use use) {
    SchemaDocument document = new SchemaDocument(schema);
    Numbers numbers = new Numbers(document.needsPlainNumbers());
    Formulas formulas = new Formulas(numbers);
    SchemaReader reader = new SchemaReader(document, formulas, numbers);
    RuleNetBuilder net = new RuleNetBuilder();
    ValueRules values = new ValueRules(net, reader, MAX_SPACE, Dfa.ALL, use);
    int root = values.rule(reader.read(SchemaDocument.enter(document.root())), document.root());
    values.write();
    return new Compiled(net.build(root), values.needsDistinctNames());
  }
}
