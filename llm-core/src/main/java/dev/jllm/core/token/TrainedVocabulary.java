package dev.jllm.core.token;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A learnt vocabulary.
 *
 * @param pieces the ordinary tokens, the 256 bytes first, in the alphabet of byte-level
 *     vocabularies
 * @param merges the merges {@code "LEFT RIGHT"}, the first to be done first
 * @param special the control tokens, whose ids follow those of the pieces
 * @param preTokenizer the name of the pre-tokenizer
 */
public record TrainedVocabulary(
    List<String> pieces, List<String> merges, List<String> special, String preTokenizer) {
  /** Makes the lists unchangeable. */
  public TrainedVocabulary {
    pieces = List.copyOf(pieces);
    merges = List.copyOf(merges);
    special = List.copyOf(special);
  }

  /** The entries {@code tokenizer.ggml.*} with which a GGUF file holds this vocabulary. */
  public Map<String, Object> metadata() {
    int n = pieces.size() + special.size();
    String[] tokens = new String[n];
    int[] types = new int[n];
    for (int id = 0; id < n; id++) {
      boolean ordinary = id < pieces.size();
      tokens[id] = ordinary ? pieces.get(id) : special.get(id - pieces.size());
      types[id] = ordinary ? 1 : 3;
    }
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("tokenizer.ggml.model", "gpt2");
    entries.put("tokenizer.ggml.pre", preTokenizer);
    entries.put("tokenizer.ggml.tokens", tokens);
    entries.put("tokenizer.ggml.token_type", types);
    entries.put("tokenizer.ggml.merges", merges.toArray(new String[0]));
    if (!special.isEmpty()) {
      entries.put(SpecialToken.BOS.key(), pieces.size());
      entries.put(SpecialToken.EOS.key(), pieces.size());
    }
    entries.put("tokenizer.ggml.add_bos_token", false);
    return entries;
  }
}
