package dev.jllm.core.token;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that have a role of their own. A file names them by metadata entries; the roles that
 * have {@link #texts} are found by their token's text where no entry names them.
 */
public enum SpecialToken {
  /** Begins a text. */
  BOS("bos_token_id"),
  /** Ends a text. */
  EOS("eos_token_id"),
  /** Ends a turn of a conversation. */
  EOT(
      "eot_token_id",
      "<|eot_id|>",
      "<|im_end|>",
      "<|end|>",
      "<end_of_turn>",
      "<|endoftext|>",
      "<|end_of_text|>",
      "<EOT>",
      "_<EOT>",
      "[EOT]",
      "<｜end▁of▁sentence｜>",
      "<end_of_utterance>"),
  /** Ends a message that expects a tool's answer. */
  EOM("eom_token_id", "<|eom_id|>"),
  /** Stands for what the vocabulary cannot express. */
  UNK("unknown_token_id"),
  /** Separates two texts. */
  SEP("seperator_token_id"),
  /** Fills a batch up. */
  PAD("padding_token_id"),
  /** Hides a token that is to be guessed. */
  MASK("mask_token_id"),
  /** Before the text in front of the gap that is to be filled. */
  FIM_PREFIX(
      "fim_pre_token_id",
      "<|fim_prefix|>",
      "<fim-prefix>",
      "<fim_prefix>",
      "<｜fim▁begin｜>",
      "<PRE>",
      "▁<PRE>",
      "<|code_prefix|>",
      "<|prefix|>"),
  /** Before the text behind the gap. */
  FIM_SUFFIX(
      "fim_suf_token_id",
      "<|fim_suffix|>",
      "<fim-suffix>",
      "<fim_suffix>",
      "<｜fim▁hole｜>",
      "<SUF>",
      "▁<SUF>",
      "<|code_suffix|>",
      "<|suffix|>"),
  /** Before the text that fills the gap. */
  FIM_MIDDLE(
      "fim_mid_token_id",
      "<|fim_middle|>",
      "<fim-middle>",
      "<fim_middle>",
      "<｜fim▁end｜>",
      "<MID>",
      "▁<MID>",
      "<|code_middle|>",
      "<|middle|>"),
  /** Fills up or ends a filled gap. */
  FIM_PAD("fim_pad_token_id", "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"),
  /** Before a repository's name. */
  FIM_REPOSITORY(
      "fim_rep_token_id", "<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"),
  /** Between two files. */
  FIM_SEPARATOR("fim_sep_token_id", "<|file_sep|>");

  private final String key;
  private final List<String> texts;

  SpecialToken(String key, String... texts) {
    this.key = "tokenizer.ggml." + key;
    this.texts = List.of(texts);
  }

  /** The metadata entry that names the token. */
  public String key() {
    return key;
  }

  /** The texts by which the token is found where no entry names it. */
  public List<String> texts() {
    return texts;
  }

  /** An older entry for the same token, or null. */
  @Nullable String deprecatedKey() {
    return switch (this) {
      case FIM_PREFIX -> "tokenizer.ggml.prefix_token_id";
      case FIM_SUFFIX -> "tokenizer.ggml.suffix_token_id";
      case FIM_MIDDLE -> "tokenizer.ggml.middle_token_id";
      default -> null;
    };
  }
}
