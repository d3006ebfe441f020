package dev.jllm.core.chat.constrain;

import dev.jllm.core.chat.parse.OutputFormat.CallForm;
import dev.jllm.core.chat.parse.OutputFormat.CallSection;
import dev.jllm.core.chat.parse.OutputFormat.Syntax;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calls and sections of calls of the offered tools, as rules. */
final class CallRules {
  private static final List<String> NAME_KEYS = List.of("\"name\"", "\"tool_name\"");
  private static final List<String> ARGUMENT_KEYS = List.of("\"arguments\"", "\"parameters\"");
  private static final List<String> ID_KEYS = List.of("\"id\"", "\"tool_call_id\"");

  private final Pieces pieces;
  private final RuleNetBuilder net;
  private final ToolValues values;
  private final ArgumentRules arguments;
  private final Map<CallForm, Integer> bodies = new HashMap<>();
  private final Map<CallSection, Integer> sections = new HashMap<>();

  CallRules(Pieces pieces, ToolValues values) {
    this.pieces = pieces;
    this.net = pieces.net;
    this.values = values;
    arguments = new ArgumentRules(pieces, values);
  }

  /** A tool's arguments as JSON. */
  int json(int from, String tool) {
    return arguments.json(from, tool);
  }

  // ---- sections ----

  /** A section behind its begin mark, up to and with its end. */
  int section(CallSection section) {
    Integer known = sections.get(section);
    if (known != null) {
      return known;
    }
    int rule = net.rule("calls");
    sections.put(section, rule);
    int start = pieces.space(net.entry(rule));
    int to = net.state();
    net.accept(to);
    if (section.begin().endsWith("[")) {
      net.empty(end(list(start, section.calls()), section), to);
      return rule;
    }
    if (section.calls().stream().anyMatch(CallRules::standsInList)) {
      int open = pieces.space(pieces.text(start, "["));
      net.empty(end(list(open, section.calls()), section), to);
    }
    if (!section.has(CallSection.BARE)) {
      sequence(start, section, true, to);
    }
    return rule;
  }

  /** A call whose own begin mark was read, without its section's, and what may follow it. */
  int alone(CallSection section, CallForm form) {
    int rule = net.rule("call");
    int to = net.state();
    net.accept(to);
    int behind = pieces.rule(net.entry(rule), body(form));
    net.empty(behind, to);
    for (CallForm next : section.calls()) {
      if (!next.begin().isEmpty()) {
        net.call(pieces.text(pieces.space(behind), next.begin()), body(next), behind);
      }
    }
    if (!section.end().isEmpty()) {
      net.empty(end(behind, section), to);
    }
    return rule;
  }

  private static boolean standsInList(CallForm form) {
    return form.syntax() != Syntax.NAMED && form.begin().isEmpty();
  }

  private int list(int from, List<CallForm> forms) {
    int behind = net.state();
    for (CallForm form : forms) {
      if (standsInList(form)) {
        int first = pieces.rule(from, body(form));
        net.empty(first, behind);
        int again = pieces.space(pieces.text(pieces.space(first), ","));
        net.call(again, body(form), first);
      }
    }
    return pieces.text(pieces.space(behind), "]");
  }

  private void sequence(int from, CallSection section, boolean first, int to) {
    for (CallForm form : section.calls()) {
      int behind = pieces.rule(pieces.text(from, form.begin()), body(form));
      boolean ended = !form.end().isEmpty() && form.end().equals(section.end());
      net.empty(ended ? behind : end(behind, section), to);
      if (!ended && (!form.begin().isEmpty() || form.syntax() != Syntax.NAMED)) {
        int again = pieces.text(pieces.space(behind), form.begin());
        net.call(again, body(form), behind);
      }
    }
  }

  private int end(int from, CallSection section) {
    return section.end().isEmpty() ? from : pieces.text(pieces.space(from), section.end());
  }

  // ---- calls ----

  /** One call behind its begin mark, up to and with its end mark. */
  int body(CallForm form) {
    Integer known = bodies.get(form);
    if (known != null) {
      return known;
    }
    int rule = net.rule("call");
    bodies.put(form, rule);
    for (String tool : values.tools().names()) {
      int at = net.entry(rule);
      int to =
          switch (form.syntax()) {
            case JSON -> object(at, tool);
            case PYTHON -> arguments.python(pieces.text(at, tool), tool);
            case NAMED -> named(at, tool, form);
          };
      net.accept(form.end().isEmpty() ? to : pieces.text(pieces.space(to), form.end()));
    }
    return rule;
  }

  /** {@code {"name": …, "arguments": …}}, with other names of these keys. */
  private int object(int from, String tool) {
    int to = net.state();
    int open = pieces.space(pieces.text(from, "{"));
    int begun = net.state();
    net.empty(open, begun);
    net.empty(comma(stringMember(open, ID_KEYS)), begun);
    int typed = comma(pieces.text(colon(pieces.text(begun, "\"type\"")), "\"function\""));
    net.empty(typed, begun);
    int named = net.state();
    net.empty(pair(begun, tool), named);
    int inner = pieces.text(colon(pieces.text(begun, "\"function\"")), "{");
    net.empty(pieces.text(pieces.space(pair(pieces.space(inner), tool)), "}"), named);
    net.empty(pieces.text(pieces.space(named), "}"), to);
    int id = stringMember(pieces.space(pieces.text(pieces.space(named), ",")), ID_KEYS);
    net.empty(pieces.text(pieces.space(id), "}"), to);
    return to;
  }

  private int pair(int from, String tool) {
    int to = net.state();
    String name = Json.quote(tool);
    int first = pieces.text(colon(pieces.either(from, NAME_KEYS)), name);
    int second = colon(pieces.either(comma(first), ARGUMENT_KEYS));
    net.empty(arguments.json(second, tool), to);
    int turned = arguments.json(colon(pieces.either(from, ARGUMENT_KEYS)), tool);
    net.empty(pieces.text(colon(pieces.either(comma(turned), NAME_KEYS)), name), to);
    return to;
  }

  private int stringMember(int from, List<String> keys) {
    int at = pieces.text(colon(pieces.either(from, keys)), "\"");
    return pieces.text(pieces.id(at), "\"");
  }

  private int colon(int from) {
    return pieces.space(pieces.text(pieces.space(from), ":"));
  }

  private int comma(int from) {
    return pieces.space(pieces.text(pieces.space(from), ","));
  }

  // ---- names ----

  private int named(int from, String tool, CallForm form) {
    int to = net.state();
    if (form.nameMark().isEmpty() || form.nameEnds().contains(form.nameMark())) {
      int at = name(from, tool, form);
      if (!form.idMark().isEmpty()) {
        at = pieces.optional(at, s -> pieces.id(pieces.text(s, form.idMark())));
      }
      net.empty(arguments(nameEnd(at, form), tool, form), to);
      return to;
    }
    // An id or a kind, then the name; or, without those, the name and the mark behind it.
    int at = name(pieces.text(pieces.id(from), form.nameMark()), tool, form);
    net.empty(arguments(nameEnd(at, form), tool, form), to);
    if (form.nameEnds().isEmpty()) {
      int behind = pieces.text(name(from, tool, form), form.nameMark());
      net.empty(arguments(behind, tool, form), to);
    }
    return to;
  }

  private int name(int from, String tool, CallForm form) {
    int at = from;
    for (int i = 0; i < form.nameForm().length(); i++) {
      char c = form.nameForm().charAt(i);
      at =
          c == '%'
              ? pieces.text(at, tool)
              : c == '#' ? pieces.digits(at) : pieces.text(at, String.valueOf(c));
    }
    return at;
  }

  /**
   * What must follow the name; where tags follow and nothing framed the name, it may be missing.
   */
  private int nameEnd(int from, CallForm form) {
    if (form.nameEnds().isEmpty()) {
      return from;
    }
    int to = pieces.either(pieces.space(from), form.nameEnds());
    if (form.tags() != null && form.begin().isEmpty()) {
      net.empty(from, to);
    }
    return to;
  }

  private int arguments(int from, String tool, CallForm form) {
    int at = pieces.space(from);
    if (!form.stringMark().isEmpty()) {
      return arguments.literal(at, tool, form.stringMark());
    }
    int to = net.state();
    if (form.tags() == null || form.nameEnds().contains(">")) {
      net.empty(arguments.json(at, tool), to);
    }
    if (form.tags() != null) {
      net.empty(arguments.tags(at, tool, form.tags()), to);
    } else if (!form.nameMark().isEmpty()) {
      int fenced = arguments.json(pieces.space(pieces.text(at, "```json")), tool);
      net.empty(pieces.text(pieces.space(fenced), "```"), to);
    }
    return to;
  }
}
