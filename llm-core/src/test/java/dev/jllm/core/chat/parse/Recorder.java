package dev.jllm.core.chat.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** Adds up what a parser tells, and checks that calls come in order. */
final class Recorder implements OutputListener {
  final StringBuilder content = new StringBuilder();
  final StringBuilder reasoning = new StringBuilder();
  final List<String> names = new ArrayList<>();
  final List<StringBuilder> arguments = new ArrayList<>();
  final List<ParsedCall> ended = new ArrayList<>();

  @Override
  public void content(String delta) {
    content.append(delta);
  }

  @Override
  public void reasoning(String delta) {
    reasoning.append(delta);
  }

  @Override
  public void callStarted(int index, String name) {
    assertEquals(names.size(), index);
    assertEquals(ended.size(), index, "a call began within another");
    names.add(name);
    arguments.add(new StringBuilder());
  }

  @Override
  public void callArguments(int index, String delta) {
    assertEquals(names.size() - 1, index);
    arguments.get(index).append(delta);
  }

  @Override
  public void callEnded(int index, ParsedCall call) {
    assertEquals(ended.size(), index);
    assertEquals(names.get(index), call.name());
    assertEquals(arguments.get(index).toString(), call.arguments());
    ended.add(call);
  }

  /** What was told is what the result says. */
  void assertTold(ParsedOutput output) {
    assertEquals(output.content(), content.toString());
    assertEquals(output.reasoning(), reasoning.toString());
    assertEquals(output.calls(), ended);
  }
}
