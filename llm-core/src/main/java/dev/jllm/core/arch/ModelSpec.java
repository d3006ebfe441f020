package dev.jllm.core.arch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is, as data: embedding, layers, output. A sheet of options, as {@link
 * AttentionSpec}.
 */
public final class ModelSpec {
  public final String architecture;
  public final int width;
  public final int vocabulary;
  public final int context;
  public final NormSpec norm;
  private final List<LayerSpec> layers = new ArrayList<>();
  private final List<String> unused = new ArrayList<>();
  private final List<String> unusedBiases = new ArrayList<>();
  public float embeddingScale = 1;
  public @Nullable String embeddingNorm;
  public boolean embeddingNormWithoutWeights;
  public boolean learnedPositions;
  public @Nullable StreamsSpec streams;
  public @Nullable AdapterSpec adapters;
  public @Nullable String outputNorm = "output_norm";
  public boolean outputNormWeights = true;
  public float logitScale = 1;
  public float logitSoftcap;
  public int suppressFrom;
  public int suppressTo;

  /** How one layer is made. */
  @FunctionalInterface
  public interface LayerMaker {
    /** The spec of layer {@code index}. */
    LayerSpec make(int index);
  }

  /** The model of {@code m}, without layers. */
  public ModelSpec(Hyper m, NormSpec norm) {
    this.architecture = m.architecture();
    this.width = m.width();
    this.vocabulary = m.vocabulary();
    this.context = m.contextInUse();
    this.norm = norm;
  }

  /** A model whose layers are made one by one. */
  public static ModelSpec decoder(Hyper m, NormSpec norm, LayerMaker maker) {
    ModelSpec spec = new ModelSpec(m, norm);
    for (int i = 0; i < m.layers(); i++) {
      spec.layers.add(maker.make(i));
    }
    for (int i = m.layers(); i < m.allLayers(); i++) {
      spec.ignore("blk." + i + ".");
    }
    return spec;
  }

  /** The layers once more, {@code times} in all, made anew so that one can tell rounds apart. */
  public ModelSpec rounds(int times, RoundMaker maker) {
    int n = layers.size();
    layers.clear();
    for (int round = 0; round < times; round++) {
      for (int i = 0; i < n; i++) {
        layers.add(maker.make(round, i));
      }
    }
    return this;
  }

  /** How a layer is made where the layers run several times. */
  @FunctionalInterface
  public interface RoundMaker {
    /** The spec of layer {@code index} in round {@code round}. */
    LayerSpec make(int round, int index);
  }

  /** The layers in order. */
  public List<LayerSpec> layers() {
    return Collections.unmodifiableList(layers);
  }

  /** What embeddings are multiplied by; 0 for 1. */
  public ModelSpec embeddingScale(float factor) {
    embeddingScale = factor == 0 ? 1 : factor;
    return this;
  }

  /** Embeddings are normalised by the norm of this name. */
  public ModelSpec embeddingNorm(@Nullable String name) {
    embeddingNorm = name;
    return this;
  }

  /** Embeddings are normalised, without weights. */
  public ModelSpec embeddingNormWithoutWeights() {
    embeddingNormWithoutWeights = true;
    return this;
  }

  /** There are several residual streams. */
  public ModelSpec streams(StreamsSpec spec) {
    streams = spec;
    return this;
  }

  /** Matrices have additions that tokens switch on. */
  public ModelSpec adapters(AdapterSpec spec) {
    adapters = spec;
    return this;
  }

  /** There is no norm before the output. */
  public ModelSpec noOutputNorm() {
    outputNorm = null;
    return this;
  }

  /** Each position has a learned vector ({@code position_embd}) that is added. */
  public ModelSpec learnedPositions() {
    learnedPositions = true;
    return this;
  }

  /** What logits are multiplied by; 0 for 1. */
  public ModelSpec logitScale(float factor) {
    logitScale = factor == 0 ? 1 : factor;
    return this;
  }

  /** Logits are squashed into ±{@code limit} by tanh; 0 for none. */
  public ModelSpec logitSoftcap(float limit) {
    logitSoftcap = limit;
    return this;
  }

  /** The logits of tokens {@code from} to {@code to}, excluded, become the least float. */
  public ModelSpec suppress(int from, int to) {
    suppressFrom = from;
    suppressTo = to;
    return this;
  }

  /** The last norm has no tensor. */
  public ModelSpec outputNormWithoutWeights() {
    outputNormWeights = false;
    return this;
  }

  /**
   * The file may have tensors whose names contain one of these parts, which text alone does not
   * need.
   */
  public ModelSpec ignore(String... parts) {
    unused.addAll(List.of(parts));
    return this;
  }

  /** Matrices of these names, such as {@code ffn_up}, have no bias even where the file has one. */
  public ModelSpec withoutBiases(String... names) {
    unusedBiases.addAll(List.of(names));
    return this;
  }

  /** Names of matrices whose biases are left unused. */
  public List<String> unusedBiases() {
    return Collections.unmodifiableList(unusedBiases);
  }

  /** Parts of the names of tensors that are left unused. */
  public List<String> unusedTensors() {
    return Collections.unmodifiableList(unused);
  }

  /**
   * Neighbouring layers that are alike, in words.
   *
   * @param first the number of the first
   * @param last the number of the last
   * @param mixer what mixes tokens
   * @param ffn what transforms each token
   * @param parallel whether both start from the layer's input
   * @param postNorms whether what they give is normalised
   */
  public record LayerGroup(
      int first, int last, String mixer, String ffn, boolean parallel, boolean postNorms) {
    private boolean like(LayerGroup other) {
      return mixer.equals(other.mixer)
          && ffn.equals(other.ffn)
          && parallel == other.parallel
          && postNorms == other.postNorms;
    }

    private String describe() {
      return (first == last ? "layer " + first : "layers " + first + " to " + last)
          + ": "
          + mixer
          + (parallel ? " beside " : "; ")
          + ffn
          + (postNorms ? "; post-norms" : "");
    }
  }

  /** The table of layers: those that follow one another and are alike share a line. */
  public List<LayerGroup> table() {
    List<LayerGroup> groups = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      LayerGroup next = group(i);
      LayerGroup last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
      if (last != null && last.like(next)) {
        groups.set(
            groups.size() - 1,
            new LayerGroup(last.first, i, next.mixer, next.ffn, next.parallel, next.postNorms));
      } else {
        groups.add(next);
      }
    }
    return groups;
  }

  private LayerGroup group(int i) {
    LayerSpec l = layers.get(i);
    MixerSpec mixer = l.mixer;
    FfnSpec ffn = l.ffn;
    return new LayerGroup(
        i,
        i,
        mixer == null ? "no mixer" : mixer.describe(),
        ffn == null ? "no feed-forward network" : ffn.describe(),
        l.parallel,
        l.mixerPostNorm != null || l.ffnPostNorm != null);
  }

  /** The model in words, without its layers. */
  public String summary() {
    StringBuilder b = new StringBuilder();
    b.append(architecture).append(": ").append(layers.size()).append(" layers of width ");
    b.append(width).append(", ").append(vocabulary).append(" tokens, context ").append(context);
    b.append(", ").append(norm.kind()).append(" norms (epsilon ").append(norm.epsilon());
    b.append(")");
    StreamsSpec s = streams;
    b.append(s == null ? "" : ", " + s.describe());
    AdapterSpec a = adapters;
    b.append(a == null ? "" : ", " + a.describe());
    return b.toString();
  }

  /** The model in words, then a table of its layers. */
  public String describe() {
    StringBuilder b = new StringBuilder(summary()).append('\n');
    for (LayerGroup group : table()) {
      b.append("  ").append(group.describe()).append('\n');
    }
    return b.toString();
  }
}
