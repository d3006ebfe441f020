package dev.jllm.core.arch.families;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Architectures that files may name and this engine does not run, each with the reason. */
final class Refused {
  private static final Map<String, String> REASONS = new TreeMap<>();

  static {
    add("recurrent (RWKV): there are no recurrent layers yet", "arwkv7 rwkv6 rwkv6qwen2 rwkv7");
    add("recurrent (Mamba): there are no recurrent layers yet", "mamba mamba2");
    String mamba = "hybrid of attention and Mamba layers: there are no recurrent layers yet";
    add(mamba, "falcon-h1 jamba nemotron_h nemotron_h_moe plamo2");
    add("Granite 4, a " + mamba, "granitehybrid");
    String linear = "hybrid of attention and linear attention: there are no recurrent layers yet";
    add(linear, "kimi-k3 kimi-linear minimax-01 qwen35 qwen35moe qwen3next qwen4exp");
    add("Ling 3, a " + linear, "bailingmoe3");
    add(
        "hybrid of attention and short convolutions: there are no convolutions yet",
        "lfm2 lfm2moe");
    add(
        "encoder for embeddings that reads in both directions: there are decoders alone",
        "bert eurobert gemma-embedding jina-bert-v2 jina-bert-v3 llama-embed modern-bert neo-bert"
            + " nomic-bert nomic-bert-moe");
    add("encoder and decoder: there are decoders alone", "t5");
    add("encoder of an encoder-decoder model: there are decoders alone", "t5encoder");
    add("decoder of speech: text alone is written", "wavtokenizer-dec");
    add("part for images of another model: text alone is read", "clip");
    add(
        "draft head that reads hidden states of another model: not a model of its own",
        "dflash eagle3 gemma4-assistant");
    add("named by the format, without tensors agreed upon", "gptj");
  }

  private Refused() {}

  private static void add(String reason, String names) {
    for (String name : names.split(" ")) {
      REASONS.put(name, reason);
    }
  }

  /** Reasons by the names that files carry, sorted. */
  static Map<String, String> reasons() {
    return Collections.unmodifiableMap(REASONS);
  }
}
