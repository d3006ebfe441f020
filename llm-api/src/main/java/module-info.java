/** The public API of jllm. */
module dev.jllm.api {
  requires static transitive org.jspecify;

  exports dev.jllm.api;
  exports dev.jllm.api.spi;

  uses dev.jllm.api.spi.ModelProvider;
}
