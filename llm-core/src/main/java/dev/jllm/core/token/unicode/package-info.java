/** What tokenizers need to know of code points: classes, lowercase, decomposition. */
@NullMarked
package dev.jllm.core.token.unicode;

import org.jspecify.annotations.NullMarked;
