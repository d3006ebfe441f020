package dev.jllm.core.token.split;

/**
 * At each place takes the first rule that matches; what no rule matches, between two matches, is a
 * word of its own.
 */
final class RuleSplitter implements Splitter {
  private final Rule[] rules;

  RuleSplitter(Rule... rules) {
    this.rules = rules.clone();
  }

  @Override
  public void split(CodePoints text, int from, int to, Words words) {
    int unmatched = from;
    int at = from;
    while (at < to) {
      int end = match(text, at, to);
      if (end == Rule.NONE) {
        at++;
        continue;
      }
      if (unmatched < at) {
        words.word(text, unmatched, at);
      }
      words.word(text, at, end);
      at = end;
      unmatched = end;
    }
    if (unmatched < to) {
      words.word(text, unmatched, to);
    }
  }

  private int match(CodePoints text, int at, int to) {
    for (Rule rule : rules) {
      int end = rule.end(text, at, to);
      if (end != Rule.NONE) {
        return end;
      }
    }
    return Rule.NONE;
  }
}
