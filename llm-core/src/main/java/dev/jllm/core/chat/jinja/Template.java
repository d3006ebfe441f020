package dev.jllm.core.chat.jinja;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A compiled template: Jinja2 3.1 as Hugging Face transformers sets it up for chat templates
 * (sandbox, {@code trim_blocks}, {@code lstrip_blocks}, loop controls, {@code generation}, {@code
 * tojson} as Python's {@code json.dumps}, {@code raise_exception}, {@code strftime_now}), except
 * that lists and dicts may be changed, {@code tojson} takes lazy sequences, and {@code from_json}
 * is there: published templates rely on all three. Immutable and safe for any number of threads.
 */
public final class Template {
  private final Source source;
  private final Statements.Block body;
  private final Symbols symbols;
  private final Symbols.Entry entry;

  private Template(Source source, Statements.Block body, Symbols symbols) {
    this.source = source;
    this.body = body;
    this.symbols = symbols;
    entry = symbols.entry();
  }

  /**
   * Compiles a template.
   *
   * @throws JinjaException if it is not valid, with line and column
   */
  public static Template compile(String template) {
    Source source = Source.of(template);
    try {
      Statements.Block body = new Parser(source).parse();
      Symbols symbols = new Symbols(null);
      body.declare(symbols);
      body.bind(new Binder(source, symbols, false, true, false));
      return new Template(source, body, symbols);
    } catch (StackOverflowError e) {
      throw new JinjaException("The template nests too deeply for this thread's stack.");
    }
  }

  /** Renders within {@link Limits#DEFAULT}, with the system's clock. */
  public Rendered render(Map<String, ? extends @Nullable Object> variables) {
    return render(variables, Limits.DEFAULT, LocalDateTime::now);
  }

  /**
   * Renders the template.
   *
   * @param variables by name: null, Boolean, Number, String (untrusted), {@link Text}, List, Map
   * @param clock what {@code strftime_now} shows
   * @throws JinjaException if the template raises an error or exceeds a limit
   */
  public Rendered render(
      Map<String, ? extends @Nullable Object> variables,
      Limits limits,
      Supplier<LocalDateTime> clock) {
    Map<String, Object> context = new HashMap<>();
    variables.forEach((name, value) -> context.put(name, Conversion.value(value)));
    Rendering r = new Rendering(context, limits, clock);
    TextBuilder out = r.builder();
    try {
      Scope scope = new Scope(r, null, symbols);
      entry.enter(scope);
      body.run(scope, out);
    } catch (JinjaException e) {
      throw source.place(e, r.position);
    } catch (StackOverflowError e) {
      throw source.place(
          new JinjaException("The template nests too deeply for this thread's stack."), r.position);
    }
    return new Rendered(out.build());
  }
}
