/** Chat templates, message rendering, and parsers of what models emit. */
@NullMarked
package dev.jllm.core.chat;

import org.jspecify.annotations.NullMarked;
