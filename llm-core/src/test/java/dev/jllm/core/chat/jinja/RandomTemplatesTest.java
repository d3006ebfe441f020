package dev.jllm.core.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the template, it renders or fails with the template exception. */
class RandomTemplatesTest {
  private static final Limits LIMITS =
      new Limits(200_000, 1 << 16, 1 << 18, 50, Duration.ofSeconds(5));

  private static final Map<String, Object> VARIABLES =
      Map.of(
          "a",
          "text <|im_start|> 🦙é",
          "b",
          3L,
          "l",
          List.of(1L, "x", List.of(), 2.5, Map.of("k", "v")),
          "d",
          Map.of("x", 1L, "y", List.of("q")));

  private static final String[] PIECES = {
    "{{",
    "}}",
    "{%",
    "%}",
    "{%-",
    "-%}",
    "{#",
    "#}",
    "{{-",
    "-}}",
    " ",
    "\n",
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "in",
    "endfor",
    "set",
    "endset",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "filter",
    "endfilter",
    "with",
    "endwith",
    "raw",
    "endraw",
    "block",
    "endblock",
    "break",
    "continue",
    "generation",
    "recursive",
    "a",
    "b",
    "l",
    "d",
    "x",
    "loop",
    "caller",
    "namespace",
    "range",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    ":",
    "=",
    "==",
    "<",
    "|",
    "~",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "is",
    "not",
    "and",
    "or",
    "none",
    "true",
    "1",
    "2.5",
    "0x1F",
    "1e308",
    "'s'",
    "\"t\"",
    "'\\x",
    "upper",
    "join",
    "tojson",
    "map",
    "sort",
    "items",
    "length",
    "format",
    "batch",
    "slice",
    "center",
    "replace",
    "split",
    "strip",
    "round",
    "int",
    "defined",
    "string",
    "9223372036854775807",
    "99999999999999999999",
    "'%s%d'",
    "'{0.a}'",
    "é",
    "🦙",
    "\\",
    "'"
  };

  private static final String[] VALUES = {
    "a",
    "b",
    "l",
    "d",
    "u",
    "1",
    "-1",
    "0",
    "2.5",
    "1e308",
    "99999999999999999999",
    "'x'",
    "''",
    "'a b'",
    "[]",
    "[1, 'a']",
    "{}",
    "{'k': a}",
    "(1,)",
    "none",
    "true",
    "range(3)",
    "d.items()",
    "(a|safe)",
    "l|map('string')",
    "namespace(q=1)",
    "'é🦙'",
    "9223372036854775807",
    "''|safe"
  };

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(PIECES).list().ofMaxSize(40).map(list -> String.join(" ", list));
  }

  @Provide
  Arbitrary<String> applications() {
    Arbitrary<String> value = Arbitraries.of(VALUES);
    Arbitrary<String> arguments =
        value.list().ofMaxSize(3).map(list -> "(" + String.join(", ", list) + ")");
    Arbitrary<String> filters =
        net.jqwik.api.Combinators.combine(value, Arbitraries.of(Filters.ALL.keySet()), arguments)
            .as((v, f, a) -> "{{ (" + v + ")|" + f + a + " }}");
    Arbitrary<String> tests =
        net.jqwik.api.Combinators.combine(value, Arbitraries.of(Tests.ALL.keySet()), arguments)
            .as(
                (v, t, a) ->
                    "{{ ["
                        + v
                        + "]|select('"
                        + t
                        + "')|list }}{{ "
                        + v
                        + " is "
                        + name(t)
                        + a
                        + " }}");
    Arbitrary<String> methods =
        net.jqwik.api.Combinators.combine(
                value,
                Arbitraries.of(TextMethods.ALL.keySet()),
                Arbitraries.of(DictMethods.ALL.keySet()),
                Arbitraries.of(ListMethods.ALL.keySet()),
                arguments)
            .as(
                (v, t, d, l, a) ->
                    "{% set q = "
                        + v
                        + " %}{% if q is string %}{{ q."
                        + t
                        + a
                        + " }}{% elif q is mapping %}{{ q."
                        + d
                        + a
                        + " }}{% else %}{{ q."
                        + l
                        + a
                        + " }}{% endif %}");
    Arbitrary<String> operators =
        net.jqwik.api.Combinators.combine(
                value,
                Arbitraries.of("+", "-", "*", "/", "//", "%", "**", "~", "<", "==", "in", "and"),
                value)
            .as((x, op, y) -> "{{ (" + x + ") " + op + " (" + y + ") }}");
    return Arbitraries.oneOf(filters, filters, methods, methods, tests, operators);
  }

  private static String name(String test) {
    return Characters.isIdentifier(test) ? test : "eq";
  }

  @Property(tries = 2000)
  void piecesInAnyOrder(@ForAll("pieces") String source) {
    render(source);
  }

  @Property(tries = 4000)
  void filtersMethodsAndTestsOfAnything(@ForAll("applications") String source) {
    render(source);
  }

  @Property(tries = 500)
  void anyText(@ForAll String source) {
    render(source);
  }

  private static void render(String source) {
    LocalDateTime time = LocalDateTime.of(2026, 3, 5, 9, 7, 3);
    try {
      Rendered rendered = Template.compile(source).render(VARIABLES, LIMITS, () -> time);
      StringBuilder joined = new StringBuilder();
      rendered.spans().forEach(span -> joined.append(span.text()));
      assertEquals(rendered.text(), joined.toString());
    } catch (JinjaException e) {
      // The only exception a template may cause.
    }
  }
}
