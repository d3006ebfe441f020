package dev.jllm.core.arch;

import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.ModelFormatException;
import dev.jllm.gguf.TensorInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hyper-parameters of a file: keys below the architecture's name, with the defaults that all
 * architectures share. Keys are those of llama.cpp.
 */
public final class Hyper {
  private final GgufMetadata metadata;
  private final Map<String, TensorInfo> tensors;
  private final String architecture;
  private final int contextInUse;

  /**
   * Reads {@code metadata} of a file with {@code tensors}.
   *
   * @param contextInUse tokens that a sequence may hold, 0 for the context of the training
   */
  public Hyper(GgufMetadata metadata, Map<String, TensorInfo> tensors, int contextInUse) {
    this.metadata = metadata;
    this.tensors = tensors;
    this.contextInUse = contextInUse;
    String name = metadata.string("general.architecture");
    if (name == null) {
      throw new ModelFormatException(
          "the file has no entry 'general.architecture': it holds no language model");
    }
    architecture = name;
  }

  /** The value of {@code general.architecture}. */
  public String architecture() {
    return architecture;
  }

  /** The entries of the file. */
  public GgufMetadata metadata() {
    return metadata;
  }

  private String full(String key) {
    return architecture + "." + key;
  }

  /** Whether the file has {@code key}. */
  public boolean has(String key) {
    return metadata.has(full(key));
  }

  /** The integer at {@code key}, or {@code fallback}. */
  public int integer(String key, int fallback) {
    Object v = metadata.get(full(key));
    return v != null && v.getClass().isArray()
        ? perLayer(key, 0, fallback)
        : metadata.integer(full(key), fallback);
  }

  /** The integer at {@code key}, at least 0, which must be there. */
  public int integer(String key) {
    require(key);
    return integer(key, 0);
  }

  /** The integers at {@code key}, which must be there. */
  public int[] integers(String key) {
    require(key);
    int[] all = metadata.integers(full(key));
    return all == null ? new int[0] : all;
  }

  /** The number at {@code key}, or {@code fallback}. */
  public float number(String key, float fallback) {
    return metadata.number(full(key), fallback);
  }

  /** The number at {@code key}, which must be there. */
  public float number(String key) {
    require(key);
    return number(key, 0);
  }

  /** The truth value at {@code key}, or {@code fallback}. */
  public boolean bool(String key, boolean fallback) {
    return metadata.bool(full(key), fallback);
  }

  /** The string at {@code key}, or {@code fallback}. */
  public String string(String key, String fallback) {
    return metadata.string(full(key), fallback);
  }

  /** The element for {@code layer} of an array, or the one value for all layers. */
  public int perLayer(String key, int layer, int fallback) {
    Object v = metadata.get(full(key));
    if (v instanceof int[] a) {
      return element(key, layer, a.length) ? a[layer] : fallback;
    }
    if (v instanceof boolean[] a) {
      return element(key, layer, a.length) && a[layer] ? 1 : 0;
    }
    if (v instanceof byte[] a) {
      return element(key, layer, a.length) ? a[layer] : fallback;
    }
    if (v instanceof short[] a) {
      return element(key, layer, a.length) ? a[layer] : fallback;
    }
    if (v instanceof long[] a) {
      return element(key, layer, a.length) ? Math.toIntExact(a[layer]) : fallback;
    }
    if (v instanceof Boolean b) {
      return b ? 1 : 0;
    }
    return metadata.integer(full(key), fallback);
  }

  /** The element for {@code layer} of an array of floats, or the one value for all layers. */
  public float perLayerNumber(String key, int layer, float fallback) {
    return numberAt(full(key), layer, fallback);
  }

  /** As {@link #perLayerNumber}, for a key without the architecture's name before it. */
  public float numberAt(String key, int layer, float fallback) {
    Object v = metadata.get(key);
    if (v instanceof float[] a) {
      return element(key, layer, a.length) ? a[layer] : fallback;
    }
    return metadata.number(key, fallback);
  }

  private boolean element(String key, int layer, int length) {
    if (layer >= length) {
      throw new ModelFormatException(
          "metadata entry '"
              + full(key)
              + "' has "
              + length
              + " elements, but layer "
              + layer
              + " needs one");
    }
    return true;
  }

  private void require(String key) {
    if (!has(key)) {
      throw new ModelFormatException(
          "metadata entry '"
              + full(key)
              + "' is missing; architecture '"
              + architecture
              + "' needs it");
    }
  }

  /** The tensor {@code name}, or null. */
  public @Nullable TensorInfo tensor(String name) {
    return tensors.get(name);
  }

  /** Whether the file has the tensor {@code name}. */
  public boolean hasTensor(String name) {
    return tensors.containsKey(name);
  }

  /** Whether the file has the tensor {@code blk.layer.name}. */
  public boolean hasTensor(int layer, String name) {
    return hasTensor("blk." + layer + "." + name);
  }

  /** Size {@code dimension} of the tensor {@code blk.layer.name.weight}, or {@code fallback}. */
  public int tensorSize(int layer, String name, int dimension, int fallback) {
    TensorInfo t = tensors.get("blk." + layer + "." + name + ".weight");
    return t == null ? fallback : Math.toIntExact(t.dimension(dimension));
  }

  /** Whether the file has the tensor {@code blk.layer.name.weight}. */
  public boolean hasWeight(int layer, String name) {
    return hasTensor("blk." + layer + "." + name + ".weight");
  }

  // ---- what every architecture has

  /** Layers, with those for multi-token prediction. */
  public int allLayers() {
    return bounded("block_count", 4096);
  }

  /** Layers without those for multi-token prediction ({@code nextn_predict_layers}). */
  public int layers() {
    return allLayers() - Math.max(0, integer("nextn_predict_layers", 0));
  }

  /** The width of the residual stream. */
  public int width() {
    return bounded("embedding_length", 1 << 24);
  }

  private int bounded(String key, int limit) {
    int v = integer(key);
    if (v < 1 || v > limit) {
      throw new ModelFormatException(
          "metadata entry '" + full(key) + "' is " + v + "; 1 to " + limit + " make sense");
    }
    return v;
  }

  /** The context of the training, in tokens. */
  public int context() {
    return bounded("context_length", Integer.MAX_VALUE);
  }

  /** Tokens that a sequence may hold. */
  public int contextInUse() {
    int n = contextInUse > 0 ? contextInUse : context();
    TensorInfo learned = tensors.get("position_embd.weight");
    return learned == null ? n : Math.toIntExact(Math.min(n, learned.dimension(1)));
  }

  /** Query heads of a layer. */
  public int heads(int layer) {
    return perLayer("attention.head_count", layer, 0);
  }

  /** Key and value heads of a layer. */
  public int kvHeads(int layer) {
    return perLayer("attention.head_count_kv", layer, heads(layer));
  }

  private int headDim() {
    int heads = 0;
    for (int i = 0; i < layers() && heads == 0; i++) {
      heads = heads(i);
    }
    return heads == 0 ? 0 : width() / heads;
  }

  /** Values of a key head. */
  public int keyDim() {
    return integer("attention.key_length", headDim());
  }

  /** Values of a value head. */
  public int valueDim() {
    return integer("attention.value_length", headDim());
  }

  /** Values of a head that are rotated. */
  public int ropeDims() {
    return integer("rope.dimension_count", keyDim());
  }

  /** The inner width of the feed-forward network of a layer. */
  public int ffn(int layer) {
    return perLayer("feed_forward_length", layer, 0);
  }

  /** Experts of a layer, 0 for a dense model. */
  public int experts() {
    return integer("expert_count", 0);
  }

  /** Experts that a token uses. */
  public int expertsUsed() {
    return integer("expert_used_count", 0);
  }

  /** The norm by root mean square with the file's epsilon. */
  public NormSpec rms() {
    return NormSpec.rms(number("attention.layer_norm_rms_epsilon", 0));
  }

  /** The norm by mean and deviation with the file's epsilon. */
  public NormSpec layerNorm() {
    return NormSpec.layer(number("attention.layer_norm_epsilon"));
  }

  /** The tokens of the file's vocabulary, by its table of embeddings. */
  public int vocabulary() {
    TensorInfo t = tensors.get("token_embd.weight");
    return t == null ? 0 : Math.toIntExact(t.dimension(1));
  }

  /**
   * Rotary positions as the file describes them: base, dimensions, and linear, YaRN or long-rope
   * scaling; the latter picks its factors by the context in use.
   */
  public RopeSpec rope(RopeSpec.Pairing pairing) {
    return ropeScaled(pairing, 0);
  }

  /**
   * As {@link #rope}.
   *
   * @param logMultiplier {@code rope.scaling.yarn_log_multiplier} as the architecture uses it, 0
   *     for none
   */
  public RopeSpec ropeScaled(RopeSpec.Pairing pairing, float logMultiplier) {
    boolean yarn = string("rope.scaling.type", "linear").equals("yarn");
    return rope(pairing, logMultiplier, yarn ? 1 : 0, 1, 32, 1);
  }

  /**
   * As {@link #ropeScaled}, for the few architectures whose files say how YaRN is to be applied.
   *
   * @param betaFast what an absent {@code rope.scaling.yarn_beta_fast} stands for
   */
  public RopeSpec ropeWithYarnKeys(RopeSpec.Pairing pairing, float logMultiplier, float betaFast) {
    boolean yarn = string("rope.scaling.type", "linear").equals("yarn");
    float ext = number("rope.scaling.yarn_ext_factor", -1);
    return rope(
        pairing,
        logMultiplier,
        ext >= 0 ? ext : yarn ? 1 : 0,
        number("rope.scaling.yarn_attn_factor", 1),
        number("rope.scaling.yarn_beta_fast", betaFast),
        number("rope.scaling.yarn_beta_slow", 1));
  }

  /** As {@link #ropeWithYarnKeys}, of whose keys only those of the ramp's ends are used. */
  public RopeSpec ropeWithBetaKeys(RopeSpec.Pairing pairing, float logMultiplier, float betaFast) {
    return rope(
        pairing,
        logMultiplier,
        string("rope.scaling.type", "linear").equals("yarn") ? 1 : 0,
        1,
        number("rope.scaling.yarn_beta_fast", betaFast),
        number("rope.scaling.yarn_beta_slow", 1));
  }

  private RopeSpec rope(
      RopeSpec.Pairing pairing,
      float logMultiplier,
      float ext,
      float attentionFactor,
      float betaFast,
      float betaSlow) {
    String scaling = string("rope.scaling.type", "linear");
    float factor = number("rope.scaling.factor", number("rope.scale_linear", 0));
    float scale = factor == 0 || scaling.equals("none") ? 1 : 1 / factor;
    float attention = attentionFactor;
    if (ext != 0) {
      float f = 1 / scale;
      if (logMultiplier != 0) {
        boolean v2 = architecture.equals("deepseek2") && logMultiplier != 1;
        attention = magnitude(f, v2 ? logMultiplier : 1) / magnitude(f, logMultiplier);
      } else {
        attention = magnitude(f, 1);
      }
      // The rotation multiplies by this factor once more.
      attention /= 1 + 0.1f * (float) Math.log(f);
    }
    attention *= number("rope.scaling.attn_factor", 1);
    int original = integer("rope.scaling.original_context_length", context());
    String factors = "rope_freqs.weight";
    if (hasTensor("rope_factors_long.weight") || hasTensor("rope_factors_short.weight")) {
      factors =
          contextInUse() > original ? "rope_factors_long.weight" : "rope_factors_short.weight";
    }
    return new RopeSpec(
        pairing,
        ropeDims(),
        number("rope.freq_base", 10000),
        scale,
        ext,
        attention,
        betaFast,
        betaSlow,
        original,
        List.of(),
        hasTensor(factors) ? factors : null);
  }

  private static float magnitude(float scale, float mscale) {
    return scale <= 1 ? 1 : 0.1f * mscale * (float) Math.log(scale) + 1;
  }

  /** The file's sections of multi-section rope, in pairs. */
  public List<Integer> ropeSections() {
    int[] s = metadata.integers(full("rope.dimension_sections"));
    if (s == null) {
      return List.of();
    }
    return List.of(at(s, 0), at(s, 1), at(s, 2), at(s, 3));
  }

  private static int at(int[] s, int i) {
    return i < s.length ? s[i] : 0;
  }

  /** The architecture's name in messages. */
  @Override
  public String toString() {
    return architecture;
  }
}
