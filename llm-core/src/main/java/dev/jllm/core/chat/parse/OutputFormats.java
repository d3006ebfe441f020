package dev.jllm.core.chat.parse;

import static dev.jllm.core.chat.parse.OutputFormat.CallForm.json;
import static dev.jllm.core.chat.parse.OutputFormat.CallForm.named;
import static dev.jllm.core.chat.parse.OutputFormat.CallForm.python;
import static dev.jllm.core.chat.parse.OutputFormat.CallSection.BARE;
import static dev.jllm.core.chat.parse.OutputFormat.CallSection.CALLS_ALONE;
import static dev.jllm.core.chat.parse.OutputFormat.CallSection.ENDS_REASONING;
import static dev.jllm.core.chat.parse.OutputFormat.CallSection.OFFERED_ONLY;

import dev.jllm.core.chat.parse.OutputFormat.CallForm;
import dev.jllm.core.chat.parse.OutputFormat.CallSection;
import dev.jllm.core.chat.parse.OutputFormat.Header;
import dev.jllm.core.chat.parse.OutputFormat.Reasoning;
import dev.jllm.core.chat.parse.OutputFormat.Tags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The marks that families of models use, as one table, and which of them a chat template speaks of.
 * A template teaches its model the marks, so a row of the table counts where the template holds the
 * row's hints.
 */
public final class OutputFormats {
  /**
   * A row: what it describes, where the template holds one of {@code any} and none of {@code no}.
   */
  private record Row<T>(T value, List<String> any, List<String> no) {
    Row<T> unless(String... texts) {
      return new Row<>(value, any, List.of(texts));
    }

    boolean fits(String template) {
      return any.stream().anyMatch(template::contains) && no.stream().noneMatch(template::contains);
    }
  }

  private static <T> Row<T> row(T value, String... any) {
    return new Row<>(value, List.of(any), List.of());
  }

  private static Row<Reasoning> tag(String name) {
    String end = "</" + name + ">";
    return row(new Reasoning("<" + name + ">", end, false), end);
  }

  private static Row<Reasoning> anywhere(String begin, String end) {
    return row(new Reasoning(begin, end, true), begin);
  }

  private static final String DSML = "｜DSML｜";
  private static final String GCML = "｜GCML｜";
  private static final String MINIMAX = "]<]minimax[>[";
  private static final String HARMONY = "<|channel|>";

  private static final List<Row<Reasoning>> REASONING =
      List.of(
          tag("think"),
          tag("thinking"),
          tag("thought"),
          tag("reasoning"),
          tag("seed:think"),
          tag("mm:think"),
          tag("ifm|think"),
          tag("ifm|think_fast"),
          tag("ifm|think_faster"),
          anywhere("[THINK]", "[/THINK]"),
          anywhere("<|START_THINKING|>", "<|END_THINKING|>"),
          anywhere("<|inner_prefix|>", "<|inner_suffix|>"),
          anywhere("<|content_thinking|>", "<|end_message|>"),
          row(new Reasoning("<|open|>think<|sep|>", "<|close|>think<|sep|>", true), "<|open|>"),
          row(new Reasoning("<|channel>thought", "<channel|>", true), "<|channel>"),
          row(new Reasoning("<|think|>", "<|end|>", true), "<|tool_call:begin|>"),
          row(
              new Reasoning("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]", false),
              "[BEGIN FINAL RESPONSE]"));

  private static final List<Row<List<String>>> HIDDEN =
      List.of(
          row(List.of("<|START_RESPONSE|>", "<|END_RESPONSE|>"), "<|START_RESPONSE|>"),
          row(List.of("<|START_TEXT|>", "<|END_TEXT|>"), "<|START_TEXT|>"),
          row(List.of("[END FINAL RESPONSE]"), "[BEGIN FINAL RESPONSE]"),
          row(
              List.of(
                  "<|open|>response<|sep|>",
                  "<|close|>response<|sep|>",
                  "<|close|>tools<|sep|>",
                  "<|close|>message<|sep|>",
                  "<|end_of_msg|>"),
              "<|open|>"),
          row(
              List.of("<|begin|>assistant", "<|content|>", "<|end|>", "<|calls|>"),
              "<|tool_call:begin|>"),
          row(List.of("<|message_sep|>"), "<|message_sep|>"),
          row(List.of("<|channel>", "<channel|>", "<|tool_response>"), "<|channel>"),
          row(List.of("<|end|>", "<|return|>", "<|call|>"), HARMONY),
          row(List.of("<|eom|>", "<|eot|>"), "<|eom|>"),
          row(List.of("<ifm|tool_calls>", "</ifm|tool_calls>"), "<ifm|tool_calls>"),
          row(
              List.of("<|content_text|>", "<|end_message|>", "<|content_model_end_sampling|>"),
              "<|content_thinking|>"),
          row(List.of("<answer>", "</answer>"), "<answer>"),
          row(
              List.of("<response>", "</response>"),
              "response between <response>",
              "<response>\\n"));

  private static final List<Row<Header>> HEADERS =
      List.of(
          row(
              new Header(
                  List.of("<|start|>", HARMONY),
                  "<|message|>",
                  " to=",
                  "functions.",
                  List.of("analysis"),
                  List.of("assistant", "user", "all"),
                  "<|end|>",
                  false,
                  "<|start|>assistant<|channel|>analysis<|message|>",
                  "<|start|>assistant<|channel|>commentary to=functions.% <|constrain|>json<|message|>"),
              HARMONY),
          row(
              new Header(
                  List.of("<|start|>"),
                  "<|message|>",
                  " to=",
                  "",
                  List.of("self"),
                  List.of("user"),
                  "<|eom|>",
                  false,
                  "<|start|>assistant to=self<|message|>",
                  "<|start|>assistant to=%<|message|>"),
              "to=self"),
          // A block's header repeats the name of the tool, and ends where the block's kind begins.
          row(
              new Header(
                  List.of("<|message_model|>"),
                  "<|content_",
                  " to=",
                  "",
                  List.of(),
                  List.of(),
                  "<|end_message|>",
                  true,
                  "",
                  ""),
              "<|content_thinking|>"),
          row(
              new Header(
                  List.of(">>>"), "\n", "", "", List.of(), List.of("all"), "", false, "", ">>>%\n"),
              ">>>all"));

  private static final Tags PARAMETERS = Tags.lines("<parameter=", ">", "</parameter>");
  private static final CallForm FUNCTION = named("<function=", "</function>", ">").with(PARAMETERS);
  private static final CallForm INVOKE = invoke("");
  private static final CallForm ARG_KEYS =
      named("", "</tool_call>", "<tool_sep>").with(argKeys(""));

  private static final CallForm DEEPSEEK =
      named("<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>").nameAfter("<｜tool▁sep｜>");

  private static CallForm invoke(String prefix) {
    return named("<" + prefix + "invoke name=\"", "</" + prefix + "invoke>", "\">")
        .with(
            Tags.of("<" + prefix + "parameter name=\"", ">", "</" + prefix + "parameter>")
                .typed(prefix.endsWith("ML｜") ? "string" : ""));
  }

  private static Tags argKeys(String prefix) {
    return new Tags(
        "<" + prefix + "arg_key>",
        "</" + prefix + "arg_key>",
        "<" + prefix + "arg_value>",
        "</" + prefix + "arg_value>",
        "",
        false,
        "");
  }

  private static Row<CallSection> section(
      String begin, String end, int flags, List<CallForm> forms, String... hints) {
    return row(
        new CallSection(begin, end, forms, flags),
        hints.length == 0 ? new String[] {begin} : hints);
  }

  private static final List<Row<CallSection>> SECTIONS =
      List.of(
          section(
                  "<tool_call>",
                  "</tool_call>",
                  ENDS_REASONING | CALLS_ALONE,
                  List.of(FUNCTION, INVOKE, json("", ""), ARG_KEYS),
                  "<function=",
                  "<arg_key>")
              .unless(MINIMAX, "<seed:tool_call>", "<ifm|", "<|python_tag|>"),
          section("<tool_call>", "</tool_call>", 0, List.of(json("", ""), ARG_KEYS), "<tool_call>")
              .unless(MINIMAX, "<function=", "<arg_key>", "<tool_calls>"),
          section(
              "<seed:tool_call>",
              "</seed:tool_call>",
              0,
              List.of(
                  named("<function=", "</function>", ">")
                      .with(Tags.of("<parameter=", ">", "</parameter>")))),
          section(
              "<tool_calls>",
              "</tool_calls>",
              0,
              List.of(
                  named("<tool_call>", "</tool_call>", "<tool_sep>")
                      .nameAfter("<tool_sep>")
                      .with(argKeys("")),
                  json("", "")),
              "<tool_calls>"),
          section(
              "<|tool_calls_section_begin|>",
              "<|tool_calls_section_end|>",
              ENDS_REASONING | CALLS_ALONE,
              List.of(
                  named("<|tool_call_begin|>", "<|tool_call_end|>", "<|tool_call_argument_begin|>")
                      .names("functions.%:#"))),
          section("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", CALLS_ALONE, List.of(DEEPSEEK)),
          section(
              "[TOOL_CALLS]",
              "",
              0,
              List.of(json("", ""), named("", "", "[ARGS]").idAfter("[CALL_ID]"))),
          section(
              "<|tool_calls|>",
              "",
              CALLS_ALONE,
              List.of(
                  named("<|tool_call:begin|>", "<|tool_call:end|>", "<|tool_call:args|>")
                      .nameAfter("<|tool_call:name|>")),
              "<|tool_call:begin|>"),
          section(
              "<|open|>tools<|sep|>",
              "<|close|>tools<|sep|>",
              CALLS_ALONE,
              List.of(
                  named("<|open|>call tool=\"", "<|close|>call<|sep|>", "<|sep|>")
                      .names("%\" index=\"#\"")
                      .with(
                          Tags.of("<|open|>argument key=\"", "<|sep|>", "<|close|>argument<|sep|>")
                              .typed("type"))),
              "<|open|>"),
          section(
              MINIMAX + "<tool_call>",
              MINIMAX + "</tool_call>",
              0,
              List.of(
                  named(MINIMAX + "<invoke name=\"", MINIMAX + "</invoke>", "\">")
                      .with(new Tags(MINIMAX + "<", ">", "", MINIMAX + "</", MINIMAX, false, ""))),
              MINIMAX),
          section("<minimax:tool_call>", "</minimax:tool_call>", 0, List.of(INVOKE)),
          section(
                  "<" + DSML + "tool_calls>",
                  "</" + DSML + "tool_calls>",
                  ENDS_REASONING,
                  List.of(invoke(DSML)),
                  DSML)
              .unless("function_calls"),
          section(
              "<" + DSML + "function_calls>",
              "</" + DSML + "function_calls>",
              ENDS_REASONING,
              List.of(invoke(DSML)),
              DSML),
          section(
              "<" + GCML + "tool_calls>",
              "</" + GCML + "tool_calls>",
              ENDS_REASONING,
              List.of(invoke(GCML)),
              GCML),
          section("<|START_ACTION|>", "<|END_ACTION|>", ENDS_REASONING, List.of(json("", ""))),
          section(
              "Action:\n```json", "```", 0, List.of(json("", "")), "Action:\n```json", "Action:"),
          section("Action:```json", "```", 0, List.of(json("", "")), "Action:```json", "Action:"),
          section(
                  "<|message_sep|>\n\nfunction call<|role_sep|>",
                  "",
                  0,
                  List.of(json("", "")),
                  "<|message_sep|>")
              .unless("<|function_call|>", GCML),
          section("<|function_call|>", "", 0, List.of(json("", ""))),
          section(
              "<|tool_call_start|>",
              "<|tool_call_end|>",
              0,
              List.of(python(), json("", "")),
              "<|tool_call_start|>",
              "List of tools: ["),
          section("functools[", "", 0, List.of(json("", "")), "functools"),
          section("", "</tool_call>", CALLS_ALONE, List.of(FUNCTION), "<function=")
              .unless("<tool_call>", "<seed:tool_call>"),
          section(
              "",
              "",
              CALLS_ALONE,
              List.of(
                  named("<function name=\"", "</function>", "\">")
                      .with(Tags.of("<param name=\"", ">", "</param>"))),
              "<function name=\""),
          section(
              "<|python_tag|>",
              "",
              OFFERED_ONLY,
              List.of(json("", ""), python()),
              "<|python_tag|>"),
          section(
                  "{",
                  "",
                  BARE | OFFERED_ONLY,
                  List.of(json("", "")),
                  "<|python_tag|>",
                  "respond with a JSON for a function call",
                  "Environment: ipython")
              .unless("<function="),
          section(
              "<|tool_call>",
              "",
              ENDS_REASONING,
              List.of(named("", "<tool_call|>").strings("<|\"|>").names("call:%"))),
          section("<TOOLCALL>", "</TOOLCALL>", 0, List.of(json("", ""))),
          section("<|tool_call|>", "<|/tool_call|>", 0, List.of(json("", ""))),
          section("<|tools_prefix|>", "<|tools_suffix|>", 0, List.of(json("", ""))),
          section(
              "<|action_start|><|plugin|>",
              "<|action_end|>",
              0,
              List.of(json("", "")),
              "<|plugin|>"),
          section(
              "<ifm|tool_call>",
              "</ifm|tool_call>",
              ENDS_REASONING,
              List.of(json("", ""), named("", "</ifm|tool_call>").with(argKeys("ifm|")))),
          section(
              "<atem:function_calls>",
              "</atem:function_calls>",
              ENDS_REASONING,
              List.of(invoke("atem:")),
              "<atem:"),
          section("<|content_invoke_tool_json|>", "<|end_message|>", 0, List.of(json("", ""))),
          section("<function_calls>", "</function_calls>", 0, List.of(INVOKE, python())));

  private OutputFormats() {}

  /**
   * The format that a chat template teaches. Where the table knows the template's marks, and what
   * the template writes for a call and a thought reads back as such, that is it; else the format is
   * read off what the template writes.
   *
   * @param template the template's source
   */
  public static OutputFormat forTemplate(String template) {
    OutputFormat known = fromTable(template);
    boolean mentionsCalls = template.contains("tool_calls");
    if (!mentionsCalls && !template.contains("reasoning_content")) {
      return known;
    }
    TemplateProbe probe = TemplateProbe.of(template);
    if (probe == null) {
      return known;
    }
    OutputFormat format = known;
    @Nullable Reasoning thoughts = DerivedFormat.reasoning(probe);
    if (thoughts != null && !readsThoughts(known, probe)) {
      List<Reasoning> reasoning = new ArrayList<>(known.reasoning());
      reasoning.add(0, thoughts);
      OutputFormat trial =
          new OutputFormat(reasoning, known.hidden(), known.sections(), known.header());
      format = readsThoughts(trial, probe) ? trial : known;
    }
    @Nullable CallSection calls = mentionsCalls ? DerivedFormat.section(probe, known) : null;
    if (calls != null && !readsCalls(format, probe)) {
      List<CallSection> sections = new ArrayList<>(format.sections());
      sections.add(0, calls);
      OutputFormat trial =
          new OutputFormat(format.reasoning(), format.hidden(), sections, format.header());
      format = readsCalls(trial, probe) ? trial : format;
    }
    return format;
  }

  /** The format with calls in the form of Hermes, for templates that know no tools. */
  public static OutputFormat withHermesCalls(OutputFormat format) {
    List<CallSection> sections = new ArrayList<>(format.sections());
    sections.add(new CallSection("<tool_call>", "</tool_call>", List.of(json("", "")), 0));
    return new OutputFormat(format.reasoning(), format.hidden(), sections, format.header());
  }

  private static boolean readsThoughts(OutputFormat format, TemplateProbe probe) {
    TemplateProbe.Shown shown = probe.thoughtful();
    return shown == null
        || OutputParser.parse(format, ToolSchemas.NONE, shown.prompt(), shown.text())
            .reasoning()
            .trim()
            .equals(TemplateProbe.THOUGHT);
  }

  private static boolean readsCalls(OutputFormat format, TemplateProbe probe) {
    TemplateProbe.Shown shown = probe.calls(1);
    if (shown == null) {
      return true;
    }
    ParsedOutput output =
        OutputParser.parse(format, TemplateProbe.tools(), shown.prompt(), shown.text());
    return output.calls().size() == 1
        && output.calls().get(0).name().equals(TemplateProbe.TOOL)
        && output.calls().get(0).complete();
  }

  /** The rows of the table that a template has the hints of. */
  static OutputFormat fromTable(String template) {
    List<Reasoning> reasoning = fitting(REASONING, template);
    List<String> hidden = new ArrayList<>();
    fitting(HIDDEN, template).forEach(hidden::addAll);
    List<Header> headers = fitting(HEADERS, template);
    @Nullable Header header = headers.isEmpty() ? null : headers.get(0);
    return new OutputFormat(reasoning, hidden, fitting(SECTIONS, template), header);
  }

  private static <T> List<T> fitting(List<Row<T>> rows, String template) {
    List<T> values = new ArrayList<>();
    for (Row<T> row : rows) {
      if (row.fits(template)) {
        values.add(row.value());
      }
    }
    return values;
  }
}
