package dev.jllm.core.engine;

import dev.jllm.core.chat.parse.OutputFormat;
import dev.jllm.core.chat.parse.ToolSchemas;

/**
 * The calls that a model may write in one answer.
 *
 * @param format the family's marks
 * @param tools the tools that may be called
 * @param demanded whether there must be a call
 * @param generationPrompt what the template wrote before the answer
 */
record OfferedCalls(
    OutputFormat format, ToolSchemas tools, boolean demanded, String generationPrompt) {

  /** A text that differs where the grammars differ. */
  String key() {
    return demanded + " " + generationPrompt + " " + tools;
  }
}
