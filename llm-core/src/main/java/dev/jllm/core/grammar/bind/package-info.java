/** Java classes as JSON Schemas, and JSON as objects of these classes. */
@NullMarked
package dev.jllm.core.grammar.bind;

import org.jspecify.annotations.NullMarked;
