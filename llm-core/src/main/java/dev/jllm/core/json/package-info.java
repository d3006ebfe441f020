/** A small JSON reader and writer (RFC 8259), for untrusted input. Imports nothing. */
@NullMarked
package dev.jllm.core.json;

import org.jspecify.annotations.NullMarked;
