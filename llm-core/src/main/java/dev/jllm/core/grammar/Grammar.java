package dev.jllm.core.grammar;

import dev.jllm.core.grammar.automaton.Matcher;
import dev.jllm.core.grammar.automaton.Position;
import dev.jllm.core.grammar.automaton.RuleNet;
import dev.jllm.core.grammar.gbnf.Gbnf;
import java.util.function.ToIntFunction;

/** A set of texts that output can be held to. Immutable and thread-safe. */
public final class Grammar {
  private final RuleNet net;

  private Grammar(RuleNet net) {
    this.net = net;
  }

  /**
   * The grammar of a GBNF text (the dialect of llama.cpp v0.5.0) that names no token by its text.
   *
   * @throws dev.jllm.api.GrammarException if it cannot be used
   */
  public static Grammar gbnf(String text) {
    return new Grammar(Gbnf.compile(text));
  }

  /**
   * The grammar of a GBNF text.
   *
   * @param tokenIds the id of a token by its text with the angle brackets, -1 for none
   * @throws dev.jllm.api.GrammarException if it cannot be used
   */
  public static Grammar gbnf(String text, ToIntFunction<String> tokenIds) {
    return new Grammar(Gbnf.compile(text, "root", tokenIds));
  }

  /** Whether the whole text matches. */
  public boolean matches(String text) {
    Matcher matcher = new Matcher(net);
    Position at = matcher.start();
    for (int i = 0; i < text.length() && !at.isDead(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        at = matcher.step(at, c);
      } else if (c < 0x800) {
        at = matcher.step(at, 0xC0 | c >> 6);
        at = matcher.step(at, 0x80 | c & 0x3F);
      } else if (c < 0x10000) {
        // A surrogate on its own gives bytes that no grammar accepts.
        at = matcher.step(at, 0xE0 | c >> 12);
        at = matcher.step(at, 0x80 | c >> 6 & 0x3F);
        at = matcher.step(at, 0x80 | c & 0x3F);
      } else {
        at = matcher.step(at, 0xF0 | c >> 18);
        at = matcher.step(at, 0x80 | c >> 12 & 0x3F);
        at = matcher.step(at, 0x80 | c >> 6 & 0x3F);
        at = matcher.step(at, 0x80 | c & 0x3F);
      }
    }
    return at.isComplete();
  }

  /** Whether no text at all matches. */
  public boolean isEmpty() {
    return net.isEmpty();
  }

  RuleNet net() {
    return net;
  }
}
