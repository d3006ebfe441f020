package dev.jllm.core.chat.constrain;

import dev.jllm.api.GrammarException;
import dev.jllm.core.chat.parse.OutputFormat;
import dev.jllm.core.chat.parse.OutputFormat.CallForm;
import dev.jllm.core.chat.parse.OutputFormat.CallSection;
import dev.jllm.core.chat.parse.OutputFormat.Header;
import dev.jllm.core.chat.parse.OutputFormat.Reasoning;
import dev.jllm.core.chat.parse.OutputListener;
import dev.jllm.core.chat.parse.OutputParser;
import dev.jllm.core.chat.parse.ToolSchemas;
import dev.jllm.core.grammar.Grammar;
import dev.jllm.core.grammar.automaton.RuleNet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of everything that a model may write where tools are offered: thoughts and content as
 * they please, calls only of the offered tools with arguments that are valid under the tools'
 * schemas. Where a call is demanded, thoughts may come first, but no content, and the text cannot
 * end without a call.
 *
 * <p>Made from the family's {@link OutputFormat}; {@link OutputParser} reads whatever matches.
 */
public final class CallGrammar {
  private final OutputFormat format;
  private final ToolSchemas tools;
  private final boolean demanded;
  private final RuleNetBuilder net = new RuleNetBuilder();
  private final Pieces pieces = new Pieces(net);
  private final CallRules calls;

  /** Behind the calls: more of them, or the end. */
  private final int tail;

  private CallGrammar(OutputFormat format, ToolSchemas tools, boolean demanded) {
    this.format = format;
    this.tools = tools;
    this.demanded = demanded;
    calls = new CallRules(pieces, new ToolValues(net, tools));
    tail = net.state();
  }

  /** Whether a model of this format can call tools. */
  public static boolean canCall(OutputFormat format) {
    Header header = format.header();
    return !format.sections().isEmpty() || header != null && !header.call().isEmpty();
  }

  /**
   * The grammar of one answer.
   *
   * @param format the family's marks
   * @param tools the tools that may be called, at least one
   * @param demanded whether there must be a call
   * @param generationPrompt what the template wrote before the model's text, or its end
   * @throws GrammarException if the format has no calls, or the schemas make too large a grammar
   */
  public static Grammar of(
      OutputFormat format, ToolSchemas tools, boolean demanded, String generationPrompt) {
    if (!canCall(format) || tools.isEmpty()) {
      throw new GrammarException(
          "this model's chat template knows no calls of tools, or no tool is offered");
    }
    return Grammar.of(new CallGrammar(format, tools, demanded).build(generationPrompt));
  }

  private RuleNet build(String prompt) {
    int root = net.rule("answer");
    OutputParser parser = new OutputParser(format, tools, prompt, new OutputListener() {});
    Header header = format.header();
    writeTail();
    if (header != null && !header.call().isEmpty() && format.sections().isEmpty()) {
      new HeaderText(header)
          .write(net.entry(root), parser.isHeader(), parser.isReasoning(), prompt);
    } else {
      writeText(net.entry(root), parser.isReasoning());
    }
    return net.build(root);
  }

  private void writeTail() {
    net.accept(tail);
    pieces.blanks(tail);
    format.hidden().forEach(mark -> net.empty(pieces.text(tail, mark), tail));
    for (CallSection section : format.sections()) {
      if (!section.has(CallSection.BARE)) {
        net.empty(begin(tail, section), tail);
      }
    }
  }

  /** A section with its begin mark. */
  private int begin(int from, CallSection section) {
    if (section.begin().isEmpty()) {
      int to = net.state();
      for (CallForm form : section.calls()) {
        int begun = pieces.text(from, form.begin());
        net.empty(pieces.rule(begun, calls.alone(section, form)), to);
      }
      return to;
    }
    // The mark of a bare section is the beginning of the call itself.
    boolean bare = section.has(CallSection.BARE);
    int begun = pieces.text(from, bare ? "" : section.begin());
    return pieces.rule(begun, bare ? calls.body(section.calls().get(0)) : calls.section(section));
  }

  // ---- families whose marks stand in the text ----

  private void writeText(int root, boolean thinking) {
    int start = net.state();
    FreeText thoughts = new FreeText(net);
    for (Reasoning pair : format.reasoning()) {
      thoughts.mark(pair.end(), start);
    }
    addCalls(thoughts, true);
    thoughts.write(!demanded);
    // The beginning of an answer: marks, then calls or content.
    pieces.blanks(start);
    for (Reasoning pair : format.reasoning()) {
      net.empty(pieces.text(start, pair.begin()), thoughts.start());
      net.empty(pieces.text(start, pair.end()), start);
    }
    format.hidden().forEach(mark -> net.empty(pieces.text(start, mark), start));
    Header header = format.header();
    if (header != null) {
      header.begins().forEach(mark -> net.empty(pieces.text(start, mark), start));
    }
    for (CallSection section : format.sections()) {
      net.empty(begin(start, section), tail);
      if (!demanded && section.has(CallSection.CALLS_ALONE)) {
        for (CallForm form : section.calls()) {
          if (!form.begin().isEmpty()) {
            int begun = pieces.text(start, form.begin());
            net.empty(pieces.rule(begun, calls.alone(section, form)), tail);
          }
        }
      }
    }
    if (!demanded) {
      writeContent(start, thoughts);
    }
    net.empty(root, thinking ? thoughts.start() : start);
  }

  private void writeContent(int start, FreeText thoughts) {
    FreeText content = new FreeText(net);
    for (Reasoning pair : format.reasoning()) {
      if (pair.anywhere()) {
        content.mark(pair.begin(), thoughts.start());
      }
    }
    addCalls(content, false);
    content.write(true);
    List<String> forbidden = new ArrayList<>();
    for (CallSection section : format.sections()) {
      if (section.has(CallSection.BARE)) {
        forbidden.addAll(BARE_CALLS);
      }
    }
    content.beginWithout(start, forbidden);
  }

  /** How a bare object begins that is meant as a call. */
  private static final List<String> BARE_CALLS =
      List.of(
          "{\"name\"",
          "{ \"name\"",
          "{\n  \"name\"",
          "{\n    \"name\"",
          "{\"type\": \"function\"",
          "{\"type\":\"function\"",
          "{\"function\"");

  /** Marks in running text at which calls begin. */
  private void addCalls(FreeText text, boolean thoughts) {
    for (CallSection section : format.sections()) {
      if (section.has(CallSection.BARE) || thoughts && !section.has(CallSection.ENDS_REASONING)) {
        continue;
      }
      if (!section.begin().isEmpty()) {
        int begun = net.state();
        net.call(begun, calls.section(section), tail);
        text.mark(section.begin(), begun);
      }
      if (section.has(CallSection.CALLS_ALONE)) {
        for (CallForm form : section.calls()) {
          if (!form.begin().isEmpty()) {
            int begun = net.state();
            net.call(begun, calls.alone(section, form), tail);
            text.mark(form.begin(), begun);
          }
        }
      }
    }
  }

  // ---- families whose messages have headers ----

  /** Messages whose header says whether they are thoughts, content, or a call. */
  private final class HeaderText {
    private static final List<String> CHANNELS =
        List.of("<|channel|>commentary", "<|channel|>analysis");
    private static final List<String> FORMATS =
        List.of(" <|constrain|>json", "<|constrain|>json", " json");

    private final Header header;
    private final int text = net.state();

    HeaderText(Header header) {
      this.header = header;
    }

    void write(int root, boolean inHeader, boolean thinking, String prompt) {
      net.empty(call(tail, header.call()), tail);
      String call = behind(prompt, header.call());
      if (!demanded) {
        FreeText free = new FreeText(net);
        int open = net.state();
        header.begins().forEach(mark -> free.mark(mark, open));
        free.write(true);
        net.empty(text, free.start());
        header(open);
        net.empty(root, inHeader ? open : text);
        return;
      }
      int demand = net.state();
      net.empty(call(demand, header.call()), tail);
      pieces.blanks(demand);
      FreeText thoughts = new FreeText(net).mark(header.messageEnd(), demand);
      header.begins().forEach(mark -> thoughts.mark(mark, -1));
      thoughts.write(false);
      if (thinking) {
        net.empty(root, thoughts.start());
        return;
      }
      net.empty(call(root, call), tail);
      if (!header.thought().isEmpty()) {
        String thought = behind(prompt, header.thought());
        net.empty(pieces.text(root, thought), thoughts.start());
      }
    }

    /** What is left of a header, of which the prompt may have written the beginning. */
    private String behind(String prompt, String whole) {
      for (int i = Math.min(prompt.length(), whole.length()); i > 0; i--) {
        if (prompt.endsWith(whole.substring(0, i))) {
          return whole.substring(i);
        }
      }
      return whole;
    }

    private int call(int from, String form) {
      int to = net.state();
      int name = form.indexOf('%');
      for (String tool : tools.names()) {
        int at = pieces.text(from, form.substring(0, name) + tool + form.substring(name + 1));
        net.empty(calls.json(pieces.space(at), tool), to);
      }
      return to;
    }

    /** The rest of a header, and what it announces. */
    private void header(int open) {
      net.accept(open);
      String mark = header.recipientMark();
      if (mark.isEmpty()) {
        for (String reader : header.content()) {
          net.empty(pieces.text(open, reader + header.end()), text);
        }
        for (String tool : tools.names()) {
          int at = pieces.text(open, tool + header.end());
          net.empty(calls.json(pieces.space(at), tool), tail);
        }
        return;
      }
      int recipient = net.state();
      FreeText free = new FreeText(net);
      free.mark(header.end(), text).mark(mark, recipient).write(true);
      net.empty(open, free.start());
      for (List<String> names : List.of(header.content(), header.reasoning())) {
        for (String name : names) {
          net.empty(endHeader(pieces.text(recipient, name)), text);
        }
      }
      int tool = net.state();
      net.empty(recipient, tool);
      net.empty(pieces.text(recipient, header.functionPrefix()), tool);
      for (String name : tools.names()) {
        net.empty(calls.json(pieces.space(endHeader(pieces.text(tool, name))), name), tail);
      }
    }

    /** Channel and format may follow the recipient. */
    private int endHeader(int from) {
      int at = pieces.optional(from, s -> pieces.either(s, CHANNELS));
      at = pieces.optional(at, s -> pieces.either(s, FORMATS));
      return pieces.text(at, header.end());
    }
  }
}
