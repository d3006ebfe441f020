package dev.jllm.core.engine;

import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Sampling;
import dev.jllm.core.model.Pooling;
import dev.jllm.core.sample.CustomSampler;
import dev.jllm.core.sample.Sampler;
import dev.jllm.core.sample.SamplerChain;
import dev.jllm.core.sample.Samplers;
import dev.jllm.core.sample.SplitRandom;
import dev.jllm.core.sample.TokenTexts;
import dev.jllm.core.token.TextTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What sessions share of a loaded model. */
record ModelParts(
    Engine engine,
    TextTokenizer tokenizer,
    Conversation conversation,
    Constraints constraints,
    Sampling recommended,
    Pooling pooling,
    Lifetime lifetime,
    AtomicInteger threadNumber) {

  /** The sampler of one generation. */
  SamplerChain sampler(GenerationRequest request, int contextLength) {
    Sampling asked = request.sampling();
    Sampling sampling = asked == null ? recommended : asked;
    Long seed = request.seed();
    SamplerChain chain =
        new Samplers(sampling, engine.vocabularySize(), contextLength, TokenTexts.of(tokenizer))
            .chain(new SplitRandom(seed == null ? SplitRandom.unpredictableSeed() : seed));
    if (request.logitsProcessors().isEmpty()) {
      return chain;
    }
    List<Sampler> all = new ArrayList<>();
    request.logitsProcessors().forEach(maker -> all.add(new CustomSampler(maker)));
    all.add(chain);
    return new SamplerChain(all);
  }

  /** What constrains the output of {@code request}, or null. */
  @Nullable Constraint constraint(GenerationRequest request) {
    return constraints.of(request.responseFormat());
  }

  /** Runs {@code work} on a thread of its own, which does not keep the JVM alive. */
  void background(Runnable work) {
    Thread thread = new Thread(work, "jllm-generation-" + threadNumber.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
  }
}
