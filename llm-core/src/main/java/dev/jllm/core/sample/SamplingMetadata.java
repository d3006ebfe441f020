package dev.jllm.core.sample;

import dev.jllm.api.Sampling;
import dev.jllm.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.List;

/**
 * The sampling options that the authors of a model recommend, from the keys {@code
 * general.sampling.*} of its file: {@code sequence} (names separated by semicolons), {@code top_k},
 * {@code top_p}, {@code min_p}, {@code xtc_probability}, {@code xtc_threshold}, {@code temp},
 * {@code penalty_last_n}, {@code penalty_repeat}, {@code mirostat}, {@code mirostat_tau}, {@code
 * mirostat_eta}.
 */
public final class SamplingMetadata {
  private static final String PREFIX = "general.sampling.";

  private final GgufMetadata metadata;
  private final Sampling.Builder options;

  private SamplingMetadata(GgufMetadata metadata, Sampling defaults) {
    this.metadata = metadata;
    options = defaults.toBuilder();
  }

  /**
   * {@code defaults} with what the file recommends instead. A recommendation that makes no sense,
   * as a negative temperature or an unknown sampler, is passed over: a file must not be unusable
   * for it.
   */
  public static Sampling recommended(GgufMetadata metadata, Sampling defaults) {
    return new SamplingMetadata(metadata, defaults).read();
  }

  private Sampling read() {
    number("temp", options::temperature);
    integer("top_k", k -> options.topK(Math.max(0, k)));
    number("top_p", p -> options.topP(Math.min(1, p)));
    number("min_p", options::minP);
    number("xtc_probability", options::xtcProbability);
    number("xtc_threshold", options::xtcThreshold);
    integer("penalty_last_n", options::penaltyLastN);
    number("penalty_repeat", options::repeatPenalty);
    integer("mirostat", options::mirostat);
    number("mirostat_tau", options::mirostatTau);
    number("mirostat_eta", options::mirostatEta);
    sequence();
    return options.build();
  }

  private void sequence() {
    if (!(metadata.get(PREFIX + "sequence") instanceof String text)) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (String name : text.split(";", -1)) {
      try {
        names.add(Samplers.canonical(name));
      } catch (IllegalArgumentException unknown) {
        continue; // one that a newer format may know
      }
    }
    if (!names.isEmpty()) {
      options.order(names);
    }
  }

  private interface FloatOption {
    Object set(float value);
  }

  private interface IntOption {
    Object set(int value);
  }

  private void number(String key, FloatOption option) {
    if (metadata.get(PREFIX + key) instanceof Number n && Float.isFinite(n.floatValue())) {
      try {
        option.set(n.floatValue());
      } catch (IllegalArgumentException outOfRange) {
        return; // the default stays
      }
    }
  }

  private void integer(String key, IntOption option) {
    if (metadata.get(PREFIX + key) instanceof Number n) {
      try {
        option.set(n.intValue());
      } catch (IllegalArgumentException outOfRange) {
        return; // the default stays
      }
    }
  }
}
