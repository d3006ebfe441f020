package dev.jllm.samples.cli.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.Message;
import dev.jllm.api.ToolCall;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatPiecesTest {
  @Test
  void readsMessagesOfSeveralLines() throws Exception {
    ChatInput input =
        ChatInput.lines(
            new BufferedReader(
                new StringReader("one\nfirst\\\nsecond\n\"\"\"\na\n\n  b\n\"\"\"\nlast\\")));
    assertEquals("one", input.read());
    assertEquals("first\nsecond", input.read());
    assertEquals("a\n\n  b", input.read());
    assertEquals("last\n", input.read());
    assertNull(input.read());
  }

  @Test
  void nothingThatAModelWritesControlsTheTerminal() {
    assertEquals("a[2Jb\tc\nd", ChatPrinter.clean("a\u001b[2Jb\tc\nd\u0007\u009b"));
    String plain = "nothing to do";
    assertEquals(plain, ChatPrinter.clean(plain));
  }

  @Test
  void boxesCallsAndDimsThoughts() {
    StringWriter out = new StringWriter();
    ChatPrinter printer = new ChatPrinter(new PrintWriter(out), true);
    printer.thought("hm");
    printer.call(new ToolCall("1", "add", "{\"a\":1}"));
    printer.result("2");
    printer.text("Two.");
    printer.endReply();
    String text = out.toString().replaceAll("\u001b\\[(\\d)m", "<$1>").replace("\r", "");
    assertEquals(
        "<2>hm\n<0><2>╭─ <0><1>add<0>\n<2>│ <0>{\"a\":1}\n<2>├─ result<0>\n<2>│ <0>2\n<2>╰─<0>\n"
            + "Two.\n",
        text);
  }

  @Test
  void savesWhatWasSaid() throws Exception {
    List<Message> messages =
        List.of(
            Message.user("Add."),
            Message.assistant("So.", "hm", List.of(new ToolCall("1", "add", "{}"))),
            Message.tool(new ToolCall("1", "add", "{}"), "2"));
    String json = Transcript.json(messages);
    assertTrue(json.contains("\"reasoning_content\" : \"hm\""), json);
    assertTrue(json.contains("\"tool_call_id\" : \"1\""), json);
    assertTrue(Transcript.markdown(messages).contains("> hm"), "thoughts are quoted");
  }

  @Test
  void refusesUnknownSettings() {
    ChatSettings settings = new ChatSettings(List.of(), b -> {}, 10);
    assertThrows(IllegalArgumentException.class, () -> settings.thinking("maybe"));
    assertEquals(12, settings.thinking("12").thinking.maxTokens());
  }
}
