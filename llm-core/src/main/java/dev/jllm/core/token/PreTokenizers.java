package dev.jllm.core.token;

import dev.jllm.core.token.split.Patterns;
import dev.jllm.core.token.split.Splitter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tokenizer.ggml.pre} names: how text is cut into words, and the defaults that come
 * with it. One line of {@link #define} a pattern.
 */
final class PreTokenizers {
  /** Words that are tokens as they stand are not merged from their characters. */
  static final int WHOLE_WORDS = 1;

  /** A text begins with BOS unless the file says otherwise. */
  static final int ADD_BOS = 1 << 1;

  /** A separator is added unless the file says otherwise. */
  static final int ADD_SEP = 1 << 2;

  /** Decoded text keeps its spaces before punctuation. */
  static final int KEEP_SPACES = 1 << 3;

  /** Spaces become U+2581, and characters are not encoded byte by byte. */
  static final int RAW = 1 << 4;

  /** Runs of line feeds that are tokens as they stand are not merged; BOS is always added. */
  static final int GEMMA = 1 << 5;

  /** There is no BOS unless the file names one. */
  static final int NO_BOS = 1 << 6;

  /** White space is dropped, letters become small where the file says so. */
  static final int DROP_SPACES = 1 << 7;

  /** A way to cut text, with what goes with it. */
  record PreTokenizer(Splitter splitter, int options) {
    boolean has(int option) {
      return (options & option) != 0;
    }
  }

  private static final Map<String, PreTokenizer> BY_NAME = new LinkedHashMap<>();

  static {
    define(Patterns.DEFAULT, 0, "default");
    define(
        Patterns.LLAMA3,
        WHOLE_WORDS | ADD_BOS,
        "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano");
    define(Patterns.MINICPM5, WHOLE_WORDS, "minicpm5");
    define(Patterns.DEEPSEEK_LLM, KEEP_SPACES, "deepseek-llm");
    define(Patterns.DEEPSEEK_CODER, KEEP_SPACES, "deepseek-coder");
    define(Patterns.DEEPSEEK3, KEEP_SPACES, "deepseek-v3 hunyuan-dense hy_v4 joyai-llm");
    define(Patterns.SPARK, KEEP_SPACES, "spark2_5");
    define(Patterns.YOUTU, KEEP_SPACES | WHOLE_WORDS, "youtu");
    define(Patterns.FALCON, 0, "falcon");
    define(
        Patterns.GPT2,
        0,
        "gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert"
            + " mpt olmo jais exaone4");
    define(Patterns.GPT2, ADD_SEP, "jina-v1-en jina-v2-code roberta-bpe");
    define(Patterns.GPT2, KEEP_SPACES, "trillion granite-docling");
    define(Patterns.STARCODER, 0, "starcoder refact codeshell exaone minerva-7b mellum2");
    define(Patterns.STARCODER, KEEP_SPACES, "command-r smollm");
    define(Patterns.JAIS2, 0, "jais-2");
    define(Patterns.LINES, RAW | GEMMA, "gemma4 granite-embed-multi-311m");
    define(Patterns.LINES, RAW | KEEP_SPACES, "sarvam-moe");
    define(Patterns.WHITESPACE, DROP_SPACES, "whitespace");
    define(
        Patterns.QWEN2,
        KEEP_SPACES,
        "qwen2 deepseek-r1-qwen kormo f2llmv2 hunyuan solar-open grok-2");
    define(Patterns.QWEN2, 0, "stablelm2 megrez");
    define(Patterns.QWEN35, KEEP_SPACES, "qwen35");
    define(Patterns.LLAMA3, 0, "dbrx smaug-bpe");
    define(Patterns.LLAMA3, NO_BOS, "glm4 chatglm-bpe");
    define(Patterns.BLOOM, KEEP_SPACES, "poro-chat");
    define(Patterns.BLOOM, 0, "bloom gpt3-finnish");
    define(Patterns.VIKING, KEEP_SPACES, "viking");
    define(Patterns.TEKKEN, KEEP_SPACES | WHOLE_WORDS | ADD_BOS, "tekken");
    define(Patterns.EXAONE_MOE, 0, "exaone-moe");
    define(Patterns.CHAMELEON, KEEP_SPACES | ADD_BOS, "chameleon");
    define(Patterns.GPT4O, KEEP_SPACES, "gpt-4o llama4 kanana2 talkie minimax-m2");
    define(Patterns.GRANITE_MULTILINGUAL, KEEP_SPACES | WHOLE_WORDS, "granite-embed-multi-97m");
    define(Patterns.TINY_AYA, KEEP_SPACES, "tiny_aya cohere2moe");
    define(Patterns.SUPERBPE, KEEP_SPACES, "superbpe");
    define(Patterns.BAILING, KEEP_SPACES, "bailingmoe bailingmoe2 llada-moe");
    define(Patterns.SEED_CODER, KEEP_SPACES, "seed-coder");
    define(Patterns.KIMI_K2, KEEP_SPACES, "kimi-k2");
    define(Patterns.UFAKZEKA, KEEP_SPACES, "ufakzeka");
    define(Patterns.AFMOE, KEEP_SPACES, "afmoe");
    define(Patterns.LAGUNA, KEEP_SPACES, "laguna");
  }

  private PreTokenizers() {}

  private static void define(Splitter splitter, int options, String names) {
    PreTokenizer preTokenizer = new PreTokenizer(splitter, options);
    for (String name : names.split(" ")) {
      BY_NAME.put(name, preTokenizer);
    }
  }

  /** The pre-tokenizer of that name, or null. */
  static @Nullable PreTokenizer find(String name) {
    return BY_NAME.get(name);
  }

  /** What applies where a file names none. */
  static PreTokenizer fallback() {
    return BY_NAME.get("default");
  }

  /** All known names. */
  static Set<String> names() {
    return BY_NAME.keySet();
  }
}
