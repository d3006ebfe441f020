package dev.jllm.api;

/** Hears of a model's loading. */
@FunctionalInterface
public interface LoadListener {
  /** Called with a growing fraction, 0 to 1; throwing an exception abandons the loading. */
  void onProgress(double fraction);
}
