/** The interactive conversation of the command line tool. */
@NullMarked
package dev.jllm.samples.cli.chat;

import org.jspecify.annotations.NullMarked;
