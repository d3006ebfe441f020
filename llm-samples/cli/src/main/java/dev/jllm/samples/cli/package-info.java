/** The command line tool: one class a command, each a picocli command. */
@NullMarked
package dev.jllm.samples.cli;

import org.jspecify.annotations.NullMarked;
