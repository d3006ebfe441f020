package dev.jllm.core.grammar;

import dev.jllm.core.grammar.automaton.Matcher;
import dev.jllm.core.grammar.automaton.Position;
import dev.jllm.core.grammar.automaton.RuleNet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.grammar.gbnf.Gbnf;
import dev.jllm.core.grammar.regex.Regex;
import dev.jllm.core.grammar.schema.JsonSchema;
import java.util.Collection;
import java.util.function.ToIntFunction;

/** A set of texts that output can be held to. Immutable and thread-safe. */
public final class Grammar {
  private final RuleNet net;
  private final boolean distinctNames;

  private Grammar(RuleNet net) {
    this(net, false);
  }

  private Grammar(RuleNet net, boolean distinctNames) {
    this.net = net;
    this.distinctNames = distinctNames;
  }

  /**
   * The JSON texts that are valid under a JSON Schema (draft 2020-12).
   *
   * @throws dev.jllm.api.GrammarException if it cannot be expressed, with the keyword's path
   */
  public static Grammar jsonSchema(String schema) {
    return jsonSchema(schema, JsonSchema.Use.ACCEPT);
  }

  /**
   * The texts that a model should write under a JSON Schema: of the valid ones those in which
   * integers are digits alone where the schema admits no other numbers.
   *
   * @throws dev.jllm.api.GrammarException as {@link #jsonSchema(String)}
   */
  public static Grammar jsonAnswer(String schema) {
    return jsonSchema(schema, JsonSchema.Use.WRITE);
  }

  private static Grammar jsonSchema(String schema, JsonSchema.Use use) {
    JsonSchema.Compiled compiled = JsonSchema.compile(schema, use);
    return new Grammar(compiled.net(), compiled.distinctNames());
  }

  /** Any JSON object or array. */
  public static Grammar json() {
    return jsonSchema("{\"type\":[\"object\",\"array\"]}");
  }

  /** The texts that an automaton matches. */
  public static Grammar of(RuleNet net) {
    return new Grammar(net);
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

  /**
   * The texts that a regular expression (ECMA 262) matches as a whole.
   *
   * @throws dev.jllm.api.GrammarException if it cannot be used
   */
  public static Grammar regex(String expression) {
    return new Grammar(Regex.compile(expression));
  }

  /**
   * The texts given, and no others.
   *
   * @throws dev.jllm.api.GrammarException if they are too long
   */
  public static Grammar choice(Collection<String> texts) {
    RuleNetBuilder net = new RuleNetBuilder();
    int root = net.rule("choice");
    for (String text : texts) {
      net.accept(net.text(net.entry(root), text));
    }
    return new Grammar(net.build(root));
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

  /** Whether the names of an object's members must be kept from repeating. */
  boolean distinctNames() {
    return distinctNames;
  }

  RuleNet net() {
    return net;
  }
}
