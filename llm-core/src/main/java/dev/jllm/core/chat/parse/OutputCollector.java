package dev.jllm.core.chat.parse;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what was found and tells the listener. White space beside marks is dropped: what comes
 * first after a mark, and what a mark follows, which is why the last white space is always held
 * back.
 */
final class OutputCollector {
  private final OutputListener listener;
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder space = new StringBuilder();
  private final List<ParsedCall> calls = new ArrayList<>();
  private boolean afterMark = true;
  private boolean spaceIsReasoning;
  private int contentTold;
  private int reasoningTold;

  private @Nullable String callName;
  private @Nullable String callId;
  private final StringBuilder arguments = new StringBuilder();
  private int argumentsTold;

  OutputCollector(OutputListener listener) {
    this.listener = listener;
  }

  boolean hasContent() {
    return content.length() > 0 || !calls.isEmpty() || callName != null;
  }

  boolean hasReasoning() {
    return reasoning.length() > 0;
  }

  void text(boolean thought, Input in, int from, int to) {
    StringBuilder out = thought ? reasoning : content;
    spaceIsReasoning = thought;
    int i = from;
    while (i < to) {
      int start = i;
      while (i < to && Literal.isSpace(in.charAt(i))) {
        i++;
      }
      if (!afterMark) {
        space.append(in.subSequence(start, i));
      }
      start = i;
      while (i < to && !Literal.isSpace(in.charAt(i))) {
        i++;
      }
      if (i > start) {
        out.append(space).append(in.subSequence(start, i));
        space.setLength(0);
        afterMark = false;
      }
    }
  }

  /** A mark stands here. */
  void mark() {
    announce();
    space.setLength(0);
    afterMark = true;
  }

  /** The text ends here, so the white space before its end is part of it. */
  void flush() {
    (spaceIsReasoning ? reasoning : content).append(space);
    space.setLength(0);
    announce();
  }

  void startCall(String name) {
    mark();
    callName = name;
    callId = null;
    arguments.setLength(0);
    argumentsTold = 0;
    listener.callStarted(calls.size(), name);
  }

  void id(String id) {
    callId = id;
  }

  void arguments(CharSequence json) {
    arguments.append(json);
  }

  void endCall(boolean complete) {
    String name = callName;
    if (name != null) {
      announce();
      ParsedCall call = new ParsedCall(name, arguments.toString(), callId, complete);
      callName = null;
      calls.add(call);
      listener.callEnded(calls.size() - 1, call);
    }
    mark();
  }

  /** Tells what came since the last time. */
  void announce() {
    if (reasoning.length() > reasoningTold) {
      listener.reasoning(reasoning.substring(reasoningTold));
      reasoningTold = reasoning.length();
    }
    if (content.length() > contentTold) {
      listener.content(content.substring(contentTold));
      contentTold = content.length();
    }
    if (callName != null && arguments.length() > argumentsTold) {
      listener.callArguments(calls.size(), arguments.substring(argumentsTold));
      argumentsTold = arguments.length();
    }
  }

  ParsedOutput result() {
    List<ParsedCall> all = new ArrayList<>(calls);
    String name = callName;
    if (name != null) {
      all.add(new ParsedCall(name, arguments.toString(), callId, false));
    }
    return new ParsedOutput(content.toString(), reasoning.toString(), all);
  }
}
