package dev.jllm.core.grammar.schema;

import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.grammar.regex.Dfa;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one JSON Schema as parts of a larger grammar, for output that writes values
 * otherwise than in JSON alone.
 */
public final class ValueGrammar {
  private final ValueRules values;
  private final Formula formula;
  private final Location root;

  /**
   * Reads a schema given as maps, lists, strings, numbers and booleans.
   *
   * @param net receives the rules
   * @param maxSpace characters of white space between two tokens of JSON, at most
   * @param writable the strings that may stand in JSON texts
   * @throws dev.jllm.api.GrammarException if it is no schema or cannot be expressed, with the
   *     keyword's path
   */
  public ValueGrammar(RuleNetBuilder net, Object schema, int maxSpace, Dfa writable) {
    SchemaDocument document = new SchemaDocument(schema);
    Numbers numbers = new Numbers(document.needsPlainNumbers());
    SchemaReader reader = new SchemaReader(document, new Formulas(numbers), numbers);
    values = new ValueRules(net, reader, maxSpace, writable, JsonSchema.Use.WRITE);
    root = document.root();
    formula = reader.read(SchemaDocument.enter(root));
    // What cannot be expressed shows when the rules are written; they are small.
    json();
    values.write();
  }

  /** The strings that are valid, as they are, without quotes. */
  public Dfa strings() {
    return values.meaning.strings(formula);
  }

  /** Whether {@code true}, {@code false} or null ({@code null}) is valid. */
  public boolean allows(@Nullable Boolean value) {
    int type = value == null ? Formula.NULL : value ? Formula.TRUE : Formula.FALSE;
    return values.meaning.holds(formula, type);
  }

  /** The rule for the JSON texts of valid values. */
  public int json() {
    return values.rule(formula, root);
  }

  /** The rule for the JSON texts of valid values that are no strings; it may match nothing. */
  public int jsonButStrings() {
    Formula others = values.formulas.types(Formula.ANY & ~Formula.STRING);
    int rule = values.rule(values.formulas.and(List.of(formula, others)), root);
    values.write();
    return rule;
  }
}
