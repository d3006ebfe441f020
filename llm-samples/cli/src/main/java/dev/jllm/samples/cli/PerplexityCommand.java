package dev.jllm.samples.cli;

import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.sample.LogProbs;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.token.SpecialToken;
import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.core.token.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jllm perplexity}: how surprised a model is by a text. */
@Command(
    name = "perplexity",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the perplexity of a text.",
      "The text's tokens are cut into consecutive windows. Each is evaluated in a fresh context,"
          + " after the token that begins a text where the model has one; every token that has one"
          + " before it counts."
    })
final class PerplexityCommand implements Callable<Integer> {
  /** Rows of logits are held for a whole step, so the steps are short. */
  private static final int STEP = 64;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      description = "A GGUF model; without it, the embedded demo model.")
  @Nullable Path model;

  @Option(names = "-f", paramLabel = "TEXT", required = true, description = "A UTF-8 text file.")
  Path text = Path.of("");

  @Option(
      names = "-c",
      paramLabel = "TOKENS",
      description = "Tokens of a window, the beginning one included (default 512).")
  int window = 512;

  @Option(names = "-t", paramLabel = "N", description = "Threads that compute.")
  int threads;

  @Option(names = "--ctk", description = "Cached keys: F32, F16 or Q8_0.")
  KvFormat keys = KvFormat.F16;

  @Option(names = "--ctv", description = "Cached values: F32, F16 or Q8_0.")
  KvFormat values = KvFormat.F16;

  @Override
  public Integer call() throws IOException {
    if (window < 2) {
      throw new IllegalArgumentException("-c is " + window + ", must be at least 2");
    }
    Path path = model == null ? DemoModel.file() : model;
    try (CoreModel core = new CoreModel(path, threads, 0, keys, values);
        ProgressBar bar = new ProgressBar("perplexity")) {
      TextTokenizer tokenizer = Tokenizers.of(core.file.metadata());
      int[] ids = tokenizer.encode(Files.readString(text), false, false);
      Vocabulary vocabulary = tokenizer.vocabulary();
      int bos = vocabulary.addsBos() ? vocabulary.special(SpecialToken.BOS) : Vocabulary.NONE;
      int size = Math.min(window, core.model.spec().context) - (bos == Vocabulary.NONE ? 0 : 1);
      LanguageModel.Evaluator evaluator = core.model.newEvaluator();
      double sum = 0;
      long count = 0;
      for (int from = 0; from < ids.length; from += size) {
        int to = Math.min(ids.length, from + size);
        Window w = new Window(core.model.newSequence(), bos, ids, from, to);
        sum += w.negativeLogLikelihood(evaluator);
        count += w.counted();
        bar.show(
            (double) to / ids.length,
            count == 0 ? "" : String.format("%.4f", Math.exp(sum / count)));
      }
      if (count == 0) {
        throw new IllegalArgumentException(
            text + " has " + ids.length + " tokens, which is too short to measure");
      }
      bar.hide();
      System.out.printf(
          "perplexity %.6f over %d tokens (mean negative log-likelihood %.8f)%n",
          Math.exp(sum / count), count, sum / count);
    }
    return 0;
  }

  /** One stretch of the text, after {@code bos} unless that is {@link Vocabulary#NONE}. */
  private record Window(SequenceCache sequence, int bos, int[] ids, int from, int to) {
    int counted() {
      return to - from - (bos == Vocabulary.NONE ? 1 : 0);
    }

    double negativeLogLikelihood(LanguageModel.Evaluator evaluator) {
      int first = bos == Vocabulary.NONE ? from : from - 1;
      Batch batch = new Batch();
      double sum = 0;
      for (int start = first; start < to - 1; start += STEP) {
        int end = Math.min(to - 1, start + STEP);
        batch.clear();
        for (int i = start; i < end; i++) {
          batch.add(sequence, i < from ? bos : ids[i], true);
        }
        Activations logits = evaluator.forward(batch);
        for (int i = start; i < end; i++) {
          int row = (i - start) * logits.width();
          sum -= LogProbs.logProb(logits.data(), row, logits.width(), ids[i + 1]);
        }
      }
      return sum;
    }
  }
}
