package dev.jllm.core.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which characters of a rendering are the template's own: in brackets what came from outside. */
class MarksTest {
  @Test
  void follow() {
    is("A{{ u }}B", "A[<x> y]B");
    is("{{ 'A' + u + 'B' }}", "A[<x> y]B");
    is("{{ 'A' ~ u ~ 1 }}", "A[<x> y1]");
    is("{{ ('A' ~ u)[0:3] }}", "A[<x]");
    is("{{ ('A' ~ u ~ 'B')[::-1] }}", "B[y >x<]A");
    is("{{ (' A' ~ u ~ ' ')|trim|upper }}", "A[<X> Y]");
    is("{{ (u ~ 'B').lower() }}", "[<x> y]b");
    is("{{ u.replace('x', 'T') }}", "[<T> y]");
    is("{{ ('ax' ~ u).replace('x', 'T') }}", "aT[<T> y]");
    is("{{ 'AxB'.replace('x', u) }}", "A[<x> y]B");
    is("{{ [u, 'A']|join('-') }}", "[<x> y]-A");
    is("{{ ('A ' ~ u).split(' ')|join('/') }}", "A/[<x>]/[y]");
    is("{{ '%s|%s' % (u, 'A') }}", "[<x> y]|A");
    is("{{ '{}|{}'.format(u, 'A') }}", "[<x> y]|A");
    is("{{ {'k': u}|tojson }}", "[{\"]k[\": \"<x> y\"}]");
    is("{% set s %}A{{ u }}{% endset %}{{ s }}", "A[<x> y]");
    is("{% macro m(v) %}A{{ v }}{% endmacro %}{{ m(u) }}", "A[<x> y]");
    is("{% filter upper %}a{{ u }}{% endfilter %}", "A[<X> Y]");
    is("{{ ('a\\n' ~ u)|indent(1, true) }}", "[ ]a\n[ <x> y]");
    is("{{ u|string }}{{ [u] }}", "[<x> y['<x> y']]");
    is("{{ t }}{{ t ~ u }}", "TT[<x> y]");
    is("{{ n }}", "[5]");
    is("{{ ('A' ~ u)|title }}", "A[<X> Y]");
  }

  @Test
  void ofSeparatorsStay() {
    is("{{ ('A' ~ u).partition('<')|join('|') }}", "A|[<]|[x> y]");
    is("{{ ('A' ~ u).split('<')|join('|') }}", "A|[x> y]");
  }

  private static void is(String source, String expected) {
    StringBuilder shown = new StringBuilder();
    Template.compile(source)
        .render(Map.of("u", "<x> y", "t", Text.trusted("T"), "n", 5))
        .spans()
        .forEach(span -> shown.append(span.trusted() ? span.text() : "[" + span.text() + "]"));
    assertEquals(expected, shown.toString(), source);
  }
}
