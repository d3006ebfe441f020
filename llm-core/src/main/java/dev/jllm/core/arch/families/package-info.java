/** The registrations of all architectures, one file a family. */
@NullMarked
package dev.jllm.core.arch.families;

import org.jspecify.annotations.NullMarked;
