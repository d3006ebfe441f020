/** The GGUF container format. */
module dev.jllm.gguf {
  requires static transitive org.jspecify;

  exports dev.jllm.gguf;
}
