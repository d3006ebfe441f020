package dev.jllm.core.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which characters of a rendering are the template's own: in brackets what came from outside. */
class MarksTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "A{{ u }}B # A[<x> y]B",
        "{{ 'A' + u + 'B' }} # A[<x> y]B",
        "{{ 'A' ~ u ~ 1 }} # A[<x> y1]",
        "{{ ('A' ~ u)[0:3] }} # A[<x]",
        "{{ ('A' ~ u ~ 'B')[::-1] }} # B[y >x<]A",
        "{{ (' A' ~ u ~ ' ')|trim|upper }} # A[<X> Y]",
        "{{ (u ~ 'B').lower() }} # [<x> y]b",
        "{{ u.replace('x', 'T') }} # [<]T[> y]",
        "{{ 'AxB'.replace('x', u) }} # A[<x> y]B",
        "{{ [u, 'A']|join('-') }} # [<x> y]-A",
        "{{ ('A ' ~ u).split(' ')|join('/') }} # A/[<x>]/[y]",
        "{{ '%s|%s' % (u, 'A') }} # [<x> y]|A",
        "{{ '{}|{}'.format(u, 'A') }} # [<x> y]|A",
        "{{ {'k': u}|tojson }} # [{\"]k[\": \"<x> y\"}]",
        "{% set s %}A{{ u }}{% endset %}{{ s }} # A[<x> y]",
        "{% macro m(v) %}A{{ v }}{% endmacro %}{{ m(u) }} # A[<x> y]",
        "{% filter upper %}a{{ u }}{% endfilter %} # A[<X> Y]",
        "{{ ('a\\n' ~ u)|indent(1, true) }} # [ ]a\n[ <x> y]",
        "{{ u|string }}{{ [u] }} # [<x> y['<x> y']]",
        "{{ t }}{{ t ~ u }} # TT[<x> y]",
        "{{ n }} # [5]",
        "{{ ('A' ~ u)|title }} # [A<X> Y]",
      })
  void follow(String source, String expected) {
    String template = source.replace("\\n", "\\n");
    StringBuilder shown = new StringBuilder();
    Template.compile(template)
        .render(Map.of("u", "<x> y", "t", Text.trusted("T"), "n", 5))
        .spans()
        .forEach(
            span -> shown.append(span.trusted() ? span.text() : "[" + span.text() + "]"));
    assertEquals(expected, shown.toString());
  }
}
