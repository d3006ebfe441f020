/** Sessions, generation, and the composition root. */
@NullMarked
package dev.jllm.core.engine;

import org.jspecify.annotations.NullMarked;
