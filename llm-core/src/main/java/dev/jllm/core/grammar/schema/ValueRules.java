package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.grammar.regex.Dfa;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the rules of JSON values that satisfy formulas. */
final class ValueRules {
  private static final int MAX_RULES = 20_000;

  private record Key(Formula formula, @Nullable Location order) {}

  private record Todo(int rule, Key key) {}

  final RuleNetBuilder net;
  final Formulas formulas;
  final Meaning meaning;
  final Order order;
  private final Numbers numbers;
  private final JsonTexts texts;
  private final ArrayRules arrays = new ArrayRules(this);
  private final ObjectRules objects = new ObjectRules(this);
  private final Map<Key, Integer> rules = new HashMap<>();
  private final Map<Dfa, Integer> strings = new HashMap<>();
  private final Map<Dfa, Integer> plain = new HashMap<>();
  private final Deque<Todo> todo = new ArrayDeque<>();
  private final Dfa writable;
  private final JsonSchema.Use use;
  private boolean distinctNames;

  /**
   * @param writable the strings that may be written
   */
  ValueRules(
      RuleNetBuilder net, SchemaReader reader, int maxSpace, Dfa writable, JsonSchema.Use use) {
    this.writable = writable;
    this.use = use;
    this.net = net;
    formulas = reader.formulas;
    meaning = reader.meaning();
    numbers = reader.numbers;
    order = new Order(reader.document);
    texts = new JsonTexts(net, maxSpace);
  }

  /** The rule for values of which the formula holds, with properties in that schema's order. */
  int rule(Formula formula, @Nullable Location at) {
    boolean ordered = formula != formulas.all && at != null;
    Key key = new Key(formula, ordered ? at : null);
    Integer known = rules.get(key);
    if (known == null) {
      if (rules.size() > MAX_RULES) {
        throw new GrammarException(
            "#: the schema needs more than "
                + MAX_RULES
                + " rules; use fewer combinations of its subschemas");
      }
      known = net.rule(at == null ? "value" : at.pointer());
      rules.put(key, known);
      todo.add(new Todo(known, key));
    }
    return known;
  }

  /** Writes all rules that were asked for. */
  void write() {
    while (!todo.isEmpty()) {
      Todo next = todo.poll();
      write(next.rule, next.key.formula, next.key.order);
    }
  }

  private void write(int rule, Formula f, @Nullable Location at) {
    int from = net.entry(rule);
    int to = net.state();
    net.accept(to);
    if (meaning.holds(f, Formula.NULL)) {
      net.empty(net.text(from, "null"), to);
    }
    if (meaning.holds(f, Formula.TRUE)) {
      net.empty(net.text(from, "true"), to);
    }
    if (meaning.holds(f, Formula.FALSE)) {
      net.empty(net.text(from, "false"), to);
    }
    Dfa number = meaning.numbers(f);
    if (!number.isEmpty()) {
      net.call(from, number(number), to);
    }
    Dfa string = meaning.strings(f);
    if (!string.isEmpty()) {
      net.call(from, string(string), to);
    }
    for (Set<Formula> clause : meaning.clauses(f, Formula.ARRAY)) {
      arrays.write(clause, at, from, to);
    }
    for (Set<Formula> clause : meaning.clauses(f, Formula.OBJECT)) {
      objects.write(clause, at, from, to);
    }
  }

  /** The rule for strings in quotes. */
  int string(Dfa string) {
    Dfa written = writable.isAll() ? string : string.intersect(writable);
    return strings.computeIfAbsent(written, texts::string);
  }

  private int number(Dfa set) {
    Dfa texts =
        set.equals(numbers.universe())
            ? Numbers.ANY_NUMBER
            : use == JsonSchema.Use.WRITE ? numbers.written(set) : set;
    return plain.computeIfAbsent(texts, key -> key.rule(net, "number"));
  }

  /** Optional white space, then the character, then optional white space. */
  void mark(int from, char c, int to) {
    int before = net.state();
    int after = net.state();
    space(from, before);
    net.bytes(before, c, c, after);
    space(after, to);
  }

  /** Optional white space. */
  void space(int from, int to) {
    net.call(from, texts.space(), to);
  }

  /** Notes that members' names must differ for an object to be counted right. */
  void needDistinctNames() {
    distinctNames = true;
  }

  boolean needsDistinctNames() {
    return distinctNames;
  }
}
