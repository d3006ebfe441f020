package dev.jllm.core.chat.parse;

import java.util.List;

/**
 * What a text stands for.
 *
 * @param content the answer; empty where there is none
 * @param reasoning the thoughts before it; empty where there are none
 * @param calls the tool calls, in order
 */
public record ParsedOutput(String content, String reasoning, List<ParsedCall> calls) {
  /** Copies the list. */
  public ParsedOutput {
    calls = List.copyOf(calls);
  }
}
