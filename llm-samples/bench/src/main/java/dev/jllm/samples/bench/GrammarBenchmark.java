package dev.jllm.samples.bench;

import dev.jllm.core.grammar.Grammar;
import dev.jllm.core.grammar.GrammarConstraint;
import dev.jllm.core.grammar.TokenGrammar;
import dev.jllm.core.grammar.TokenTrie;
import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.gguf.GgufFile;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What holding an answer to a nested JSON schema costs. The vocabulary is that of the GGUF file
 * named by {@code JLLM_VOCABULARY} (Llama 3's, with 128,256 tokens, is meant).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class GrammarBenchmark {
  private static final String SCHEMA =
      """
      {"type":"object","properties":{
        "reasoning":{"type":"string"},
        "people":{"type":"array","items":{"type":"object","properties":{
          "name":{"type":"string","minLength":1,"maxLength":60},
          "age":{"type":"integer","minimum":0,"maximum":130},
          "email":{"type":"string","format":"email"},
          "role":{"enum":["admin","editor","viewer"]},
          "address":{"type":"object","properties":{
            "street":{"type":"string"},"zip":{"type":"string","pattern":"^[0-9]{5}$"},
            "country":{"$ref":"#/$defs/country"}},
            "required":["street","zip","country"],"additionalProperties":false},
          "tags":{"type":"array","items":{"type":"string"},"maxItems":5}},
          "required":["name","age","role","address"],"additionalProperties":false}},
        "score":{"type":"number","minimum":0,"maximum":1}},
       "required":["reasoning","people","score"],"additionalProperties":false,
       "$defs":{"country":{"enum":["Germany","France","Japan","Brazil","Kenya"]}}}
      """;

  private static final String ANSWER =
      """
      {
        "reasoning": "The text names two people; the second one lives in Nairobi – that is Kenya.",
        "people": [
          {
            "name": "Ada Lovelace",
            "age": 36,
            "email": "ada@example.org",
            "role": "admin",
            "address": {"street": "St James's Square 12", "zip": "10117", "country": "Germany"},
            "tags": ["mathematics", "poetry"]
          },
          {
            "name": "Wangari Maathai",
            "age": 71,
            "role": "editor",
            "address": {"street": "Forest Road", "zip": "00100", "country": "Kenya"}
          }
        ],
        "score": 0.85
      }
      """
          .strip();

  private Grammar grammar;
  private TokenTrie trie;
  private TokenGrammar tokens;
  private int[] answer;
  private float[] logits;

  @Setup
  public void setUp() {
    String file = System.getenv("JLLM_VOCABULARY");
    if (file == null) {
      throw new IllegalStateException(
          "set JLLM_VOCABULARY to a GGUF file with the vocabulary to measure with");
    }
    GgufFile gguf = GgufFile.open(Path.of(file));
    TextTokenizer tokenizer = Tokenizers.of(gguf.metadata());
    trie =
        TokenTrie.of(
            tokenizer.vocabulary().size(),
            id -> tokenizer.pieceBytes(id, false),
            tokenizer.vocabulary()::isEndOfGeneration);
    answer = tokenizer.encode(ANSWER, false, false);
    grammar = Grammar.jsonSchema(SCHEMA);
    tokens = new TokenGrammar(grammar, trie);
    logits = new float[trie.size()];
    System.out.println("The answer has " + answer.length + " tokens.");
  }

  /** Compiling the schema. */
  @Benchmark
  public Grammar compile() {
    return Grammar.jsonSchema(SCHEMA);
  }

  /** The first mask of a grammar, of which nothing is known yet. */
  @Benchmark
  public float firstMask() {
    GrammarConstraint constraint = new TokenGrammar(grammar, trie).constraint();
    constraint.mask(logits);
    return logits[7];
  }

  /** The masks of a whole answer under a grammar of which nothing is known yet. */
  @Benchmark
  public float allMasksOfAnAnswerAnew() {
    GrammarConstraint constraint = new TokenGrammar(grammar, trie).constraint();
    for (int token : answer) {
      constraint.mask(logits);
      constraint.accept(token);
    }
    return logits[7];
  }

  /** A whole answer whose tokens are all right as they come: sampled, then verified. */
  @Benchmark
  public boolean verifiedAnswer() {
    GrammarConstraint constraint = tokens.constraint();
    for (int token : answer) {
      if (!constraint.allows(token)) {
        return false;
      }
      constraint.accept(token);
    }
    return constraint.isComplete();
  }

  /** A whole answer with the mask applied at every token. */
  @Benchmark
  public float maskedAnswer() {
    GrammarConstraint constraint = tokens.constraint();
    for (int token : answer) {
      constraint.mask(logits);
      constraint.accept(token);
    }
    return logits[7];
  }
}
