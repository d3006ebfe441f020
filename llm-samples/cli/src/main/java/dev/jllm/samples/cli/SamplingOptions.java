package dev.jllm.samples.cli;

import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Sampling;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how tokens are chosen. */
final class SamplingOptions {
  @Option(names = "--temp", paramLabel = "T", description = "Temperature; 0: the likeliest token.")
  @Nullable Float temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Keep the K likeliest tokens; 0: all.")
  @Nullable Integer topK;

  @Option(names = "--top-p", paramLabel = "P", description = "Keep tokens of total probability P.")
  @Nullable Float topP;

  @Option(names = "--min-p", paramLabel = "P", description = "Keep tokens P times the likeliest.")
  @Nullable Float minP;

  @Option(names = "--typical-p", paramLabel = "P", description = "Locally typical sampling.")
  @Nullable Float typicalP;

  @Option(
      names = "--top-n-sigma",
      paramLabel = "N",
      description = "Keep logits within N deviations.")
  @Nullable Float topNSigma;

  @Option(names = "--repeat-penalty", paramLabel = "X", description = "Penalty on recent tokens.")
  @Nullable Float repeatPenalty;

  @Option(names = "--frequency-penalty", paramLabel = "X", description = "Penalty by occurrences.")
  @Nullable Float frequencyPenalty;

  @Option(names = "--presence-penalty", paramLabel = "X", description = "Penalty on presence.")
  @Nullable Float presencePenalty;

  @Option(names = "--repeat-last-n", paramLabel = "N", description = "Tokens penalties look at.")
  @Nullable Integer penaltyLastN;

  @Option(
      names = "--dry-multiplier",
      paramLabel = "X",
      description = "Penalty on repetitions (DRY).")
  @Nullable Float dryMultiplier;

  @Option(names = "--xtc-probability", paramLabel = "P", description = "Exclude top choices.")
  @Nullable Float xtcProbability;

  @Option(names = "--xtc-threshold", paramLabel = "P", description = "What a top choice is.")
  @Nullable Float xtcThreshold;

  @Option(names = "--mirostat", paramLabel = "V", description = "Mirostat of version 1 or 2.")
  @Nullable Integer mirostat;

  @Option(names = "--seed", paramLabel = "S", description = "The same seed gives the same text.")
  @Nullable Long seed;

  /** Sets what was given on {@code request}; the rest stays as the model recommends. */
  void apply(GenerationRequest.Builder request) {
    if (seed != null) {
      request.seed(seed);
    }
    Sampling.Builder b = Sampling.builder();
    boolean any = false;
    any |= set(temperature, b::temperature);
    any |= set(topK, b::topK);
    any |= set(topP, b::topP);
    any |= set(minP, b::minP);
    any |= set(typicalP, b::typicalP);
    any |= set(topNSigma, b::topNSigma);
    any |= set(repeatPenalty, b::repeatPenalty);
    any |= set(frequencyPenalty, b::frequencyPenalty);
    any |= set(presencePenalty, b::presencePenalty);
    any |= set(penaltyLastN, b::penaltyLastN);
    any |= set(dryMultiplier, b::dryMultiplier);
    any |= set(xtcProbability, b::xtcProbability);
    any |= set(xtcThreshold, b::xtcThreshold);
    any |= set(mirostat, b::mirostat);
    if (any) {
      request.sampling(b.build());
    }
  }

  private interface Setter<T> {
    Sampling.Builder set(T value);
  }

  private static <T> boolean set(@Nullable T value, Setter<T> setter) {
    if (value != null) {
      setter.set(value);
    }
    return value != null;
  }
}
