package dev.jllm.samples.cli;

import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.TensorInfo;

/**
 * What a model needs, told from its metadata alone: the keys and values of every attention layer
 * for every token. Windows, recurrent states and compressed caches need less.
 *
 * @param weights bytes of all tensors, which are mapped
 * @param cachePerToken bytes of keys and values a token in F16; 0 where the file does not say
 * @param context tokens of the longest context of the training
 */
record MemoryEstimate(long weights, long cachePerToken, long context) {
  static MemoryEstimate of(GgufFile file) {
    GgufMetadata m = file.metadata();
    String prefix = m.string("general.architecture", "") + ".";
    long weights = file.tensors().values().stream().mapToLong(TensorInfo::bytes).sum();
    int layers = m.integer(prefix + "block_count", 0);
    int heads = m.integer(prefix + "attention.head_count", 0);
    int width = m.integer(prefix + "embedding_length", 0);
    int head = heads > 0 ? width / heads : 0;
    long keyAndValue =
        m.longInteger(prefix + "attention.key_length", head)
            + m.longInteger(prefix + "attention.value_length", head);
    String kvHeads = prefix + "attention.head_count_kv";
    long headsOfAllLayers;
    if (m.get(kvHeads) != null && m.get(kvHeads).getClass().isArray()) {
      headsOfAllLayers = 0;
      int[] each = m.integers(kvHeads);
      for (int i = 0; each != null && i < each.length; i++) {
        headsOfAllLayers += each[i];
      }
    } else {
      headsOfAllLayers = (long) layers * m.integer(kvHeads, heads);
    }
    return new MemoryEstimate(
        weights, 2 * headsOfAllLayers * keyAndValue, m.longInteger(prefix + "context_length", 0));
  }
}
