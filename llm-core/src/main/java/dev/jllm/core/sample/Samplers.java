package dev.jllm.core.sample;

import dev.jllm.api.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Builds the chain that {@link Sampling} describes, as llama.cpp does: logit biases and bans first,
 * then the samplers in the order wanted, last the choice. With mirostat only the temperature comes
 * before it. Samplers that would change nothing are left out.
 */
public final class Samplers {
  private static final int MIROSTAT_M = 100;

  private final Sampling options;
  private final int vocabularySize;
  private final int contextSize;
  private final @Nullable TokenTexts texts;
  private @Nullable SequenceBreakers breakers;

  /**
   * @param contextSize how many tokens "the whole context" is
   * @param texts the vocabulary; may be null where no option needs it
   */
  public Samplers(
      Sampling options, int vocabularySize, int contextSize, @Nullable TokenTexts texts) {
    this.options = options;
    this.vocabularySize = vocabularySize;
    this.contextSize = contextSize;
    this.texts = texts;
  }

  /**
   * A new chain that draws from streams of {@code random}.
   *
   * @throws IllegalArgumentException if the order names an unknown sampler, or an option needs a
   *     vocabulary that was not given
   */
  public SamplerChain chain(SplitRandom random) {
    List<Sampler> chain = new ArrayList<>();
    if (!options.logitBias().isEmpty()) {
      chain.add(new LogitBias(options.logitBias()));
    }
    if (!options.bannedTexts().isEmpty()) {
      chain.add(new BannedTexts(options.bannedTexts(), texts("banned texts")));
    }
    if (options.noRepeatNgram() > 0) {
      chain.add(new NoRepeatNgram(options.noRepeatNgram()));
    }
    if (options.mirostat() == 0) {
      ordered(chain, random);
    } else {
      if (options.temperature() != 1) {
        chain.add(new Temperature(options.temperature()));
      }
      chain.add(
          options.mirostat() == 1
              ? new Mirostat(
                  vocabularySize, options.mirostatTau(), options.mirostatEta(), MIROSTAT_M, random)
              : new MirostatV2(options.mirostatTau(), options.mirostatEta(), random));
    }
    SamplerChain result = new SamplerChain(chain);
    result.reseed(random);
    return result;
  }

  private void ordered(List<Sampler> chain, SplitRandom random) {
    boolean adaptive = false;
    boolean cold = options.temperature() == 0 && options.dynamicTemperatureRange() == 0;
    boolean best = cold && keepsBest();
    for (String name : options.order()) {
      String canonical = canonical(name);
      adaptive |= canonical.equals("adaptive_p");
      Sampler s = sampler(canonical, best, random);
      if (s != null) {
        chain.add(s);
      }
    }
    if (adaptive) {
      chain.add(new AdaptiveP(options.adaptiveTarget(), options.adaptiveDecay(), random));
    } else if (best) {
      chain.add(new Greedy());
    } else {
      chain.add(new Dist(random));
    }
  }

  /** Whether the best candidate passes all samplers, so that at temperature 0 none is needed. */
  private boolean keepsBest() {
    boolean temperature = false;
    for (String name : options.order()) {
      switch (canonical(name)) {
        case "temperature" -> temperature = true;
        case "typ_p" -> {
          if (options.typicalP() < 1) {
            return false;
          }
        }
        case "xtc" -> {
          if (options.xtcProbability() > 0) {
            return false;
          }
        }
        case "infill", "adaptive_p" -> {
          return false;
        }
        default -> {}
      }
    }
    return temperature;
  }

  /** The sampler of this name, or null if it would change nothing. */
  private @Nullable Sampler sampler(String name, boolean best, SplitRandom random) {
    Sampling o = options;
    int keep = o.minKeep();
    return switch (name) {
      case "penalties" -> penalties();
      case "dry" -> o.dryMultiplier() == 0 || o.dryLastN() == 0 ? null : dry();
      case "top_n_sigma" -> best || o.topNSigma() <= 0 ? null : new TopNSigma(o.topNSigma());
      case "top_k" -> best || o.topK() <= 0 ? null : new TopK(o.topK());
      case "typ_p" -> o.typicalP() >= 1 ? null : new Typical(o.typicalP(), keep);
      case "top_p" -> best || o.topP() >= 1 ? null : new TopP(o.topP(), keep);
      case "min_p" -> best || o.minP() <= 0 ? null : new MinP(o.minP(), keep);
      case "xtc" ->
          o.xtcProbability() <= 0 || o.xtcThreshold() > 0.5f
              ? null
              : new Xtc(o.xtcProbability(), o.xtcThreshold(), keep, random);
      case "temperature" -> best ? null : temperature();
      case "infill" -> new Infill(texts("the infill sampler"));
      default -> null;
    };
  }

  private @Nullable Sampler temperature() {
    if (options.dynamicTemperatureRange() > 0) {
      return new DynamicTemperature(
          options.temperature(),
          options.dynamicTemperatureRange(),
          options.dynamicTemperatureExponent());
    }
    return options.temperature() == 1 ? null : new Temperature(options.temperature());
  }

  private @Nullable Sampler penalties() {
    int lastN = options.penaltyLastN() < 0 ? contextSize : options.penaltyLastN();
    boolean idle =
        options.repeatPenalty() == 1
            && options.frequencyPenalty() == 0
            && options.presencePenalty() == 0;
    return lastN == 0 || idle
        ? null
        : new Penalties(
            lastN, options.repeatPenalty(), options.frequencyPenalty(), options.presencePenalty());
  }

  private Sampler dry() {
    SequenceBreakers b = breakers;
    if (b == null) {
      b =
          options.drySequenceBreakers().isEmpty()
              ? SequenceBreakers.NONE
              : texts("DRY with sequence breakers").breakers(options.drySequenceBreakers());
      breakers = b;
    }
    int lastN = options.dryLastN() < 0 ? contextSize : options.dryLastN();
    return new Dry(
        options.dryMultiplier(), options.dryBase(), options.dryAllowedLength(), lastN, b);
  }

  private TokenTexts texts(String what) {
    TokenTexts t = texts;
    if (t == null) {
      throw new IllegalArgumentException(what + " needs the vocabulary, which was not given");
    }
    return t;
  }

  /**
   * The one name of a sampler that has several, as in {@code nucleus} for {@code top_p}.
   *
   * @throws IllegalArgumentException if there is no such sampler
   */
  static String canonical(String name) {
    String n = name.toLowerCase(Locale.ROOT).replace('-', '_').trim();
    return switch (n) {
      case "penalties", "dry", "top_n_sigma", "top_k", "top_p", "min_p", "xtc" -> n;
      case "infill", "adaptive_p" -> n;
      case "nucleus" -> "top_p";
      case "typ_p", "typ", "typical", "typical_p" -> "typ_p";
      case "temperature", "temp" -> "temperature";
      default ->
          throw new IllegalArgumentException(
              "there is no sampler '"
                  + name
                  + "'; known are penalties, dry, top_n_sigma, top_k, typ_p, top_p, min_p, xtc,"
                  + " temperature, infill and adaptive_p");
    };
  }
}
