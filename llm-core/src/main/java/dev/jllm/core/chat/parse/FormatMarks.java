package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.OutputFormat.CallForm;
import dev.jllm.core.chat.parse.OutputFormat.CallSection;
import dev.jllm.core.chat.parse.OutputFormat.Reasoning;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The marks of a format, by where in the text they count. */
final class FormatMarks {
  /** What a mark does. */
  enum Kind {
    REASONING_BEGIN,
    REASONING_END,
    HIDDEN,
    SECTION,
    CALL_ALONE,
    BARE,
    HEADER
  }

  /** What a mark does, and whose it is. */
  record Meaning(
      Kind kind,
      @Nullable Reasoning reasoning,
      @Nullable CallSection section,
      @Nullable CallForm form) {
    static Meaning of(Kind kind) {
      return new Meaning(kind, null, null, null);
    }
  }

  /** Before any thought, which a model may open although the prompt did. */
  final Marks<Meaning> atReasoningStart = new Marks<>();

  /** Within thoughts. */
  final Marks<Meaning> inReasoning = new Marks<>();

  /** Before any content. */
  final Marks<Meaning> atStart = new Marks<>();

  /** Within content. */
  final Marks<Meaning> inContent = new Marks<>();

  /**
   * @param withCalls whether text may be a call
   */
  FormatMarks(OutputFormat format, boolean withCalls) {
    for (Reasoning pair : format.reasoning()) {
      addReasoning(pair);
    }
    for (String mark : format.hidden()) {
      addEverywhere(mark, Meaning.of(Kind.HIDDEN));
    }
    if (format.header() != null) {
      for (String begin : format.header().begins()) {
        addEverywhere(begin, Meaning.of(Kind.HEADER));
      }
    }
    for (CallSection calls : withCalls ? format.sections() : List.<CallSection>of()) {
      Kind kind = calls.has(CallSection.BARE) ? Kind.BARE : Kind.SECTION;
      addCalls(calls, calls.begin(), new Meaning(kind, null, calls, null));
      if (calls.has(CallSection.CALLS_ALONE)) {
        for (CallForm one : calls.calls()) {
          addCalls(calls, one.begin(), new Meaning(Kind.CALL_ALONE, null, calls, one));
        }
      }
    }
  }

  private void addReasoning(Reasoning pair) {
    Meaning begin = new Meaning(Kind.REASONING_BEGIN, pair, null, null);
    Meaning end = new Meaning(Kind.REASONING_END, pair, null, null);
    atStart.add(pair.begin(), begin);
    atStart.add(pair.end(), end);
    inReasoning.add(pair.end(), end);
    atReasoningStart.add(pair.end(), end);
    atReasoningStart.add(pair.begin(), Meaning.of(Kind.HIDDEN));
    if (pair.anywhere()) {
      inContent.add(pair.begin(), begin);
      inContent.add(pair.end(), end);
    }
  }

  private void addEverywhere(String mark, Meaning meaning) {
    atStart.add(mark, meaning);
    inContent.add(mark, meaning);
    inReasoning.add(mark, meaning);
    atReasoningStart.add(mark, meaning);
  }

  private void addCalls(CallSection calls, String mark, Meaning meaning) {
    atStart.add(mark, meaning);
    if (meaning.kind() != Kind.BARE) {
      inContent.add(mark, meaning);
      if (calls.has(CallSection.ENDS_REASONING)) {
        inReasoning.add(mark, meaning);
        atReasoningStart.add(mark, meaning);
      }
    }
  }
}
