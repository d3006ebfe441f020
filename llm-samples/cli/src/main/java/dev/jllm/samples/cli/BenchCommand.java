package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.kernel.WeightLayout;
import dev.jllm.core.model.LanguageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jllm bench}: prompt and decode speed. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the speed of prompts and of decoding: the median of several runs after warm-up.",
      "A prompt runs in batches of 512 tokens, then come single tokens, each after -d tokens that"
          + " are in the cache already."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int BATCH = 512;

  /** The just-in-time compiler works on the kernels for some seconds, beside the runs. */
  private static final double WARM_UP_SECONDS = 8;

  /** Runs get faster by leaps as kernels are compiled: a pause between leaps is not the end. */
  private static final int MAX_WARM_UPS = 40;

  private static final double STILL_WARMING = 1.03;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      description = "A GGUF model; without it, the embedded demo model.")
  @Nullable Path model;

  @Option(names = "-p", description = "Tokens of the prompt (default 512).")
  int prompt = 512;

  @Option(names = "-n", description = "Tokens to decode (default 64).")
  int decode = 64;

  @Option(names = "-d", description = "Tokens in the cache before (default 0).")
  int depth;

  @Option(names = "-t", description = "Threads (default: as many as processors).")
  int threads;

  @Option(names = "-r", description = "Runs after warm-up (default 3).")
  int runs = 3;

  @Option(names = "--ctk", description = "Cached keys: f32, f16 or q8_0.")
  KvFormat keys = KvFormat.F16;

  @Option(names = "--ctv", description = "Cached values: f32, f16 or q8_0.")
  KvFormat values = KvFormat.F16;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description = "How weights lie in memory: auto, as_is (mapped from the file) or repack.")
  WeightLayout layout = WeightLayout.AUTO;

  @Option(names = "--json", description = "Prints one JSON object.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    if (prompt < 0 || decode < 0 || depth < 0 || runs < 1 || prompt + decode == 0) {
      throw new IllegalArgumentException(
          "-p, -n and -d must not be negative, -p or -n must be positive, -r at least 1");
    }
    Path path = model == null ? DemoModel.file() : model;
    long start = System.nanoTime();
    int context = depth + prompt + decode + 64;
    try (CoreModel core = new CoreModel(path, threads, context, keys, values, layout)) {
      double load = seconds(start);
      Run run = new Run(core.model);
      run.feed(run.fresh(), 1, 1);
      double firstToken = seconds(start);
      double[] prompts = prompt == 0 ? new double[] {0} : measure(() -> run.prompt());
      double[] decodes = decode == 0 ? new double[] {0} : measure(() -> run.decode());
      long allocated = decode == 0 ? 0 : run.allocatedPerToken();
      print(core, median(prompts), median(decodes), load, firstToken, allocated);
    }
    return 0;
  }

  private interface Measured {
    double tokensPerSecond();
  }

  private double[] measure(Measured measured) {
    long start = System.nanoTime();
    double best = measured.tokensPerSecond();
    for (int i = 1; i < MAX_WARM_UPS; i++) {
      double now = measured.tokensPerSecond();
      boolean warm = now < best * STILL_WARMING && seconds(start) > WARM_UP_SECONDS;
      best = Math.max(best, now);
      if (warm) {
        break;
      }
    }
    double[] results = new double[runs];
    for (int i = 0; i < runs; i++) {
      results[i] = measured.tokensPerSecond();
    }
    return results;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private void print(
      CoreModel core, double pp, double tg, double load, double firstToken, long allocated)
      throws IOException {
    long peak = peakMemory();
    String kernels = KernelsLookup.kernels().name();
    if (!json) {
      System.out.printf(
          "kernels %s, %d threads, layout %s%nprompt of %d at %d: %.1f tokens/s%ndecode of %d at %d: %.2f"
              + " tokens/s%nload %.2f s, first token after %.2f s%nallocated per decoded token: %d"
              + " bytes%npeak memory: %.0f MB%n",
          kernels,
          core.workers.size(),
          layout.name().toLowerCase(Locale.ROOT),
          prompt,
          depth,
          pp,
          decode,
          depth,
          tg,
          load,
          firstToken,
          allocated,
          peak / 1e6);
      return;
    }
    ObjectNode node = JsonLines.MAPPER.createObjectNode();
    node.put("prompt_tokens_per_second", pp);
    node.put("decode_tokens_per_second", tg);
    node.put("load_seconds", load);
    node.put("first_token_seconds", firstToken);
    node.put("allocated_bytes_per_token", allocated);
    node.put("peak_memory_bytes", peak);
    node.put("threads", core.workers.size());
    node.put("kernels", kernels);
    node.put("layout", layout.name().toLowerCase(Locale.ROOT));
    System.out.println(JsonLines.MAPPER.writeValueAsString(node));
  }

  /** The high-water mark of resident memory where the system tells it, else the JVM's own count. */
  private static long peakMemory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.isReadable(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** One model under measurement. */
  private final class Run {
    private final LanguageModel model;
    private final LanguageModel.Evaluator evaluator;
    private final Batch batch = new Batch();
    private final int vocabulary;
    private @Nullable SequenceCache deep;

    Run(LanguageModel model) {
      this.model = model;
      evaluator = model.newEvaluator();
      vocabulary = model.spec().vocabulary;
    }

    SequenceCache fresh() {
      return model.newSequence();
    }

    private int token(int i) {
      return (int) ((7L * i) % Math.max(1, vocabulary - 10)) + Math.min(5, vocabulary - 1);
    }

    /** Feeds tokens in batches; only the last row of a batch asks for logits. */
    void feed(SequenceCache sequence, int tokens, int batchSize) {
      for (int from = 0; from < tokens; from += batchSize) {
        int to = Math.min(tokens, from + batchSize);
        batch.clear();
        for (int i = from; i < to; i++) {
          batch.add(sequence, token(i), i == to - 1);
        }
        evaluator.forward(batch);
      }
    }

    /** A sequence of {@code depth} tokens; they are processed once, and every run has a fork. */
    private SequenceCache deep() {
      SequenceCache before = deep;
      if (before == null) {
        before = fresh();
        feed(before, depth, BATCH);
        deep = before;
      }
      return before.fork();
    }

    double prompt() {
      SequenceCache sequence = deep();
      sequence.reserve(depth + prompt);
      long start = System.nanoTime();
      feed(sequence, prompt, BATCH);
      return prompt / seconds(start);
    }

    double decode() {
      SequenceCache sequence = deep();
      sequence.reserve(depth + decode);
      long start = System.nanoTime();
      feed(sequence, decode, 1);
      return decode / seconds(start);
    }

    /** Bytes that the decoding thread allocates for a token, in the steady state. */
    long allocatedPerToken() {
      if (!(java.lang.management.ManagementFactory.getThreadMXBean()
          instanceof com.sun.management.ThreadMXBean threads)) {
        return -1;
      }
      SequenceCache sequence = fresh();
      sequence.reserve(decode + 1);
      feed(sequence, Math.max(1, decode / 2), 1);
      int measured = Math.max(1, decode - decode / 2);
      long id = Thread.currentThread().getId();
      long before = threads.getThreadAllocatedBytes(id);
      feed(sequence, measured, 1);
      return (threads.getThreadAllocatedBytes(id) - before) / measured;
    }
  }
}
