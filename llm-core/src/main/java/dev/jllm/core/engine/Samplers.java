package dev.jllm.core.engine;

import dev.jllm.api.Sampling;
import dev.jllm.core.sample.Dist;
import dev.jllm.core.sample.Dry;
import dev.jllm.core.sample.DynamicTemperature;
import dev.jllm.core.sample.Greedy;
import dev.jllm.core.sample.LogitBias;
import dev.jllm.core.sample.MinP;
import dev.jllm.core.sample.Mirostat;
import dev.jllm.core.sample.MirostatV2;
import dev.jllm.core.sample.Penalties;
import dev.jllm.core.sample.Sampler;
import dev.jllm.core.sample.SamplerChain;
import dev.jllm.core.sample.SequenceBreakers;
import dev.jllm.core.sample.SplitRandom;
import dev.jllm.core.sample.Temperature;
import dev.jllm.core.sample.TopK;
import dev.jllm.core.sample.TopNSigma;
import dev.jllm.core.sample.TopP;
import dev.jllm.core.sample.Typical;
import dev.jllm.core.sample.Xtc;
import java.util.ArrayList;
import java.util.List;

/** From sampling options to a chain of samplers, in llama.cpp's default order. */
final class Samplers {
  /** The number of recent surprises that mirostat's first version estimates its exponent from. */
  private static final int MIROSTAT_M = 100;

  private Samplers() {}

  /**
   * The chain for one generation.
   *
   * @param vocabularySize number of tokens
   * @param context tokens the session can hold: what -1 means for the penalties
   * @param breakers the tokens of {@link Sampling#drySequenceBreakers()}
   */
  static SamplerChain chain(
      Sampling s, int vocabularySize, int context, SequenceBreakers breakers, long seed) {
    SplitRandom random = new SplitRandom(seed);
    List<Sampler> chain = new ArrayList<>();
    if (!s.logitBias().isEmpty()) {
      chain.add(new LogitBias(s.logitBias()));
    }
    if (s.repeatPenalty() != 1 || s.frequencyPenalty() != 0 || s.presencePenalty() != 0) {
      chain.add(
          new Penalties(
              window(s.penaltyLastN(), context),
              s.repeatPenalty(),
              s.frequencyPenalty(),
              s.presencePenalty()));
    }
    if (s.temperature() == 0) {
      // The most likely token is the same whatever the other samplers would have removed.
      chain.add(new Greedy());
      return new SamplerChain(chain);
    }
    if (s.mirostat() != 0) {
      chain.add(new Temperature(s.temperature()));
      chain.add(
          s.mirostat() == 1
              ? new Mirostat(
                  vocabularySize, s.mirostatTau(), s.mirostatEta(), MIROSTAT_M, random.split(0))
              : new MirostatV2(s.mirostatTau(), s.mirostatEta(), random.split(0)));
      return new SamplerChain(chain);
    }
    if (s.dryMultiplier() > 0) {
      chain.add(
          new Dry(
              s.dryMultiplier(),
              s.dryBase(),
              s.dryAllowedLength(),
              window(s.dryLastN(), context),
              breakers));
    }
    if (s.topNSigma() > 0) {
      chain.add(new TopNSigma(s.topNSigma()));
    }
    if (s.topK() > 0) {
      chain.add(new TopK(s.topK()));
    }
    if (s.typicalP() < 1) {
      chain.add(new Typical(s.typicalP(), 1));
    }
    if (s.topP() < 1) {
      chain.add(new TopP(s.topP(), 1));
    }
    if (s.minP() > 0) {
      chain.add(new MinP(s.minP(), 1));
    }
    if (s.xtcProbability() > 0) {
      chain.add(new Xtc(s.xtcProbability(), s.xtcThreshold(), 1, random.split(1)));
    }
    chain.add(
        s.dynamicTemperatureRange() > 0
            ? new DynamicTemperature(
                s.temperature(), s.dynamicTemperatureRange(), s.dynamicTemperatureExponent())
            : new Temperature(s.temperature()));
    chain.add(new Dist(random.split(0)));
    return new SamplerChain(chain);
  }

  private static int window(int lastN, int context) {
    return lastN < 0 ? context : lastN;
  }
}
