/**
 * What a model is, as data: specifications read from metadata, and the registry of architectures.
 */
@NullMarked
package dev.jllm.core.arch;

import org.jspecify.annotations.NullMarked;
