package dev.jllm.core.grammar.gbnf;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.RuleNet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * GBNF grammars in the dialect of llama.cpp v0.5.0: literals, character classes, {@code .}, groups,
 * alternatives, {@code * + ? {m} {m,} {m,n}}, tokens ({@code <[7]>}, {@code <think>}, negated with
 * {@code !}), comments. The rule {@code root} matches the whole text.
 */
public final class Gbnf {
  private Gbnf() {}

  /** A grammar that names no token by its text. */
  public static RuleNet compile(String grammar) {
    return compile(grammar, "root", token -> -1);
  }

  /**
   * Compiles a grammar.
   *
   * @param root the name of the rule that matches the whole text
   * @param tokenIds the id of a token by its text with the angle brackets, -1 for none
   * @throws GrammarException with line and column, if the text is no grammar, a rule is undefined
   *     or left-recursive, or repetitions are out of bounds
   */
  public static RuleNet compile(String grammar, String root, ToIntFunction<String> tokenIds) {
    Rules rules = new GbnfParser(grammar, tokenIds).parse();
    Integer rootRule = rules.find(root);
    if (rootRule == null) {
      throw new GrammarException("The grammar has no rule named '" + root + "'");
    }
    LeftRecursion.check(rules);
    RuleNetBuilder net = new RuleNetBuilder();
    for (int rule = 0; rule < rules.size(); rule++) {
      net.rule(rules.name(rule));
    }
    for (int rule = 0; rule < rules.size(); rule++) {
      int end = net.state();
      net.accept(end);
      for (List<Element> alternative : Objects.requireNonNull(rules.alternatives(rule))) {
        int from = net.entry(rule);
        // A repetition goes back to its beginning instead of calling itself, so that what is
        // repeated may be empty.
        boolean loop = rules.isLoop(rule) && !alternative.isEmpty();
        int length = alternative.size() - (loop ? 1 : 0);
        for (int i = 0; i < length; i++) {
          int to = i < length - 1 ? net.state() : loop ? net.entry(rule) : end;
          add(net, from, alternative.get(i), to);
          from = to;
        }
        if (alternative.isEmpty()) {
          net.empty(from, end);
        }
      }
    }
    return net.build(rootRule);
  }

  private static void add(RuleNetBuilder net, int from, Element element, int to) {
    if (element instanceof Element.Chars chars) {
      net.chars(from, chars.set(), to);
    } else if (element instanceof Element.Reference reference) {
      net.call(from, reference.rule(), to);
    } else if (element instanceof Element.Token token) {
      net.token(from, token.id(), token.negated(), to);
    }
  }
}
