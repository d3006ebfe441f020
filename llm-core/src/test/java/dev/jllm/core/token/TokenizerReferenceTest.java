package dev.jllm.core.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jllm.core.testing.Reference;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.GgufMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, texts and special tokens are those of the reference engine. */
class TokenizerReferenceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "baichuan",
        "bert-bge",
        "deepseek-coder",
        "deepseek-llm",
        "falcon",
        "gemma-4",
        "gpt-2",
        "gpt-neox",
        "llama-bpe",
        "llama-spm",
        "phi-3",
        "qwen2",
        "refact",
        "starcoder"
      })
  void publishedVocabulary(String name) throws IOException {
    Path folder = Reference.path("tokenizers");
    TextTokenizer tokenizer;
    try (GgufFile file = GgufFile.open(folder.resolve(name + ".gguf"))) {
      tokenizer = Tokenizers.of(file.metadata());
    }
    for (String line : Files.readAllLines(folder.resolve(name + ".cases.jsonl"))) {
      JsonNode c = TokenizerFixtures.JSON.readTree(line);
      check(
          tokenizer,
          c.get("text").asText(),
          c.get("add_special").asBoolean(),
          c.get("parse_special").asBoolean(),
          TokenizerFixtures.ids(c.get("ids")),
          c.get("pieces_text").asText(),
          c.get("plain_text").asText());
    }
    JsonNode known =
        TokenizerFixtures.JSON.readTree(folder.resolve("vocabs.json").toFile()).get(name);
    checkSpecials(tokenizer, known);
  }

  private static void checkSpecials(TextTokenizer tokenizer, JsonNode known) {
    Vocabulary v = tokenizer.vocabulary();
    assertEquals(known.get("n_tokens").asInt(), v.size());
    assertEquals(known.get("bos").asInt(-1), v.special(SpecialToken.BOS));
    assertEquals(known.get("eos").asInt(-1), v.special(SpecialToken.EOS));
    assertEquals(known.get("eot").asInt(-1), v.special(SpecialToken.EOT));
    assertEquals(known.get("sep").asInt(-1), v.special(SpecialToken.SEP));
    assertEquals(known.get("pad").asInt(-1), v.special(SpecialToken.PAD));
    assertEquals(known.get("mask").asInt(-1), v.special(SpecialToken.MASK));
    assertEquals(known.get("nl").asInt(-1), tokenizer.newline());
    assertEquals(known.get("add_bos").asBoolean(), v.addsBos());
    assertEquals(known.get("add_eos").asBoolean(), v.addsEos());
    assertEquals(known.get("add_sep").asBoolean(), v.addsSep());
    assertArrayEquals(TokenizerFixtures.ids(known.get("eog")), v.endOfGeneration());
  }

  private static void check(
      TextTokenizer tokenizer,
      String text,
      boolean add,
      boolean parse,
      int[] ids,
      String pieces,
      String plain) {
    assertArrayEquals(ids, tokenizer.encode(text, add, parse), text);
    assertEquals(pieces, tokenizer.decode(ids, 0, ids.length, false, true), text);
    assertEquals(plain, tokenizer.decode(ids, 0, ids.length, true, false), text);
  }

  static Stream<JsonNode> preTokenizers() {
    return TokenizerFixtures.lines("pre-tokenizers.jsonl").stream();
  }

  @ParameterizedTest
  @MethodSource("preTokenizers")
  void preTokenizer(JsonNode line) {
    TextTokenizer tokenizer = TokenizerFixtures.trained(line.get("pre").asText());
    assertEquals(line.get("pre").asText(), tokenizer.vocabulary().preTokenizer());
    for (JsonNode c : line.get("cases")) {
      assertArrayEquals(
          TokenizerFixtures.ids(c.get(1)),
          tokenizer.encode(c.get(0).asText(), false, false),
          () -> line.get("pre") + ": " + c.get(0));
    }
  }

  static Stream<JsonNode> smallVocabularies() {
    return TokenizerFixtures.lines("small-vocabularies.jsonl").stream();
  }

  @ParameterizedTest
  @MethodSource("smallVocabularies")
  void smallVocabulary(JsonNode line) {
    TextTokenizer tokenizer =
        Tokenizers.of(new GgufMetadata(TokenizerFixtures.entries(line.get("metadata"))));
    for (JsonNode c : line.get("cases")) {
      check(
          tokenizer,
          c.get(0).asText(),
          c.get(1).asBoolean(),
          c.get(2).asBoolean(),
          TokenizerFixtures.ids(c.get(3)),
          c.get(4).asText(),
          c.get(5).asText());
    }
  }

  /** Every pre-tokenizer that cuts byte-level text has recorded cases. */
  @ParameterizedTest
  @ValueSource(strings = {"pre-tokenizers.jsonl"})
  void allNamesHaveCases(String resource) {
    Stream<String> recorded =
        TokenizerFixtures.lines(resource).stream().map(line -> line.get("pre").asText());
    String[] raw = {"gemma4", "granite-embed-multi-311m", "sarvam-moe", "whitespace"};
    assertEquals(
        PreTokenizers.names().stream().sorted().toList(),
        Stream.concat(recorded, IntStream.range(0, raw.length).mapToObj(i -> raw[i]))
            .sorted()
            .toList());
  }
}
