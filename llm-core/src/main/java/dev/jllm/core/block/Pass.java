package dev.jllm.core.block;

import dev.jllm.core.cache.Batch;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Products;
import dev.jllm.core.tensor.Workers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass at work: the batch, scratch memory that is reused from pass to pass, the
 * products that wait to be run, and the tracer. Each thread that computes has its own.
 */
public final class Pass {
  /** Tokens whose queries meet a page of keys together; queries are multiplied by sixes. */
  private static final int TILE = 24;

  /** The same where there are so many tokens that all workers have enough parts nevertheless. */
  private static final int LARGE_TILE = 48;

  private static final int LARGE_BATCH = 384;

  private final Workers workers;
  private final Activations[] buffers;
  private final Activations[] wide;
  private final RopeTable[] ropes;
  private final float[][] scratch;
  private final AttentionScratch[] attention;
  private final AttentionParts attentionParts = new AttentionParts(this);
  private final Routing routing = new Routing();
  private final TokenChoice choice = new TokenChoice();
  private int[] tileStarts = new int[16];
  private int tiles;
  private final Products products = new Products();
  private final List<Linear> pendingLinear = new ArrayList<>();
  private final List<Activations> pendingOutput = new ArrayList<>();
  private int[] pendingRange = new int[32];
  private final AdapterProducts adapters = new AdapterProducts();
  private Batch batch = new Batch();
  private @Nullable Tracer tracer;

  /** What blocks need of a pass, collected while a model is built. */
  public static final class Plan {
    private final List<String> names = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final List<RopeTable> ropes = new ArrayList<>();
    private final List<String> wideNames = new ArrayList<>();
    private final List<Integer> wideWidths = new ArrayList<>();

    /** A buffer of this name and width; layers with the same wishes share it. */
    public int buffer(String name, int width) {
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).equals(name) && widths.get(i) == width) {
          return i;
        }
      }
      names.add(name);
      widths.add(width);
      return names.size() - 1;
    }

    /** A buffer of this name whose width {@link #widen} tells later. */
    int wideBuffer(String name) {
      for (int i = 0; i < wideNames.size(); i++) {
        if (wideNames.get(i).equals(name)) {
          return i;
        }
      }
      wideNames.add(name);
      wideWidths.add(0);
      return wideNames.size() - 1;
    }

    /** Tells the width of a buffer. */
    void widen(String name, int width) {
      wideWidths.set(wideBuffer(name), width);
    }

    /** A table of angles; layers with the same wishes share it. */
    int rope(RopeTable table) {
      for (int i = 0; i < ropes.size(); i++) {
        if (ropes.get(i).sameAs(table)) {
          return i;
        }
      }
      ropes.add(table);
      return ropes.size() - 1;
    }
  }

  /** Memory for passes of the model that was built with {@code plan}. */
  public Pass(Plan plan, Workers workers) {
    this.workers = workers;
    buffers = new Activations[plan.names.size()];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = new Activations(plan.widths.get(i));
    }
    wide = new Activations[plan.wideNames.size()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = new Activations(plan.wideWidths.get(i));
    }
    ropes = new RopeTable[plan.ropes.size()];
    for (int i = 0; i < ropes.length; i++) {
      ropes[i] = plan.ropes.get(i).fresh();
    }
    scratch = new float[workers.size()][0];
    attention = new AttentionScratch[workers.size()];
    for (int i = 0; i < attention.length; i++) {
      attention[i] = new AttentionScratch();
    }
  }

  /** Begins a pass over {@code batch}. */
  public void begin(Batch newBatch, @Nullable Tracer newTracer) {
    batch = newBatch;
    tracer = newTracer;
    for (RopeTable rope : ropes) {
      rope.clear();
    }
    cutTiles();
  }

  /** Cuts the batch into runs of tokens of one sequence. */
  private void cutTiles() {
    int n = batch.size();
    int most = n < LARGE_BATCH ? TILE : LARGE_TILE;
    if (tileStarts.length < n + 1) {
      tileStarts = new int[n + 1];
    }
    tiles = 0;
    for (int row = 0; row < n; row++) {
      if (row == 0
          || batch.cache(row) != batch.cache(row - 1)
          || row - tileStarts[tiles - 1] == most) {
        tileStarts[tiles++] = row;
      }
    }
    tileStarts[tiles] = n;
  }

  /** Tiles of the batch. */
  int tiles() {
    return tiles;
  }

  /** The first row of tile {@code index}; of one past the last, the number of rows. */
  int tileStart(int index) {
    return tileStarts[index];
  }

  /** One past the index of the last token of the batch in the sequence of {@code row}. */
  int sequenceEnd(int row) {
    int last = row;
    while (last + 1 < batch.size() && batch.cache(last + 1) == batch.cache(row)) {
      last++;
    }
    return batch.index(last) + 1;
  }

  /** Memory for attention that belongs to {@code worker}. */
  AttentionScratch attentionScratch(int worker) {
    return attention[worker];
  }

  /** The parts of attention. */
  AttentionParts attention() {
    return attentionParts;
  }

  /** Memory for the choice of experts. */
  Routing routing() {
    return routing;
  }

  /** The tokens that an indexer has chosen last. */
  TokenChoice choice() {
    return choice;
  }

  /** The tokens. */
  public Batch batch() {
    return batch;
  }

  /** The threads. */
  public Workers workers() {
    return workers;
  }

  /** The buffer number {@code slot} with one row a token. */
  public Activations buffer(int slot) {
    return buffers[slot].resize(batch.size());
  }

  /** The buffer number {@code slot} with {@code rows} rows. */
  public Activations buffer(int slot, int rows) {
    return buffers[slot].resize(rows);
  }

  /** The wide buffer number {@code slot}, which keeps its content through a pass. */
  Activations wide(int slot) {
    return wide[slot];
  }

  /** The angles of all tokens of the batch. */
  RopeTable rope(int slot) {
    return ropes[slot].fill(batch);
  }

  /** At least {@code floats} floats of scratch memory that belong to {@code worker}. */
  float[] scratch(int worker, int floats) {
    if (scratch[worker].length < floats) {
      scratch[worker] = new float[floats];
    }
    return scratch[worker];
  }

  /** Does {@code task} for each of {@code rows} rows, in parallel where there are several. */
  void rows(int rows, Workers.Task task) {
    if (rows < 4) {
      for (int r = 0; r < rows; r++) {
        task.run(r, 0);
      }
    } else {
      workers.run(rows, task);
    }
  }

  /** Notes the adapter of the token in {@code row}, see {@link AdapterSwitch}. */
  void adapter(int row, int number) {
    adapters.number(row, number);
  }

  /** Adds {@code y = linear(x)} to what {@link #run} computes. */
  public Pass add(Linear linear, Activations x, Activations y) {
    y.resize(x.rows());
    return add(linear, x, 0, y, 0, x.rows());
  }

  /** Adds rows {@code yRow} on of {@code y} = linear(rows {@code xRow} on of {@code x}). */
  public Pass add(Linear linear, Activations x, int xRow, Activations y, int yRow, int count) {
    products.add(linear.matrix(), x, xRow, y, yRow, count);
    Adapters additions = linear.adapters();
    if (additions != null) {
      adapters.add(additions, x, y);
    }
    if (linear.bias() != null || linear.scale() != 1) {
      int n = pendingLinear.size();
      if (2 * n + 1 >= pendingRange.length) {
        pendingRange = java.util.Arrays.copyOf(pendingRange, 2 * pendingRange.length);
      }
      pendingRange[2 * n] = yRow;
      pendingRange[2 * n + 1] = count;
      pendingLinear.add(linear);
      pendingOutput.add(y);
    }
    return this;
  }

  /** Computes what was added, as one parallel region. */
  public void run() {
    products.run(workers);
    adapters.run(products, workers);
    for (int i = 0; i < pendingLinear.size(); i++) {
      pendingLinear
          .get(i)
          .finish(pendingOutput.get(i), pendingRange[2 * i], pendingRange[2 * i + 1]);
    }
    pendingLinear.clear();
    pendingOutput.clear();
  }

  /** Shows an intermediate to the tracer, if there is one. */
  public void trace(String name, int layer, Activations values) {
    Tracer t = tracer;
    if (t != null) {
      t.on(name, layer, values);
    }
  }
}
