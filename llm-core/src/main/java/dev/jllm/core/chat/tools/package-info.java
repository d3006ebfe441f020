/** Tools: checking a call's arguments, and tools made of annotated methods and records. */
@NullMarked
package dev.jllm.core.chat.tools;

import org.jspecify.annotations.NullMarked;
