package dev.jllm.core.model;

import dev.jllm.core.arch.AdapterSpec;
import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.BlockIndexerSpec;
import dev.jllm.core.arch.CompressedAttentionSpec;
import dev.jllm.core.arch.DenseFfnSpec;
import dev.jllm.core.arch.FfnSpec;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.IndexerSpec;
import dev.jllm.core.arch.LatentAttentionSpec;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.MixerSpec;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.MoeSpec;
import dev.jllm.core.arch.ProjectionSpec;
import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.arch.families.Architectures;
import dev.jllm.core.block.AdapterSwitch;
import dev.jllm.core.block.AlternatingLayer;
import dev.jllm.core.block.AlternatingStreams;
import dev.jllm.core.block.Attention;
import dev.jllm.core.block.BlockIndexer;
import dev.jllm.core.block.CompressedAttention;
import dev.jllm.core.block.DenseFfn;
import dev.jllm.core.block.Embedding;
import dev.jllm.core.block.FastAndSlowStreams;
import dev.jllm.core.block.FeedForward;
import dev.jllm.core.block.HyperLayer;
import dev.jllm.core.block.HyperStreams;
import dev.jllm.core.block.Indexer;
import dev.jllm.core.block.LatentAttention;
import dev.jllm.core.block.Layer;
import dev.jllm.core.block.Mixer;
import dev.jllm.core.block.MoeFfn;
import dev.jllm.core.block.OutputHead;
import dev.jllm.core.block.Pass;
import dev.jllm.core.block.Projection;
import dev.jllm.core.block.StackLayer;
import dev.jllm.core.block.StreamLayer;
import dev.jllm.core.block.Streams;
import dev.jllm.core.block.Weights;
import dev.jllm.core.cache.AdapterState;
import dev.jllm.core.cache.BlockLayer;
import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.cache.LayerState;
import dev.jllm.core.tensor.Matrices;
import dev.jllm.core.tensor.Workers;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes blocks of a spec and the tensors of a file. A tensor that is missing or that no block asked
 * for is an error: such a file would be run wrongly.
 */
final class ModelBuilder {
  private final ModelSpec spec;
  private final ModelOptions options;
  private final Weights weights;
  private final Pass.Plan plan = new Pass.Plan();
  private final List<Supplier<LayerState>> states = new ArrayList<>();
  private final int[] stateOfLayer;

  private ModelBuilder(ModelSpec spec, ModelOptions options, Weights weights) {
    this.spec = spec;
    this.options = options;
    this.weights = weights;
    this.stateOfLayer = new int[spec.layers().size()];
  }

  static Transformer build(GgufFile file, ModelOptions options, Workers workers) {
    Hyper m = new Hyper(file.metadata(), file.tensors(), options.context());
    ModelSpec spec = Architectures.spec(m);
    Weights weights =
        new Weights(file, new Matrices(options.layout(), workers), options.progress());
    return new ModelBuilder(spec, options, weights).build();
  }

  private Transformer build() {
    weights.leaveBiases(spec.unusedBiases());
    Embedding embedding = new Embedding(spec, adapters(), weights, plan);
    List<StreamLayer> layers = new ArrayList<>();
    for (LayerSpec layer : spec.layers()) {
      layers.add(layer(layer));
    }
    Streams streams = streams();
    if (spec.streams instanceof StreamsSpec.FastAndSlow s) {
      layers = stacks(s, layers);
    }
    OutputHead head = new OutputHead(spec, weights, plan);
    for (String part : spec.unusedTensors()) {
      weights.ignore(part);
    }
    weights.ignore("rope_factors_");
    weights.ignore("rope_freqs.");
    List<String> unused = weights.unused();
    if (!unused.isEmpty()) {
      throw new ModelFormatException(
          "architecture '"
              + spec.architecture
              + "' has no use for "
              + unused.size()
              + " tensors of the file: "
              + String.join(", ", unused.subList(0, Math.min(8, unused.size()))));
    }
    return new Transformer(spec, embedding, streams, layers, head, states, plan);
  }

  private @Nullable AdapterSwitch adapters() {
    AdapterSpec a = spec.adapters;
    if (a == null) {
      return null;
    }
    weights.expectAdapters(a.activate().length + 1);
    states.add(AdapterState::new);
    return new AdapterSwitch(a, states.size() - 1);
  }

  private StreamLayer layer(LayerSpec layer) {
    Mixer mixer = mixer(layer.mixer, layer.index);
    FeedForward ffn = ffn(layer.ffn, layer.index);
    if (spec.streams instanceof StreamsSpec.Hyper h) {
      if (mixer == null || ffn == null) {
        throw new IllegalStateException("hyper-connections need both blocks in each layer");
      }
      return new HyperLayer(layer, h, spec.width, mixer, ffn, weights, plan);
    }
    if (spec.streams instanceof StreamsSpec.Alternating s) {
      if (mixer == null || ffn == null) {
        throw new IllegalStateException("alternating updates need both blocks in each layer");
      }
      return new AlternatingLayer(layer, s, spec.width, mixer, ffn, weights, plan);
    }
    FeedForward side = ffn(layer.sideFfn, layer.index);
    return new Layer(layer, spec.width, mixer, ffn, side, weights, plan);
  }

  private @Nullable Streams streams() {
    if (spec.streams instanceof StreamsSpec.Hyper h) {
      return new HyperStreams(h, spec.norm, spec.width, weights, plan);
    }
    if (spec.streams instanceof StreamsSpec.Alternating s) {
      return new AlternatingStreams(s, spec.width, weights, plan);
    }
    return spec.streams instanceof StreamsSpec.FastAndSlow
        ? new FastAndSlowStreams(spec.width, weights, plan)
        : null;
  }

  private List<StreamLayer> stacks(StreamsSpec.FastAndSlow s, List<StreamLayer> layers) {
    List<StreamLayer> stacks = new ArrayList<>();
    int n = s.layersPerStack();
    for (int i = 0; i < layers.size() / n; i++) {
      boolean slow = i % (s.fastCycles() + 1) == s.fastCycles();
      stacks.add(
          new StackLayer(layers.subList(i * n, (i + 1) * n), slow, spec.norm, spec.width, plan));
    }
    return stacks;
  }

  private @Nullable Mixer mixer(@Nullable MixerSpec mixer, int layer) {
    if (mixer == null) {
      return null;
    }
    if (mixer instanceof AttentionSpec a) {
      int slot = keysAndValues(a, layer);
      BlockIndexerSpec i = a.indexer;
      BlockIndexer indexer =
          i == null
              ? null
              : new BlockIndexer(i, layer, spec.width, state(1, i.dim(), 0, 0), weights, plan);
      Attention made = new Attention(a, layer, spec.width, slot, indexer, weights, plan);
      return a.halfSums && options.halfSums() ? made.halfSums() : made;
    }
    if (mixer instanceof LatentAttentionSpec l) {
      boolean absorbed = weights.has("blk." + layer + ".attn_k_b");
      AttentionSpec inner = LatentAttention.inner(l, absorbed);
      int slot = state(inner.kvHeads, inner.keyDim, absorbed ? 0 : inner.valueDim, l.window);
      IndexerSpec i = l.indexer;
      Indexer indexer =
          i == null
              ? null
              : new Indexer(i, layer, spec.width, state(1, i.dim(), 0, 0), weights, plan);
      return new LatentAttention(l, layer, spec.width, slot, indexer, weights, plan);
    }
    if (mixer instanceof CompressedAttentionSpec c) {
      return new CompressedAttention(c, layer, spec.width, slots(c), weights, plan);
    }
    if (mixer instanceof ProjectionSpec) {
      return new Projection(layer, spec.width, weights);
    }
    throw new IllegalStateException("no block for " + mixer.describe());
  }

  private int keysAndValues(AttentionSpec a, int layer) {
    int slot = a.kvLayer >= 0 ? stateOfLayer[a.kvLayer] : states.size();
    stateOfLayer[layer] = slot;
    if (a.kvLayer < 0) {
      int window = a.causal ? a.window : 0;
      boolean half = a.halfSums && options.halfSums();
      KvFormat keys = half ? half(options.keys()) : options.keys();
      KvFormat values = half ? half(options.values()) : options.values();
      states.add(() -> new KvLayer(keys, values, a.kvHeads, a.keyDim, a.valueDim, window));
    }
    return slot;
  }

  /** Half precision at most. */
  private static KvFormat half(KvFormat wanted) {
    return wanted == KvFormat.F32 ? KvFormat.F16 : wanted;
  }

  private CompressedAttention.Slots slots(CompressedAttentionSpec c) {
    int tokens = state(1, c.dim(), 0, c.window());
    if (c.ratio() == 0) {
      return new CompressedAttention.Slots(tokens, -1, -1, -1, -1);
    }
    int past = past(c, c.dim());
    int blocks = blocks(c, c.dim());
    IndexerSpec i = c.indexer();
    return i == null
        ? new CompressedAttention.Slots(tokens, past, blocks, -1, -1)
        : new CompressedAttention.Slots(tokens, past, blocks, past(c, i.dim()), blocks(c, i.dim()));
  }

  /** What blocks of {@code dim} values are made of, for the last two blocks. */
  private int past(CompressedAttentionSpec c, int dim) {
    int width = CompressedAttention.pastWidth(dim, c.overlap());
    states.add(() -> new KvLayer(KvFormat.F32, KvFormat.F32, 1, width, 0, 2 * c.ratio()));
    return states.size() - 1;
  }

  private int blocks(CompressedAttentionSpec c, int dim) {
    states.add(() -> new BlockLayer(options.keys(), dim, c.ratio()));
    return states.size() - 1;
  }

  private int state(int heads, int keyDim, int valueDim, int window) {
    states.add(
        () -> new KvLayer(options.keys(), options.values(), heads, keyDim, valueDim, window));
    return states.size() - 1;
  }

  private @Nullable FeedForward ffn(@Nullable FfnSpec ffn, int layer) {
    if (ffn == null) {
      return null;
    }
    if (ffn instanceof DenseFfnSpec d) {
      return new DenseFfn(d, layer, spec.width, weights, plan);
    }
    if (ffn instanceof MoeSpec e) {
      return new MoeFfn(e, layer, spec.width, ffn(e.shared, layer), weights, plan);
    }
    throw new IllegalStateException("no block for " + ffn.describe());
  }
}
