package dev.jllm.core.grammar.regex;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.RuleNet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;

/**
 * Regular expressions in the notation of ECMA 262 (in its Unicode mode): classes, {@code \d \w \s
 * \b \p{…}}, quantifiers, groups, alternatives, anchors, escapes. Look-around and back-references
 * are refused. Expressions that would need too large an automaton are refused as well.
 */
public final class Regex {
  private static final int MAX_PATTERN_STATES = 10_000;

  private Regex() {}

  /**
   * The grammar of the texts that the expression matches as a whole.
   *
   * @throws GrammarException if the expression cannot be used
   */
  public static RuleNet compile(String expression) {
    Nfa nfa = new Nfa(new RegexParser(expression).parse(), false);
    RuleNetBuilder net = new RuleNetBuilder();
    if (!nfa.hasConditions()) {
      return net.build(nfa.rule(net));
    }
    Dfa dfa = Subsets.determinise(nfa, MAX_PATTERN_STATES);
    return net.build(dfa.rule(net, "regex"));
  }

  /** The texts of which the expression matches the whole. */
  public static Dfa whole(String expression) {
    return dfa(expression, false);
  }

  /** The texts of which the expression matches a part, as {@code pattern} of JSON Schema asks. */
  public static Dfa anywhere(String expression) {
    return dfa(expression, true);
  }

  /** The texts that hold {@code part}. */
  public static Dfa containing(String part) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      expression.append("^$\\.*+?()[]{}|/".indexOf(c) >= 0 ? "\\" : "").append(c);
    }
    return anywhere(expression.toString());
  }

  private static Dfa dfa(String expression, boolean anywhere) {
    Node node = new RegexParser(expression).parse();
    return Subsets.determinise(new Nfa(node, anywhere), MAX_PATTERN_STATES);
  }
}
