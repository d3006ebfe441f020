/** JMH benchmarks: {@code java -jar llm-samples/bench/target/jllm-bench.jar}. */
package dev.jllm.samples.bench;
