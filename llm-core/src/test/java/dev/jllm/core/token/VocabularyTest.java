package dev.jllm.core.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  private static Map<String, Object> spm(String... tokens) {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("tokenizer.ggml.model", "llama");
    entries.put("tokenizer.ggml.tokens", tokens);
    return entries;
  }

  private static Vocabulary read(Map<String, Object> entries) {
    return Tokenizers.of(new GgufMetadata(entries)).vocabulary();
  }

  @Test
  void tokensWithARoleAreFoundByTheirText() {
    Vocabulary v =
        read(spm("<unk>", "<s>", "</s>", "<|fim_prefix|>", "<|file_sep|>", "<|eom_id|>", ""));
    assertEquals(3, v.special(SpecialToken.FIM_PREFIX));
    assertEquals(5, v.special(SpecialToken.EOM));
    assertEquals(Vocabulary.NONE, v.special(SpecialToken.FIM_MIDDLE));
    assertTrue(v.is(3, TokenAttributes.CONTROL));
    assertTrue(v.isEndOfGeneration(4));
    assertTrue(v.isEndOfGeneration(5));
    assertFalse(v.isEndOfGeneration(0));
    assertEquals("[EMPTY_6]", v.text(6));
  }

  @Test
  void endOfAPartIsNoEndOfGeneration() {
    Vocabulary v =
        read(spm("<unk>", "<s>", "</s>", "<|end|>", "<|call|>", "<|return|>", "<|channel|>"));
    assertFalse(v.isEndOfGeneration(3));
    assertTrue(v.isEndOfGeneration(4));
    assertEquals(TokenAttributes.USER_DEFINED, v.attributes(3));
    assertEquals(TokenAttributes.USER_DEFINED, v.attributes(6));
  }

  @Test
  void unknownPreTokenizerIsTheDefault() {
    TextTokenizer tokenizer = TokenizerFixtures.trained("of-tomorrow");
    assertEquals("default", tokenizer.vocabulary().preTokenizer());
  }

  @Test
  void refusalsSayWhatWasFound() {
    Map<String, Object> unknown = spm("<unk>", "<s>", "</s>");
    unknown.put("tokenizer.ggml.model", "riddle");
    assertTrue(refusal(unknown).contains("'riddle'"));
    Map<String, Object> noTokens = spm();
    noTokens.remove("tokenizer.ggml.tokens");
    assertTrue(refusal(noTokens).contains("tokenizer.ggml.tokens"));
    Map<String, Object> few = spm("<unk>", "<s>", "</s>");
    few.put("tokenizer.ggml.scores", new float[] {1});
    assertTrue(refusal(few).contains("1 values for 3 tokens"));
    Map<String, Object> map = spm("<unk>", "<s>", "</s>");
    map.put("tokenizer.ggml.model", "t5");
    map.put("tokenizer.ggml.precompiled_charsmap", new byte[] {9, 0, 0, 0, 1});
    assertTrue(refusal(map).contains("precompiled_charsmap"));
    assertTrue(refusal(Map.of()).contains("tokenizer.ggml.model"));
  }

  private static String refusal(Map<String, Object> entries) {
    return assertThrows(ModelFormatException.class, () -> read(entries)).getMessage();
  }

  @Test
  void noVocabularyRefusesText() {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("tokenizer.ggml.model", "none");
    entries.put("general.architecture", "x");
    entries.put("x.vocab_size", 7);
    TextTokenizer tokenizer = Tokenizers.of(new GgufMetadata(entries));
    assertEquals(7, tokenizer.vocabulary().size());
    assertThrows(IllegalStateException.class, () -> tokenizer.encode("a", false, false));
  }

  /** The values are those of std::hash for strings in libstdc++. */
  @Test
  void hashes() {
    assertEquals(
        3113324847494305268L, HashOrder.hash("<|endoftext|>".getBytes(StandardCharsets.UTF_8)));
  }

  /** Long texts of one kind are no trouble; that time grows no faster is for the benchmark. */
  @Test
  void longMonotonousTexts() {
    for (String unit : new String[] {"a", " ", "🙂", "\u0301", "9", "\n"}) {
      String text = unit.repeat(100_000);
      for (String pre : new String[] {"gpt-2", "llama-bpe", "gpt-4o", "superbpe"}) {
        TextTokenizer tokenizer = TokenizerFixtures.trained(pre);
        int[] ids = tokenizer.encode(text, false, false);
        assertEquals(text, tokenizer.decode(ids, 0, ids.length, true, true));
      }
    }
  }
}
