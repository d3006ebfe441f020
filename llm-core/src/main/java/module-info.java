/** The engine: tokenizers, kernels, models, samplers, chat. */
module dev.jllm.core {
  requires transitive dev.jllm.api;
  requires transitive dev.jllm.gguf;
  requires org.slf4j;
  requires static org.jspecify;

  provides dev.jllm.api.spi.ModelProvider with
      dev.jllm.core.engine.JllmModelProvider;
}
