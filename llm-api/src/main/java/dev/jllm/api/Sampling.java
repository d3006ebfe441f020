package dev.jllm.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the next token is chosen from the model's logits. The defaults are those of llama.cpp's
 * command line. Immutable.
 */
public final class Sampling {
  /** The samplers in their usual order, each by its name. */
  public static final List<String> DEFAULT_ORDER =
      List.of(
          "penalties",
          "dry",
          "top_n_sigma",
          "top_k",
          "typ_p",
          "top_p",
          "min_p",
          "xtc",
          "temperature");

  private static final Sampling DEFAULTS = builder().build();

  private final float temperature;
  private final int topK;
  private final float topP;
  private final float minP;
  private final float typicalP;
  private final float topNSigma;
  private final float xtcProbability;
  private final float xtcThreshold;
  private final float dynamicTemperatureRange;
  private final float dynamicTemperatureExponent;
  private final float repeatPenalty;
  private final float frequencyPenalty;
  private final float presencePenalty;
  private final int penaltyLastN;
  private final float dryMultiplier;
  private final float dryBase;
  private final int dryAllowedLength;
  private final int dryLastN;
  private final int mirostat;
  private final float mirostatTau;
  private final float mirostatEta;
  private final float adaptiveTarget;
  private final float adaptiveDecay;
  private final int noRepeatNgram;
  private final int minKeep;
  private final List<String> drySequenceBreakers;
  private final List<String> bannedTexts;
  private final List<String> order;
  private final Map<Integer, Float> logitBias;

  private Sampling(Builder b) {
    temperature = b.temperature;
    topK = b.topK;
    topP = b.topP;
    minP = b.minP;
    typicalP = b.typicalP;
    topNSigma = b.topNSigma;
    xtcProbability = b.xtcProbability;
    xtcThreshold = b.xtcThreshold;
    dynamicTemperatureRange = b.dynamicTemperatureRange;
    dynamicTemperatureExponent = b.dynamicTemperatureExponent;
    repeatPenalty = b.repeatPenalty;
    frequencyPenalty = b.frequencyPenalty;
    presencePenalty = b.presencePenalty;
    penaltyLastN = b.penaltyLastN;
    dryMultiplier = b.dryMultiplier;
    dryBase = b.dryBase;
    dryAllowedLength = b.dryAllowedLength;
    dryLastN = b.dryLastN;
    mirostat = b.mirostat;
    mirostatTau = b.mirostatTau;
    mirostatEta = b.mirostatEta;
    adaptiveTarget = b.adaptiveTarget;
    adaptiveDecay = b.adaptiveDecay;
    noRepeatNgram = b.noRepeatNgram;
    minKeep = b.minKeep;
    drySequenceBreakers = List.copyOf(b.drySequenceBreakers);
    bannedTexts = b.bannedTexts;
    order = b.order;
    logitBias = Collections.unmodifiableMap(new LinkedHashMap<>(b.logitBias));
  }

  /** The defaults. */
  public static Sampling defaults() {
    return DEFAULTS;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Always the most likely token: the same answer every time. */
  public static Sampling greedy() {
    return builder().temperature(0).build();
  }

  /** For facts, code and extraction: close to the most likely text. */
  public static Sampling precise() {
    return builder().temperature(0.2f).topK(20).topP(0.9f).minP(0.1f).build();
  }

  /** For conversation. */
  public static Sampling balanced() {
    return builder().temperature(0.7f).topP(0.95f).minP(0.05f).build();
  }

  /** For stories and ideas: varied, with unlikely words cut off and repetition discouraged. */
  public static Sampling creative() {
    return builder().temperature(1.1f).topK(0).topP(1).minP(0.05f).dryMultiplier(0.8f).build();
  }

  /** A builder with the values of this. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.temperature = temperature;
    b.topK = topK;
    b.topP = topP;
    b.minP = minP;
    b.typicalP = typicalP;
    b.topNSigma = topNSigma;
    b.xtcProbability = xtcProbability;
    b.xtcThreshold = xtcThreshold;
    b.dynamicTemperatureRange = dynamicTemperatureRange;
    b.dynamicTemperatureExponent = dynamicTemperatureExponent;
    b.repeatPenalty = repeatPenalty;
    b.frequencyPenalty = frequencyPenalty;
    b.presencePenalty = presencePenalty;
    b.penaltyLastN = penaltyLastN;
    b.dryMultiplier = dryMultiplier;
    b.dryBase = dryBase;
    b.dryAllowedLength = dryAllowedLength;
    b.dryLastN = dryLastN;
    b.mirostat = mirostat;
    b.mirostatTau = mirostatTau;
    b.mirostatEta = mirostatEta;
    b.adaptiveTarget = adaptiveTarget;
    b.adaptiveDecay = adaptiveDecay;
    b.noRepeatNgram = noRepeatNgram;
    b.minKeep = minKeep;
    b.drySequenceBreakers = new ArrayList<>(drySequenceBreakers);
    b.bannedTexts = bannedTexts;
    b.order = order;
    b.logitBias.putAll(logitBias);
    return b;
  }

  /**
   * Divides the logits; 0 always takes the most likely token. Below 1 is more focused, above 1 more
   * varied.
   */
  public float temperature() {
    return temperature;
  }

  /** Keeps the k most likely tokens; 0 keeps all. */
  public int topK() {
    return topK;
  }

  /**
   * Keeps the most likely tokens that together have this probability; 1 keeps all (Holtzman et al.
   * 2020).
   */
  public float topP() {
    return topP;
  }

  /**
   * Keeps tokens at least this fraction as likely as the most likely one; 0 keeps all (Nguyen et
   * al. 2024).
   */
  public float minP() {
    return minP;
  }

  /** Locally typical sampling; 1 keeps all (Meister et al. 2023). */
  public float typicalP() {
    return typicalP;
  }

  /**
   * Keeps tokens within n standard deviations of the largest logit; negative: off (Tang et al.
   * 2024).
   */
  public float topNSigma() {
    return topNSigma;
  }

  /** How often the most likely tokens are left out (exclude top choices); 0: off. */
  public float xtcProbability() {
    return xtcProbability;
  }

  /** What counts as a top choice for {@link #xtcProbability}; above 0.5: off. */
  public float xtcThreshold() {
    return xtcThreshold;
  }

  /** The temperature varies by this much around its value with the entropy; 0: off. */
  public float dynamicTemperatureRange() {
    return dynamicTemperatureRange;
  }

  /** How the entropy maps to the temperature. */
  public float dynamicTemperatureExponent() {
    return dynamicTemperatureExponent;
  }

  /**
   * Divides the positive and multiplies the negative logits of recent tokens; 1: off (Keskar et al.
   * 2019).
   */
  public float repeatPenalty() {
    return repeatPenalty;
  }

  /** Subtracted from a recent token's logit for each occurrence; 0: off. */
  public float frequencyPenalty() {
    return frequencyPenalty;
  }

  /** Subtracted from the logit of each recent token; 0: off. */
  public float presencePenalty() {
    return presencePenalty;
  }

  /** How many recent tokens the penalties look at; 0: none, -1: the whole context. */
  public int penaltyLastN() {
    return penaltyLastN;
  }

  /** Strength of the penalty on continuing a repetition (DRY); 0: off. */
  public float dryMultiplier() {
    return dryMultiplier;
  }

  /** Growth of the DRY penalty with the length of the repetition. */
  public float dryBase() {
    return dryBase;
  }

  /** Repetitions up to this length are not penalised by DRY. */
  public int dryAllowedLength() {
    return dryAllowedLength;
  }

  /** How many recent tokens DRY looks at; -1: the whole context. */
  public int dryLastN() {
    return dryLastN;
  }

  /**
   * 1 or 2: that version of mirostat in place of the truncating samplers; 0: off (Basu et al.
   * 2021).
   */
  public int mirostat() {
    return mirostat;
  }

  /** Mirostat: the surprise aimed at, in bits. */
  public float mirostatTau() {
    return mirostatTau;
  }

  /** Mirostat: the learning rate. */
  public float mirostatEta() {
    return mirostatEta;
  }

  /**
   * Adaptive-p, where {@link #order} names it: the probability that chosen tokens should have on
   * average; negative: off.
   */
  public float adaptiveTarget() {
    return adaptiveTarget;
  }

  /** Adaptive-p: how slowly the average forgets, 0 to 0.99. */
  public float adaptiveDecay() {
    return adaptiveDecay;
  }

  /** No sequence of this many tokens occurs twice; 0: off (Paulus et al. 2018). */
  public int noRepeatNgram() {
    return noRepeatNgram;
  }

  /** The truncating samplers keep at least so many tokens. */
  public int minKeep() {
    return minKeep;
  }

  /** Texts that are never written, however they are cut into tokens. */
  public List<String> bannedTexts() {
    return bannedTexts;
  }

  /**
   * The names of the samplers in the order in which they act; what is not named does not act. Logit
   * biases and bans come first, the choice comes last.
   */
  public List<String> order() {
    return order;
  }

  /** Texts that end a repetition for DRY. */
  public List<String> drySequenceBreakers() {
    return drySequenceBreakers;
  }

  /** Added to the logits of these tokens; negative infinity bans a token. */
  public Map<Integer, Float> logitBias() {
    return logitBias;
  }

  /** Builds {@link Sampling}. */
  public static final class Builder {
    private float temperature = 0.8f;
    private int topK = 40;
    private float topP = 0.95f;
    private float minP = 0.05f;
    private float typicalP = 1f;
    private float topNSigma = -1f;
    private float xtcProbability = 0f;
    private float xtcThreshold = 0.1f;
    private float dynamicTemperatureRange = 0f;
    private float dynamicTemperatureExponent = 1f;
    private float repeatPenalty = 1f;
    private float frequencyPenalty = 0f;
    private float presencePenalty = 0f;
    private int penaltyLastN = 64;
    private float dryMultiplier = 0f;
    private float dryBase = 1.75f;
    private int dryAllowedLength = 2;
    private int dryLastN = -1;
    private int mirostat = 0;
    private float mirostatTau = 5f;
    private float mirostatEta = 0.1f;
    private float adaptiveTarget = -1f;
    private float adaptiveDecay = 0.9f;
    private int noRepeatNgram = 0;
    private int minKeep = 0;
    private List<String> bannedTexts = List.of();
    private List<String> order = DEFAULT_ORDER;
    private List<String> drySequenceBreakers = List.of("\n", ":", "\"", "*");
    private final Map<Integer, Float> logitBias = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Divides the logits; 0 always takes the most likely token. Below 1 is more focused, above 1
     * more varied. Default 0.8.
     */
    public Builder temperature(float value) {
      check(value >= 0, "temperature", value, "0 or more");
      temperature = value;
      return this;
    }

    /** Keeps the k most likely tokens; 0 keeps all. Default 40. */
    public Builder topK(int value) {
      check(value >= 0, "topK", value, "0 or more");
      topK = value;
      return this;
    }

    /**
     * Keeps the most likely tokens that together have this probability; 1 keeps all (Holtzman et
     * al. 2020). Default 0.95.
     */
    public Builder topP(float value) {
      check(value > 0 && value <= 1, "topP", value, "above 0, at most 1");
      topP = value;
      return this;
    }

    /**
     * Keeps tokens at least this fraction as likely as the most likely one; 0 keeps all (Nguyen et
     * al. 2024). Default 0.05.
     */
    public Builder minP(float value) {
      check(value >= 0 && value <= 1, "minP", value, "between 0 and 1");
      minP = value;
      return this;
    }

    /** Locally typical sampling; 1 keeps all (Meister et al. 2023). Default 1. */
    public Builder typicalP(float value) {
      check(value > 0 && value <= 1, "typicalP", value, "above 0, at most 1");
      typicalP = value;
      return this;
    }

    /**
     * Keeps tokens within n standard deviations of the largest logit; negative: off (Tang et al.
     * 2024). Default -1.
     */
    public Builder topNSigma(float value) {
      check(value == value, "topNSigma", value, "a number");
      topNSigma = value;
      return this;
    }

    /** How often the most likely tokens are left out (exclude top choices); 0: off. Default 0. */
    public Builder xtcProbability(float value) {
      check(value >= 0 && value <= 1, "xtcProbability", value, "between 0 and 1");
      xtcProbability = value;
      return this;
    }

    /** What counts as a top choice for {@link #xtcProbability}; above 0.5: off. Default 0.1. */
    public Builder xtcThreshold(float value) {
      check(value >= 0 && value <= 1, "xtcThreshold", value, "between 0 and 1");
      xtcThreshold = value;
      return this;
    }

    /** The temperature varies by this much around its value with the entropy; 0: off. Default 0. */
    public Builder dynamicTemperatureRange(float value) {
      check(value >= 0, "dynamicTemperatureRange", value, "0 or more");
      dynamicTemperatureRange = value;
      return this;
    }

    /** How the entropy maps to the temperature. Default 1. */
    public Builder dynamicTemperatureExponent(float value) {
      check(value > 0, "dynamicTemperatureExponent", value, "above 0");
      dynamicTemperatureExponent = value;
      return this;
    }

    /**
     * Divides the positive and multiplies the negative logits of recent tokens; 1: off (Keskar et
     * al. 2019). Default 1.
     */
    public Builder repeatPenalty(float value) {
      check(value > 0, "repeatPenalty", value, "above 0");
      repeatPenalty = value;
      return this;
    }

    /** Subtracted from a recent token's logit for each occurrence; 0: off. Default 0. */
    public Builder frequencyPenalty(float value) {
      check(value == value, "frequencyPenalty", value, "a number");
      frequencyPenalty = value;
      return this;
    }

    /** Subtracted from the logit of each recent token; 0: off. Default 0. */
    public Builder presencePenalty(float value) {
      check(value == value, "presencePenalty", value, "a number");
      presencePenalty = value;
      return this;
    }

    /** How many recent tokens the penalties look at; 0: none, -1: the whole context. Default 64. */
    public Builder penaltyLastN(int value) {
      check(value >= -1, "penaltyLastN", value, "-1 or more");
      penaltyLastN = value;
      return this;
    }

    /** Strength of the penalty on continuing a repetition (DRY); 0: off. Default 0. */
    public Builder dryMultiplier(float value) {
      check(value >= 0, "dryMultiplier", value, "0 or more");
      dryMultiplier = value;
      return this;
    }

    /** Growth of the DRY penalty with the length of the repetition. Default 1.75. */
    public Builder dryBase(float value) {
      check(value >= 1, "dryBase", value, "1 or more");
      dryBase = value;
      return this;
    }

    /** Repetitions up to this length are not penalised by DRY. Default 2. */
    public Builder dryAllowedLength(int value) {
      check(value >= 0, "dryAllowedLength", value, "0 or more");
      dryAllowedLength = value;
      return this;
    }

    /** How many recent tokens DRY looks at; -1: the whole context. Default -1. */
    public Builder dryLastN(int value) {
      check(value >= -1, "dryLastN", value, "-1 or more");
      dryLastN = value;
      return this;
    }

    /**
     * 1 or 2: that version of mirostat in place of the truncating samplers; 0: off (Basu et al.
     * 2021). Default 0.
     */
    public Builder mirostat(int value) {
      check(value >= 0 && value <= 2, "mirostat", value, "0, 1 or 2");
      mirostat = value;
      return this;
    }

    /** Mirostat: the surprise aimed at, in bits. Default 5. */
    public Builder mirostatTau(float value) {
      check(value > 0, "mirostatTau", value, "above 0");
      mirostatTau = value;
      return this;
    }

    /** Mirostat: the learning rate. Default 0.1. */
    public Builder mirostatEta(float value) {
      check(value > 0, "mirostatEta", value, "above 0");
      mirostatEta = value;
      return this;
    }

    /**
     * Adaptive-p, where {@link #order} names it: the probability that chosen tokens should have on
     * average; negative: off. Default -1.
     */
    public Builder adaptiveTarget(float value) {
      check(value <= 1, "adaptiveTarget", value, "at most 1");
      adaptiveTarget = value;
      return this;
    }

    /** Adaptive-p: how slowly the average forgets. Default 0.9. */
    public Builder adaptiveDecay(float value) {
      check(value >= 0 && value <= 0.99f, "adaptiveDecay", value, "between 0 and 0.99");
      adaptiveDecay = value;
      return this;
    }

    /** No sequence of this many tokens occurs twice; 0: off (Paulus et al. 2018). Default 0. */
    public Builder noRepeatNgram(int value) {
      check(value >= 0, "noRepeatNgram", value, "0 or more");
      noRepeatNgram = value;
      return this;
    }

    /** The truncating samplers keep at least so many tokens. Default 0. */
    public Builder minKeep(int value) {
      check(value >= 0, "minKeep", value, "0 or more");
      minKeep = value;
      return this;
    }

    /** Texts that are never written, however they are cut into tokens. */
    public Builder bannedTexts(List<String> texts) {
      bannedTexts = List.copyOf(texts);
      return this;
    }

    /**
     * The samplers in the order in which they act, from {@code penalties dry top_n_sigma top_k
     * typ_p top_p min_p xtc temperature infill adaptive_p}; what is not named does not act. Default
     * {@link Sampling#DEFAULT_ORDER}.
     */
    public Builder order(List<String> names) {
      order = List.copyOf(names);
      return this;
    }

    /** Texts that end a repetition for DRY. */
    public Builder drySequenceBreakers(List<String> texts) {
      drySequenceBreakers = List.copyOf(texts);
      return this;
    }

    /** Adds {@code bias} to the token's logit; negative infinity bans the token. */
    public Builder logitBias(int token, float bias) {
      check(token >= 0, "logitBias of token", token, "0 or more");
      check(bias == bias, "logitBias", bias, "a number");
      logitBias.put(token, bias);
      return this;
    }

    /** The options. */
    public Sampling build() {
      return new Sampling(this);
    }

    private static void check(boolean good, String name, Object value, String range) {
      if (!good) {
        throw new IllegalArgumentException(name + " is " + value + ", must be " + range);
      }
    }
  }
}
