package dev.jllm.api;

/** The format of the keys or values that a session remembers. */
public enum CacheType {
  /** 32-bit floats: exact. */
  F32,
  /** 16-bit floats: half the memory; the default. */
  F16,
  /** 8-bit blocks of 32 with a scale: a quarter of the memory. */
  Q8_0
}
