/**
 * The GGUF container: reading, writing, metadata, tensor table, mapping, split files, and the
 * layout of the block formats ({@link dev.jllm.gguf.GgmlType}).
 */
@NullMarked
package dev.jllm.gguf;

import org.jspecify.annotations.NullMarked;
