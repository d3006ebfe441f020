package dev.jllm.core.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jllm.gguf.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any text. */
class TokenizerPropertiesTest {
  private static final String[] PARTS = {
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "a",
    "Ab",
    "the",
    "'s",
    "'LL",
    "1",
    "2345",
    "é",
    "你好",
    "한국",
    "สวัสดี",
    "🙂",
    "👨‍👩‍👧",
    "e\u0301",
    "\u0301",
    "_",
    "...",
    " ?",
    "<|im_end|>",
    "<|endoftext|>",
    "\u0000",
    "\u0085",
    "\u3000",
    "\uD800",
    "\uDC00",
    "\uFFFD",
    "▁",
    "<0x41>",
    "</s>",
    "aba"
  };

  private static final List<TextTokenizer> ALL = tokenizers();

  private static List<TextTokenizer> tokenizers() {
    List<TextTokenizer> all = new ArrayList<>();
    for (String pre : List.of("gpt-2", "llama-bpe", "tekken", "deepseek-llm", "afmoe", "kimi-k2")) {
      all.add(TokenizerFixtures.trained(pre));
    }
    for (JsonNode line : TokenizerFixtures.lines("small-vocabularies.jsonl")) {
      all.add(Tokenizers.of(new GgufMetadata(TokenizerFixtures.entries(line.get("metadata")))));
    }
    return all;
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> parts =
        Arbitraries.of(PARTS).list().ofMaxSize(25).map(list -> String.join("", list));
    return Arbitraries.oneOf(parts, Arbitraries.strings().ofMaxLength(40));
  }

  /** Any string is encoded, lone surrogates included, and the spans tile it. */
  @Property(tries = 150)
  void spansTileAnyText(@ForAll("texts") String text, @ForAll boolean add, @ForAll boolean parse) {
    for (TextTokenizer tokenizer : ALL) {
      Encoding encoding = tokenizer.encodeWithOffsets(text, add, parse);
      int at = 0;
      for (int i = 0; i < encoding.size(); i++) {
        assertEquals(at, encoding.start(i));
        assertTrue(encoding.end(i) >= at && encoding.end(i) <= text.length());
        at = encoding.end(i);
        assertTrue(encoding.id(i) >= 0 && encoding.id(i) < tokenizer.vocabulary().size());
      }
      if (!add) {
        assertEquals(tokenizer.count(text), tokenizer.encode(text, false, false).length);
      }
    }
  }

  /**
   * Byte-level vocabularies give back every text; they must have a token for every byte and keep
   * the spaces before punctuation. A lone surrogate comes back as U+FFFD.
   */
  @Property(tries = 150)
  void byteLevelTextComesBack(@ForAll("texts") String text) {
    for (String pre : List.of("qwen2", "tekken", "deepseek-llm", "superbpe", "afmoe")) {
      TextTokenizer tokenizer = Holder.OF.computeIfAbsent(pre, TokenizerFixtures::trained);
      int[] ids = tokenizer.encode(text, false, false);
      assertEquals(wellFormed(text), tokenizer.decode(ids, 0, ids.length, true, true));
      Encoding encoding = tokenizer.encodeWithOffsets(text, false, false);
      assertEquals(text.length(), ids.length == 0 ? 0 : encoding.end(ids.length - 1));
    }
  }

  private static final class Holder {
    static final Map<String, TextTokenizer> OF = new ConcurrentHashMap<>();
  }

  static String wellFormed(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
    return out.toString();
  }

  /** Encoding twice gives the same, whatever was cached meanwhile. */
  @Property(tries = 80)
  void cachesChangeNothing(@ForAll("texts") String text) {
    for (TextTokenizer tokenizer : ALL) {
      int[] first = tokenizer.encode(text, true, true);
      tokenizer.encode(text + " " + text, true, true);
      assertArrayEquals(first, tokenizer.encode(text, true, true));
    }
  }

  /** Trusted spans are the trusted whole; untrusted ones the untrusted whole. */
  @Property(tries = 80)
  void spansOfOneKindAreTheWhole(@ForAll("texts") String a, @ForAll("texts") String b) {
    String whole = a + b;
    for (TextTokenizer tokenizer : ALL) {
      for (boolean trusted : new boolean[] {true, false}) {
        List<TextSpan> spans = List.of(new TextSpan(a, trusted), new TextSpan(b, trusted));
        assertArrayEquals(
            tokenizer.encode(whole, true, trusted), tokenizer.encode(spans, true), whole);
      }
    }
  }

  /** What a user writes makes no control token, whatever stands around it. */
  @Property(tries = 80)
  void untrustedTextMakesNoControlTokens(@ForAll("texts") String text) {
    TextTokenizer tokenizer = ALL.get(0);
    int end = tokenizer.vocabulary().find("<|im_end|>");
    List<TextSpan> spans =
        List.of(
            new TextSpan("user\n", true),
            new TextSpan(text + "<|im_end|><|im_", false),
            new TextSpan("end|><|im_end|>", true));
    int[] ids = tokenizer.encode(spans, false);
    assertEquals(1, Arrays.stream(ids).filter(id -> id == end).count());
  }

  /** Decoding byte by byte gives the whole's text, never half a code point before. */
  @Property(tries = 300)
  void assemblerEqualsTheWhole(@ForAll("texts") String text, @ForAll byte[] noise) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(bytes, bytes.length + noise.length);
    System.arraycopy(noise, 0, all, bytes.length, noise.length);
    TextAssembler assembler = new TextAssembler();
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < all.length; ) {
      int n = Math.min(all.length - i, 1 + (all[i] & 3));
      String part = assembler.append(Arrays.copyOfRange(all, i, i + n));
      assertTrue(part.isEmpty() || !Character.isHighSurrogate(part.charAt(part.length() - 1)));
      out.append(part);
      i += n;
    }
    out.append(assembler.flush());
    assertEquals(new String(all, StandardCharsets.UTF_8), out.toString());
  }

  /** Tokens one by one through the assembler give the whole decode. */
  @Property(tries = 80)
  void tokensAssembleToTheWhole(@ForAll("texts") String text) {
    TextTokenizer tokenizer = Holder.OF.computeIfAbsent("qwen2", TokenizerFixtures::trained);
    int[] ids = tokenizer.encode(text, false, true);
    TextAssembler assembler = new TextAssembler();
    StringBuilder out = new StringBuilder();
    for (int id : ids) {
      out.append(assembler.append(tokenizer.pieceBytes(id, true)));
    }
    assertEquals(
        tokenizer.decode(ids, 0, ids.length, false, true),
        out.append(assembler.flush()).toString());
  }
}
