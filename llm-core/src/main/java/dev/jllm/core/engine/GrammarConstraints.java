package dev.jllm.core.engine;

import dev.jllm.api.GrammarException;
import dev.jllm.api.ResponseFormat;
import dev.jllm.core.chat.constrain.CallGrammar;
import dev.jllm.core.chat.parse.OutputFormat;
import dev.jllm.core.grammar.Grammar;
import dev.jllm.core.grammar.GrammarConstraint;
import dev.jllm.core.grammar.TokenGrammar;
import dev.jllm.core.grammar.TokenTrie;
import dev.jllm.core.sample.Candidates;
import dev.jllm.core.sample.SamplerChain;
import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.TokenAttributes;
import dev.jllm.core.token.Vocabulary;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Response formats and calls of tools as grammars over the model's tokens. The vocabulary's trie is
 * built at the first use; the grammars used last are kept with what has been learnt about them.
 */
final class GrammarConstraints implements Constraints {
  private static final int MAX_GRAMMARS = 16;

  private final TextTokenizer tokenizer;
  private @Nullable TokenTrie trie;
  private @Nullable TokenTrie markTrie;
  private final Map<String, TokenGrammar> grammars =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenGrammar> eldest) {
          return size() > MAX_GRAMMARS;
        }
      };

  GrammarConstraints(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public @Nullable Constraint of(ResponseFormat format) {
    return format.kind() == ResponseFormat.Kind.TEXT ? null : new Active(grammar(format), false);
  }

  @Override
  public synchronized @Nullable Constraint of(OfferedCalls calls) {
    String key = "calls " + calls.key();
    TokenGrammar known = grammars.get(key);
    if (known == null) {
      try {
        Grammar grammar =
            CallGrammar.of(
                calls.format(), calls.tools(), calls.demanded(), calls.generationPrompt());
        known = new TokenGrammar(grammar, markTrie(calls.format()), true);
      } catch (GrammarException e) {
        if (calls.demanded()) {
          throw e;
        }
        return null;
      }
      grammars.put(key, known);
    }
    return new Active(known.constraint(), true);
  }

  /** As {@link #trie}, with the text of the control tokens that mark calls and thoughts. */
  private TokenTrie markTrie(OutputFormat format) {
    TokenTrie t = markTrie;
    if (t == null) {
      Vocabulary vocabulary = tokenizer.vocabulary();
      t =
          TokenTrie.of(
              vocabulary.size(),
              id ->
                  tokenizer.pieceBytes(
                      id,
                      vocabulary.is(id, TokenAttributes.CONTROL)
                          && format.mentions(vocabulary.text(id))),
              vocabulary::isEndOfGeneration);
      markTrie = t;
    }
    return t;
  }

  private synchronized GrammarConstraint grammar(ResponseFormat format) {
    TokenGrammar known = grammars.get(format.toString());
    if (known == null) {
      known = new TokenGrammar(compile(format), trie());
      grammars.put(format.toString(), known);
    }
    return known.constraint();
  }

  private Grammar compile(ResponseFormat format) {
    Grammar grammar =
        switch (format.kind()) {
          case JSON -> Grammar.json();
          case JSON_SCHEMA -> Grammar.jsonAnswer(format.definition());
          case GRAMMAR -> Grammar.gbnf(format.definition(), this::controlToken);
          case REGEX -> Grammar.regex(format.definition());
          case CHOICE -> Grammar.choice(format.choices());
          case TEXT -> throw new IllegalArgumentException("free text has no grammar");
        };
    if (grammar.isEmpty()) {
      throw new GrammarException("no text satisfies the format " + format);
    }
    return grammar;
  }

  private int controlToken(String text) {
    return tokenizer.vocabulary().find(text);
  }

  private TokenTrie trie() {
    TokenTrie t = trie;
    if (t == null) {
      Vocabulary vocabulary = tokenizer.vocabulary();
      t =
          TokenTrie.of(
              vocabulary.size(),
              id -> tokenizer.pieceBytes(id, false),
              vocabulary::isEndOfGeneration);
      trie = t;
    }
    return t;
  }

  /**
   * Samples first and looks afterwards whether the format allows the token: most do. Only where it
   * does not is the whole vocabulary masked and sampled again, which leaves every allowed token as
   * likely as if the mask had come first.
   */
  private static final class Active implements Constraint {
    private final GrammarConstraint grammar;

    private final boolean thoughts;

    Active(GrammarConstraint grammar, boolean thoughts) {
      this.grammar = grammar;
      this.thoughts = thoughts;
    }

    @Override
    public boolean holdsForThoughts() {
      return thoughts;
    }

    @Override
    public int choose(SamplerChain sampler, Candidates candidates, float[] logits) {
      int id = sampler.choose(candidates.load(logits));
      if (grammar.allows(id)) {
        return id;
      }
      grammar.apply(candidates.load(logits));
      return sampler.choose(candidates);
    }

    @Override
    public void accept(int id) {
      grammar.accept(id);
    }

    @Override
    public boolean isFinished() {
      return grammar.isFinished();
    }
  }
}
