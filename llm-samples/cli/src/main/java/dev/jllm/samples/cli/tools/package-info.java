/** Tools that the samples offer to models; none reaches the network. */
@NullMarked
package dev.jllm.samples.cli.tools;

import org.jspecify.annotations.NullMarked;
