package dev.jllm.core.grammar.schema;

import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.grammar.regex.Regex;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The values of {@code format} that are regular, as RFC 3339, 4122, 5321, 1123, 3986 … define. */
final class Formats {
  private static final String DATE =
      "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
          + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
  private static final String TIME =
      "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?"
          + "(?:[zZ]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final String IPV4 = BYTE + "(?:\\." + BYTE + "){3}";
  private static final String ATEXT = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String HEX = "%[0-9a-fA-F]{2}";
  private static final String PCHAR = "(?:[a-zA-Z0-9._~!$&'()*+,;=:@-]|" + HEX + ")";
  private static final String TAIL = "(?:\\?(?:" + PCHAR + "|[/?])*)?(?:#(?:" + PCHAR + "|[/?])*)?";
  private static final String AUTHORITY =
      "//(?:(?:[a-zA-Z0-9._~!$&'()*+,;=:-]|"
          + HEX
          + ")*@)?"
          + "(?:\\[(?:"
          + ipv6()
          + ")\\]|(?:[a-zA-Z0-9._~!$&'()*+,;=-]|"
          + HEX
          + ")*)(?::[0-9]*)?";
  private static final String ABSOLUTE = "(?:/" + PCHAR + "*)*";
  private static final String URI =
      "[a-zA-Z][a-zA-Z0-9+.-]*:(?:"
          + AUTHORITY
          + ABSOLUTE
          + "|/(?:"
          + PCHAR
          + "+"
          + ABSOLUTE
          + ")?|"
          + PCHAR
          + "+"
          + ABSOLUTE
          + "|)"
          + TAIL;
  private static final String RELATIVE =
      "(?:"
          + AUTHORITY
          + ABSOLUTE
          + "|/(?:"
          + PCHAR
          + "+"
          + ABSOLUTE
          + ")?|(?:[a-zA-Z0-9._~!$&'()*+,;=@-]|"
          + HEX
          + ")+"
          + ABSOLUTE
          + "|)"
          + TAIL;
  private static final String POINTER = "(?:/(?:[^~/]|~[01])*)*";

  private static final Map<String, String> EXPRESSIONS = new HashMap<>();

  static {
    EXPRESSIONS.put("date", DATE);
    EXPRESSIONS.put("time", TIME);
    EXPRESSIONS.put("date-time", DATE + "[tT]" + TIME);
    EXPRESSIONS.put(
        "duration",
        "P(?:[0-9]+W|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
            + "(?:T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?"
            + "|T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))");
    EXPRESSIONS.put("uuid", "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    EXPRESSIONS.put("hostname", LABEL + "(?:\\." + LABEL + ")*");
    EXPRESSIONS.put("email", ATEXT + "(?:\\." + ATEXT + ")*@" + LABEL + "(?:\\." + LABEL + ")*");
    EXPRESSIONS.put("ipv4", IPV4);
    EXPRESSIONS.put("ipv6", ipv6());
    EXPRESSIONS.put("uri", URI);
    EXPRESSIONS.put("uri-reference", "(?:" + URI + ")|(?:" + RELATIVE + ")");
    EXPRESSIONS.put("json-pointer", POINTER);
    EXPRESSIONS.put("relative-json-pointer", "(?:0|[1-9][0-9]*)(?:#|" + POINTER + ")");
  }

  /** What was compiled before; as many as there are formats. */
  private static final Map<String, Dfa> KNOWN = new ConcurrentHashMap<>();

  private Formats() {}

  private static String ipv6() {
    String h = "[0-9a-fA-F]{1,4}";
    String last = "(?:" + h + ":" + h + "|" + IPV4 + ")";
    StringBuilder out = new StringBuilder("(?:" + h + ":){6}" + last);
    // One "::" with up to 7 groups left of it and what fits right of it.
    for (int left = 0; left <= 7; left++) {
      String before = left == 0 ? "" : "(?:" + h + "(?::" + h + "){0," + (left - 1) + "})?";
      int right = 7 - left;
      String after;
      if (right == 0) {
        after = "";
      } else if (right == 1) {
        after = h;
      } else {
        after = "(?:" + h + ":){" + (right - 2) + "}" + last;
      }
      out.append('|').append(before).append("::").append(after);
    }
    return out.toString();
  }

  /** The strings of a format, null for a format that is not known or not regular. */
  static @Nullable Dfa of(String name) {
    String expression = EXPRESSIONS.get(name);
    return expression == null ? null : KNOWN.computeIfAbsent(name, key -> Regex.whole(expression));
  }
}
