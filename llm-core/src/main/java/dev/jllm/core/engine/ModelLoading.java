package dev.jllm.core.engine;

import dev.jllm.api.CacheType;
import dev.jllm.api.Diagnostics;
import dev.jllm.api.LoadListener;
import dev.jllm.api.Model;
import dev.jllm.api.ModelInfo;
import dev.jllm.api.Sampling;
import dev.jllm.api.TemplateException;
import dev.jllm.api.spi.LoadOptions;
import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.chat.ConversationTemplate;
import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.kernel.WeightLayout;
import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.model.ModelOptions;
import dev.jllm.core.model.Pooling;
import dev.jllm.core.sample.SamplingMetadata;
import dev.jllm.core.tensor.Workers;
import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.TensorInfo;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts the parts of a model together: the one place that knows them all. */
final class ModelLoading {
  /** Longer contexts are had by asking: a session that reaches this length takes gigabytes. */
  private static final int MAX_DEFAULT_CONTEXT = 131_072;

  private final GgufFile file;
  private final String name;
  private final LoadOptions options;

  ModelLoading(GgufFile file, String name, LoadOptions options) {
    this.file = file;
    this.name = name;
    this.options = options;
  }

  /** The model, which owns the file from now on. */
  Model load() {
    LoadListener listener = options.listener();
    listener.onProgress(0);
    int threads =
        options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
    Workers workers = new Workers(threads);
    try {
      TextTokenizer tokenizer = Tokenizers.of(file.metadata());
      LanguageModel model = LanguageModel.load(file, modelOptions(), workers);
      listener.onProgress(1);
      return assemble(model, tokenizer, workers);
    } catch (Throwable e) {
      workers.close();
      throw e;
    }
  }

  private Model assemble(LanguageModel model, TextTokenizer tokenizer, Workers workers) {
    Lifetime lifetime =
        new Lifetime(
            () -> {
              workers.close();
              file.closeAndUnmap();
            });
    TemplateConversation conversation = conversation(tokenizer);
    ModelParts parts =
        new ModelParts(
            new Engine(model),
            tokenizer,
            conversation,
            new GrammarConstraints(tokenizer),
            SamplingMetadata.recommended(file.metadata(), Sampling.defaults()),
            pooling(model),
            lifetime,
            new AtomicInteger());
    ModelInfo info = info(model);
    long cacheBytes = model.newSequence().bytesPerToken();
    return new LoadedModel(
        parts,
        info,
        conversation,
        active ->
            new Diagnostics(
                KernelsLookup.kernels().name(),
                kernelsReason(),
                workers.size(),
                info.fileBytes(),
                cacheBytes,
                active));
  }

  private TemplateConversation conversation(TextTokenizer tokenizer) {
    String source = file.metadata().string("tokenizer.chat_template");
    try {
      return new TemplateConversation(
          source == null ? ConversationTemplate.CHATML : source, tokenizer);
    } catch (TemplateException e) {
      throw new TemplateException(
          name + ": the chat template (entry tokenizer.chat_template): " + e.getMessage(), e);
    }
  }

  /** A file that says nothing of pooling, as generating models do, takes the mean. */
  private Pooling pooling(LanguageModel model) {
    Pooling pooling = Pooling.of(file.metadata(), model.spec().architecture);
    return pooling == null ? Pooling.MEAN : pooling;
  }

  private static String kernelsReason() {
    String advice = KernelsLookup.advice();
    return advice.isEmpty()
        ? "the JVM has the Vector API"
        : "plain loops; for two to four times the speed, " + advice;
  }

  private ModelOptions modelOptions() {
    int context = options.contextLength();
    if (context == 0) {
      String architecture = file.metadata().string("general.architecture", "");
      int trained = file.metadata().integer(architecture + ".context_length", 0);
      context = trained > MAX_DEFAULT_CONTEXT ? MAX_DEFAULT_CONTEXT : 0;
    }
    return new ModelOptions(
        context,
        format(options.keyType()),
        format(options.valueType()),
        WeightLayout.valueOf(options.weightLayout().name()),
        options.listener()::onProgress);
  }

  private static KvFormat format(CacheType type) {
    return switch (type) {
      case F32 -> KvFormat.F32;
      case F16 -> KvFormat.F16;
      case Q8_0 -> KvFormat.Q8_0;
    };
  }

  private ModelInfo info(LanguageModel model) {
    long parameters = 0;
    long bytes = 0;
    Map<GgmlType, Long> types = new EnumMap<>(GgmlType.class);
    for (TensorInfo tensor : file.tensors().values()) {
      parameters += tensor.values();
      bytes += tensor.bytes();
      types.merge(tensor.type(), tensor.values(), Long::sum);
    }
    GgmlType most = GgmlType.F32;
    for (Map.Entry<GgmlType, Long> entry : types.entrySet()) {
      if (entry.getValue() > types.getOrDefault(most, 0L)) {
        most = entry.getKey();
      }
    }
    var spec = model.spec();
    int trained = file.metadata().integer(spec.architecture + ".context_length", spec.context);
    return new ModelInfo(
        file.metadata().string("general.name", name),
        spec.architecture,
        parameters,
        bytes,
        most.name(),
        spec.layers().size(),
        spec.width,
        spec.vocabulary,
        trained,
        spec.context);
  }
}
