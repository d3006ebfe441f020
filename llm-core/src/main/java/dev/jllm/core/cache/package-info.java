/** What a sequence remembers between steps: keys and values, windowed and recurrent state. */
@NullMarked
package dev.jllm.core.cache;

import org.jspecify.annotations.NullMarked;
