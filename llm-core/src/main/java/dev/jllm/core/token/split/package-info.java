/** Pre-tokenizers: scanners that cut text into the words within which tokens are merged. */
@NullMarked
package dev.jllm.core.token.split;

import org.jspecify.annotations.NullMarked;
