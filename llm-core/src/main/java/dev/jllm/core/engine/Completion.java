package dev.jllm.core.engine;

import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.Timings;
import dev.jllm.api.TokenLogprob;
import dev.jllm.api.Usage;
import dev.jllm.core.sample.Candidates;
import dev.jllm.core.sample.SamplerChain;
import dev.jllm.core.token.TextAssembler;
import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.TokenAttributes;
import dev.jllm.core.token.Vocabulary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One generation: the prompt, then token after token until something ends it. */
final class Completion {
  private final Engine engine;
  private final TextTokenizer tokenizer;
  private final TokenState state;
  private final GenerationRequest request;
  private final SamplerChain sampler;
  private final @Nullable Constraint constraint;
  private final OutputReader output;
  private final Interruption interruption;
  private final Sink sink;

  private final float[] logits;
  private final Candidates candidates = new Candidates();
  private final TextAssembler assembler;
  private final StopDetector stops;
  private final LogprobReporter logprobs;
  private final List<TokenLogprob> reported = new ArrayList<>();
  private final int contextLength;
  private final @Nullable ThinkingBudget budget;

  Completion(
      Engine engine,
      TextTokenizer tokenizer,
      TokenState state,
      GenerationRequest request,
      SamplerChain sampler,
      @Nullable Constraint constraint,
      OutputReader output,
      int contextLength,
      Interruption interruption,
      Sink sink) {
    this.engine = engine;
    this.tokenizer = tokenizer;
    this.state = state;
    this.request = request;
    this.sampler = sampler;
    this.constraint = constraint;
    this.output = output;
    this.contextLength = contextLength;
    this.interruption = interruption;
    this.sink = sink;
    logits = new float[engine.vocabularySize()];
    assembler = new TextAssembler();
    stops = new StopDetector(request.stop());
    logprobs = new LogprobReporter(tokenizer, Math.max(0, request.topLogprobs()));
    budget = ThinkingBudget.of(request.thinking(), output, tokenizer);
  }

  /** Generates after {@code prompt}, whose beginning may be computed already. */
  GenerationResult run(int[] prompt) {
    long start = System.nanoTime();
    int cached = state.become(prompt);
    new Prefill(state, request, interruption, sink).run(prompt.length, logits);
    long prefilled = System.nanoTime();
    for (int id : prompt) {
      sampler.accept(id);
    }
    FinishReason reason = decode(prompt.length);
    output.accept(stops.accept(assembler.flush()), sink);
    output.accept(stops.finish(), sink);
    boolean complete = reason == FinishReason.END || reason == FinishReason.FORMAT_COMPLETE;
    output.finish(!complete && reason != FinishReason.STOP, sink);
    long end = System.nanoTime();
    int written = state.tokens().size() - prompt.length;
    if (reason == FinishReason.END && !output.toolCalls().isEmpty()) {
      reason = FinishReason.TOOL_CALLS;
    }
    return new GenerationResult(
        output.text(),
        output.reasoning(),
        output.toolCalls(),
        reason,
        IntList.of(prompt).toList(0),
        state.tokens().toList(prompt.length),
        List.copyOf(reported),
        new Usage(prompt.length, cached, written),
        new Timings(
            Duration.ofNanos(prefilled - start),
            Duration.ofNanos((firstTokenAt == 0 ? end : firstTokenAt) - start),
            Duration.ofNanos(firstTokenAt == 0 ? 0 : end - firstTokenAt)));
  }

  private long firstTokenAt;

  private FinishReason decode(int promptLength) {
    for (int written = 0; written < request.maxNewTokens(); written++) {
      FinishReason early = interruption.reason();
      if (early != null) {
        return early;
      }
      if (written > 0) {
        if (state.tokens().size() >= contextLength) {
          return FinishReason.LENGTH;
        }
        state.compute(state.tokens().size(), logits);
      }
      int id = next();
      if (firstTokenAt == 0) {
        firstTokenAt = System.nanoTime();
      }
      if (!request.ignoreEndOfGeneration() && tokenizer.vocabulary().isEndOfGeneration(id)) {
        return FinishReason.END;
      }
      if (request.topLogprobs() >= 0) {
        reported.add(logprobs.report(id));
      }
      append(id);
      if (stops.stopped()) {
        return FinishReason.STOP;
      }
      if (constraint != null && constraint.isFinished()) {
        return FinishReason.FORMAT_COMPLETE;
      }
    }
    return FinishReason.LENGTH;
  }

  private int next() {
    if (request.topLogprobs() >= 0) {
      logprobs.measure(logits);
    }
    int id = budget == null ? -1 : budget.forced();
    Constraint active = activeConstraint();
    if (id < 0) {
      id =
          active == null
              ? sampler.choose(candidates.load(logits))
              : active.choose(sampler, candidates, logits);
    }
    if (active != null) {
      active.accept(id);
    }
    sampler.accept(id);
    return id;
  }

  /** A format holds for the answer, not for the thoughts before it. */
  private @Nullable Constraint activeConstraint() {
    if (constraint != null && constraint.holdsForThoughts()) {
      return constraint;
    }
    boolean thoughtsToCome =
        request.thinking().isEnabled()
            && !request.thinking().isUnspecified()
            && output.reasoningEnd() != null
            && output.reasoning() == null;
    return output.inReasoning() || thoughtsToCome ? null : constraint;
  }

  private void append(int id) {
    state.tokens().add(id);
    sink.token(id);
    output.accept(stops.accept(assembler.append(bytes(id))), sink);
    if (budget != null) {
      budget.written(id);
    }
  }

  private byte[] bytes(int id) {
    Vocabulary vocabulary = tokenizer.vocabulary();
    boolean control = vocabulary.is(id, TokenAttributes.CONTROL);
    return tokenizer.pieceBytes(id, control && output.shows(vocabulary.text(id)));
  }
}
