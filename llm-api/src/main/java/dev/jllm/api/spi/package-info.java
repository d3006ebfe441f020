/** What an engine implements; applications use {@link dev.jllm.api.Model} instead. */
@NullMarked
package dev.jllm.api.spi;

import org.jspecify.annotations.NullMarked;
