/**
 * The arithmetic: what each operation does, its plain loops, and the choice of the fastest
 * implementation at hand.
 */
@NullMarked
package dev.jllm.core.kernel;

import org.jspecify.annotations.NullMarked;
