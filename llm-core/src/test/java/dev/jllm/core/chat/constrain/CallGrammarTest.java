package dev.jllm.core.chat.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.core.chat.parse.OutputFormat;
import dev.jllm.core.chat.parse.OutputFormats;
import dev.jllm.core.chat.parse.OutputListener;
import dev.jllm.core.chat.parse.OutputParser;
import dev.jllm.core.chat.parse.ParsedCall;
import dev.jllm.core.chat.parse.ParsedOutput;
import dev.jllm.core.chat.parse.ToolSchemas;
import dev.jllm.core.chat.tools.ArgumentCheck;
import dev.jllm.core.grammar.Grammar;
import dev.jllm.core.grammar.GrammarConstraint;
import dev.jllm.core.grammar.TokenGrammar;
import dev.jllm.core.grammar.TokenTrie;
import dev.jllm.core.json.Json;
import dev.jllm.core.testing.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is written at random under the constraint reads back as calls that fit the tools'
 * schemas: for every family of the references, and some whose templates are written here.
 */
class CallGrammarTest {
  private static final Map<String, String> SCHEMAS = new LinkedHashMap<>();

  static {
    SCHEMAS.put(
        "get_weather",
        """
        {"type":"object","properties":{
          "city":{"type":"string"},
          "days":{"type":"integer","minimum":1,"maximum":14},
          "unit":{"type":"string","enum":["C","F","true"]},
          "exact":{"type":"boolean"},
          "where":{"$ref":"#/$defs/place"},
          "tags":{"type":"array","items":{"type":"string"},"maxItems":3},
          "parts":{"type":"array","items":{"type":"number"}},
          "level":{"type":["integer","null"]},
          "any":{"type":["string","number"],"minimum":0,"minLength":2}},
         "required":["city","days"],"additionalProperties":false,
         "$defs":{"place":{"type":"object","properties":{
           "lat":{"type":"number"},"name":{"type":"string","pattern":"^[a-z]{2,4}$"}},
           "required":["lat"],"additionalProperties":false}}}
        """);
    SCHEMAS.put("now", "{\"type\":\"object\",\"properties\":{}}");
    SCHEMAS.put(
        "add",
        """
        {"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"},
          "note":{"type":"string","maxLength":5}},"required":["a","b"]}
        """);
  }

  private static final ToolSchemas TOOLS = tools();

  private static ToolSchemas tools() {
    List<Object> list = new ArrayList<>();
    SCHEMAS.forEach(
        (name, schema) ->
            list.add(
                Map.of(
                    "name",
                    name,
                    "parameters",
                    java.util.Objects.requireNonNull(Json.parse(schema)))));
    return ToolSchemas.ofTemplateTools(list);
  }

  /** Texts that stand for families whose templates are not among the references. */
  private static final Map<String, String> HINTS =
      Map.of(
          "hermes", "<tool_call> </think>",
          "kimi-k2", "<|tool_calls_section_begin|> <|tool_call_begin|> </think>",
          "gemma4", "<|tool_call> <|channel>",
          "gpt-oss", "<|channel|>",
          "functionary-v3.2", ">>>all",
          "minimax-m2", "<minimax:tool_call> <invoke </think>",
          "nemotron-v2", "<TOOLCALL> </think>",
          "granite-3", "<|tool_call|> </think>",
          "command-r7b", "<|START_ACTION|> <|START_THINKING|>",
          "apertus", "<|tools_prefix|> <|inner_prefix|>");

  private static final Map<String, String> PROMPTS =
      Map.of("gpt-oss", "<|start|>assistant", "functionary-v3.2", ">>>");

  /** A family, and where the model's text begins. */
  record Family(String name, String source, String prompt) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Family> families() throws IOException {
    List<Family> families = new ArrayList<>();
    HINTS.forEach((name, s) -> families.add(new Family(name, s, PROMPTS.getOrDefault(name, ""))));
    try (Stream<Path> files = Files.list(Reference.path("parsing"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".parse.jsonl")) {
          name = name.substring(0, name.length() - ".parse.jsonl".length());
          String source = Files.readString(Reference.path("templates", name + ".jinja"));
          Set<String> prompts = new LinkedHashSet<>();
          for (String line : Files.readAllLines(file)) {
            prompts.add((String) ((Map<?, ?>) Json.parse(line)).get("generation_prompt"));
          }
          prompts.stream()
              .limit(2)
              .forEach(
                  p ->
                      families.add(
                          new Family(
                              p.isEmpty()
                                  ? file.getFileName() + ""
                                  : file.getFileName() + Json.quote(p),
                              source,
                              p)));
        }
      }
    }
    return families.stream();
  }

  @ParameterizedTest
  @MethodSource("families")
  void randomTextIsAlwaysAValidCall(Family family) {
    OutputFormat format = OutputFormats.forTemplate(family.source());
    if (!CallGrammar.canCall(format)) {
      return;
    }
    Walk demanded = new Walk(format, TOOLS, true, family.prompt());
    for (int seed = 0; seed < 8; seed++) {
      assertFalse(demanded.check(seed).calls().isEmpty(), "no call");
    }
    ToolSchemas one = TOOLS.only("add");
    Walk single = new Walk(format, one, true, family.prompt());
    for (int seed = 0; seed < 3; seed++) {
      List<ParsedCall> calls = single.check(seed).calls();
      assertFalse(calls.isEmpty());
      calls.forEach(call -> assertEquals("add", call.name()));
    }
    Walk free = new Walk(format, TOOLS, false, family.prompt());
    int called = 0;
    for (int seed = 0; seed < 15; seed++) {
      called += free.check(seed).calls().isEmpty() ? 0 : 1;
    }
    boolean bare = format.sections().stream().allMatch(c -> c.has(OutputFormat.CallSection.BARE));
    assertTrue(called > 0 || bare, family.name() + ": no text held a call");
  }

  @Test
  void withoutCallsThereIsNothingToDemand() {
    assertFalse(CallGrammar.canCall(OutputFormat.PLAIN));
  }

  /** Writes texts at random. */
  private static final class Walk {
    private static final int END = 0;

    private final OutputFormat format;
    private final String prompt;
    private final List<String> vocabulary = new ArrayList<>();
    private final TokenGrammar grammar;
    private final float[] logits;

    Walk(OutputFormat format, ToolSchemas tools, boolean demanded, String prompt) {
      this.format = format;
      this.prompt = prompt;
      Grammar texts = CallGrammar.of(format, tools, demanded, prompt);
      Set<String> tokens = new LinkedHashSet<>();
      tokens.add("<end>");
      for (String mark : marks(format)) {
        tokens.add(mark);
        tokens.add(mark + "\n");
      }
      SCHEMAS.keySet().forEach(tokens::add);
      tokens.addAll(
          List.of("\"}", "}}", "\": \"", "functions.", "<tool_call>{", "x</think>y", "True"));
      Set<String> letters = new LinkedHashSet<>();
      for (String token : tokens) {
        token.codePoints().forEach(c -> letters.add(Character.toString(c)));
      }
      "abceijkrtypounNs\"#=é0123456789.-+eEfF\"'\\{}[]<>/=():, \n\t_|"
          .codePoints()
          .forEach(c -> letters.add(Character.toString(c)));
      tokens.addAll(letters);
      String.join("", SCHEMAS.values())
          .codePoints()
          .forEach(c -> tokens.add(Character.toString(c)));
      vocabulary.addAll(tokens);
      TokenTrie trie =
          TokenTrie.of(
              vocabulary.size(),
              id -> id == END ? new byte[0] : vocabulary.get(id).getBytes(StandardCharsets.UTF_8),
              id -> id == END);
      grammar = new TokenGrammar(texts, trie, true);
      logits = new float[vocabulary.size()];
    }

    private static Set<String> marks(OutputFormat format) {
      Set<String> marks = new LinkedHashSet<>(format.hidden());
      format.reasoning().forEach(r -> marks.addAll(List.of(r.begin(), r.end())));
      for (OutputFormat.CallSection section : format.sections()) {
        marks.addAll(List.of(section.begin(), section.end()));
        for (OutputFormat.CallForm form : section.calls()) {
          marks.addAll(List.of(form.begin(), form.end(), form.nameMark(), form.idMark()));
          marks.addAll(form.nameEnds());
          marks.add(form.stringMark());
          OutputFormat.Tags tags = form.tags();
          if (tags != null) {
            marks.addAll(List.of(tags.keyBegin(), tags.keyEnd(), tags.valueBegin()));
            marks.addAll(List.of(tags.valueEnd(), tags.nested()));
          }
        }
      }
      OutputFormat.Header header = format.header();
      if (header != null) {
        marks.addAll(header.begins());
        marks.addAll(List.of(header.end(), header.recipientMark(), header.messageEnd()));
        marks.addAll(List.of(header.call().replace("%", "add"), header.thought()));
      }
      marks.remove("");
      return marks;
    }

    ParsedOutput check(int seed) {
      String text = write(new Random(seed));
      OutputParser parser = new OutputParser(format, TOOLS, prompt, new OutputListener() {});
      parser.feed(text);
      ParsedOutput output = parser.finish();
      for (ParsedCall call : output.calls()) {
        String where = Json.quote(text) + " gave " + call;
        assertTrue(call.complete(), where);
        String schema = SCHEMAS.get(call.name());
        assertTrue(schema != null, where);
        assertNull(ArgumentCheck.problem(schema, call.arguments()), where);
      }
      return output;
    }

    private String write(Random random) {
      GrammarConstraint constraint = grammar.constraint();
      StringBuilder text = new StringBuilder();
      int steps = 0;
      while (true) {
        java.util.Arrays.fill(logits, 0);
        constraint.mask(logits);
        boolean hurry = ++steps > 150;
        int best = -1;
        double score = Double.NEGATIVE_INFINITY;
        for (int id = 0; id < logits.length; id++) {
          if (logits[id] == 0) {
            double s = random.nextDouble() + (hurry ? urgency(id, random) : liking(id));
            if (s > score) {
              score = s;
              best = id;
            }
          }
        }
        assertTrue(steps < 6000, () -> "no end: " + Json.quote(text.toString()));
        constraint.accept(best);
        if (best == END) {
          return text.toString();
        }
        text.append(vocabulary.get(best));
      }
    }

    private double liking(int id) {
      String token = vocabulary.get(id);
      return id == END ? -0.3 : token.isBlank() ? -0.5 : token.length() > 3 ? 0.2 : 0;
    }

    /** Ends first, then marks that close, then letters. */
    private double urgency(int id, Random random) {
      String token = vocabulary.get(id);
      if (id == END) {
        return 9;
      }
      if (token.isBlank()) {
        return token.equals("\n") ? 3.6 : -9;
      }
      return token.length() > 3
          ? 3 + random.nextDouble()
          : "\"}])'".contains(token) ? 3.7 : random.nextDouble();
    }
  }
}
