/** Measured speeds: the file that holds them, and the table and the picture made of it. */
package dev.jllm.samples.bench.results;
