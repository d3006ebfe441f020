package dev.jllm.core.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A template that never ends, recurses, grows or pries is stopped with a clear error. */
class BoundsTest {
  private static final Limits LIMITS =
      new Limits(1_000_000, 1 << 20, 4 << 20, 100, Duration.ofSeconds(10));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% set l = [1] %}{% for x in l %}{% set _ = l.append(x) %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{{ (((m(n + 1) ~ 1) ~ 2) ~ 3) }}{% endmacro %}{{ m(0) }}",
        "{% for x in [[]] recursive %}{{ loop([x]) }}{% endfor %}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(99) %}"
            + "{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}"
            + "{% set ns.l = ns.l + ns.l %}{% endfor %}",
        "{% set ns = namespace(s='a') %}{% for i in range(99) %}"
            + "{% set ns.s = ns.s.replace('a', 'aaaa') %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ 10 ** 100000000000000000000 }}",
        "{% set ns = namespace(n=7) %}{% for i in range(99) %}"
            + "{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{{ range(1000000000) | list }}",
        "{{ range(-9223372036854775807, 9223372036854775807) | length }}",
        "{{ 'a'.center(2000000000) }}",
        "{{ 'a'.zfill(2000000000) }}",
        "{{ '\\t'.expandtabs(2000000000) }}",
        "{{ '%2000000000d' % 1 }}",
        "{{ '%.2000000000f' % 1.5 }}",
        "{{ '{:2000000000}'.format(1) }}",
        "{{ '{:.999999999f}'.format(1.5) }}",
        "{{ 'a\\nb' | indent(2000000000) }}",
        "{{ [1] | batch(2000000000, 'x') | list }}",
        "{{ [1] | slice(2000000000) | list }}",
        "{{ {'a': 1} | tojson(indent=2000000000) }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}",
        "{% set l = [] %}{% set k = [] %}{% set _ = l.append(l) %}{% set _ = k.append(k) %}"
            + "{{ l == k }}",
        "{% set d = {} %}{% set _ = d.update(a=d) %}{{ d | pprint }}",
        "{{ raise_exception('no') }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{{ lipsum() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ messages.getClass().forName('java.lang.Runtime') }}",
        "{{ 'x'.encode() }}",
      })
  void isStopped(String source) {
    JinjaException e =
        assertThrows(
            JinjaException.class,
            () ->
                Template.compile(source)
                    .render(Map.of("messages", List.of()), LIMITS, LocalDateTime::now));
    assertTrue(e.line() == 1 && e.column() > 0, "no place: " + e.getMessage());
  }

  @Test
  void deepNestingIsRefusedWhenCompiled() {
    for (String s :
        new String[] {"(", "[", "{1:", "not ", "-", "1 if ", "x[", "f(", "1 if 1 else "}) {
      String source = "{{ " + s.repeat(100_000) + " }}";
      assertThrows(JinjaException.class, () -> Template.compile(source), s);
    }
    String blocks = "{% if 1 %}".repeat(10_000) + "{% endif %}".repeat(10_000);
    assertThrows(JinjaException.class, () -> Template.compile(blocks));
  }

  @Test
  void longChainsAreRefusedOrWork() {
    for (String s : new String[] {" + 1", " ~ 1", " | string", " or 0", " and 1", " * 1", ".a"}) {
      String source = "{{ 1" + s.repeat(5_000) + " }}";
      try {
        Template.compile(source).render(Map.of());
      } catch (JinjaException e) {
        assertTrue(e.line() > 0);
      }
    }
  }

  @Test
  void errorsKnowLineAndColumn() {
    JinjaException e =
        assertThrows(
            JinjaException.class,
            () ->
                Template.compile("one\n{% if true %}\n  {{ 'a' + 1 }}{% endif %}")
                    .render(Map.of()));
    assertEquals(3, e.line());
    assertEquals(10, e.column());
    assertTrue(e.getMessage().endsWith("(line 3, column 10)"), e.getMessage());
  }

  @Test
  void raisedMessagesAreExact() {
    JinjaException e =
        assertThrows(
            JinjaException.class,
            () -> Template.compile("\n {{ raise_exception('Roles!') }}").render(Map.of()));
    assertEquals("Roles!", e.getMessage());
    assertTrue(e.raisedByTemplate());
    assertEquals(2, e.line());
  }
}
