package dev.jllm.core.engine;

import dev.jllm.api.ContextOverflowException;
import dev.jllm.api.EmbedOptions;
import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationCancelledException;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.model.Pooling;
import java.util.ArrayList;
import java.util.List;

/** Makes vectors of texts: the pooled hidden states behind the model's last norm. */
final class Embedder {
  private final ModelParts parts;
  private final Pooling fromFile;
  private final int contextLength;
  private final Interruption interruption;

  Embedder(ModelParts parts, Pooling fromFile, int contextLength, Interruption interruption) {
    this.parts = parts;
    this.fromFile = fromFile;
    this.contextLength = contextLength;
    this.interruption = interruption;
  }

  List<float[]> embed(List<String> texts, EmbedOptions options) {
    Pooling pooling =
        switch (options.pooling()) {
          case MODEL -> fromFile;
          case MEAN -> Pooling.MEAN;
          case CLS -> Pooling.CLS;
          case LAST -> Pooling.LAST;
        };
    List<float[]> vectors = new ArrayList<>();
    for (String text : texts) {
      vectors.add(embed(text, pooling).vector(options.isNormalized()));
    }
    return vectors;
  }

  private Pooling.Pool embed(String text, Pooling pooling) {
    IntList ids = new IntList();
    ids.addAll(parts.tokenizer().encode(text, true, false));
    if (ids.size() == 0) {
      throw new IllegalArgumentException(
          "an empty text has no tokens to embed with this model; give at least one character");
    }
    if (ids.size() > contextLength) {
      throw new ContextOverflowException(
          "a text to embed has "
              + ids.size()
              + " tokens, but the context holds "
              + contextLength
              + "; embed it in parts or load the model with a larger contextLength");
    }
    SequenceCache sequence = parts.engine().newSequence();
    Pooling.Pool pool = pooling.newPool(parts.engine().width());
    for (int from = 0; from < ids.size(); from += Engine.CHUNK) {
      if (interruption.reason() == FinishReason.CANCELLED) {
        throw new GenerationCancelledException("cancelled while embedding a text");
      }
      int to = Math.min(ids.size(), from + Engine.CHUNK);
      parts.engine().stepHidden(sequence, ids, from, to, (index, data, at) -> pool.add(data, at));
    }
    return pool;
  }
}
