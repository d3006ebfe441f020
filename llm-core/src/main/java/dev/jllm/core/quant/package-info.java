/** The block formats: layout, dequantisation, reference dot products, quantisation. */
@NullMarked
package dev.jllm.core.quant;

import org.jspecify.annotations.NullMarked;
