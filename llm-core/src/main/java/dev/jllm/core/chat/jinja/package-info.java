/**
 * A Jinja2 engine for the chat templates inside model files: compiles a template once, renders it
 * many times, bounded in steps, size, depth and time, with every character of the result marked as
 * the template's own or as data.
 */
@NullMarked
package dev.jllm.core.chat.jinja;

import org.jspecify.annotations.NullMarked;
