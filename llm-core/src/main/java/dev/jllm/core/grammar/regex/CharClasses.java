package dev.jllm.core.grammar.regex;

import dev.jllm.core.grammar.automaton.CharSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The named character classes of ECMA 262. */
final class CharClasses {
  static final CharSet DIGIT = CharSet.range('0', '9');
  static final CharSet WORD =
      DIGIT.union(CharSet.range('a', 'z')).union(CharSet.range('A', 'Z')).union(CharSet.of('_'));
  static final CharSet SPACE =
      CharSet.range(9, 13)
          .union(CharSet.range(0x2000, 0x200A))
          .union(CharSet.anyOf(" \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"));
  static final CharSet LINE = CharSet.anyOf("\n\r\u2028\u2029").complement();

  /** General categories: their names, short and long, and the Java constants that make them up. */
  private static final String[][] CATEGORIES = {
    {"Lu", "Uppercase_Letter", "1"},
    {"Ll", "Lowercase_Letter", "2"},
    {"Lt", "Titlecase_Letter", "3"},
    {"Lm", "Modifier_Letter", "4"},
    {"Lo", "Other_Letter", "5"},
    {"L", "Letter", "1 2 3 4 5"},
    {"LC", "Cased_Letter", "1 2 3"},
    {"Mn", "Nonspacing_Mark", "6"},
    {"Me", "Enclosing_Mark", "7"},
    {"Mc", "Spacing_Mark", "8"},
    {"M", "Mark", "6 7 8"},
    {"Nd", "Decimal_Number", "9"},
    {"Nl", "Letter_Number", "10"},
    {"No", "Other_Number", "11"},
    {"N", "Number", "9 10 11"},
    {"Zs", "Space_Separator", "12"},
    {"Zl", "Line_Separator", "13"},
    {"Zp", "Paragraph_Separator", "14"},
    {"Z", "Separator", "12 13 14"},
    {"Cc", "Control", "15"},
    {"Cf", "Format", "16"},
    {"Co", "Private_Use", "18"},
    {"Cs", "Surrogate", "19"},
    {"Cn", "Unassigned", "0"},
    {"C", "Other", "0 15 16 18 19"},
    {"Pd", "Dash_Punctuation", "20"},
    {"Ps", "Open_Punctuation", "21"},
    {"Pe", "Close_Punctuation", "22"},
    {"Pc", "Connector_Punctuation", "23"},
    {"Po", "Other_Punctuation", "24"},
    {"Pi", "Initial_Punctuation", "29"},
    {"Pf", "Final_Punctuation", "30"},
    {"P", "Punctuation", "20 21 22 23 24 29 30"},
    {"Sm", "Math_Symbol", "25"},
    {"Sc", "Currency_Symbol", "26"},
    {"Sk", "Modifier_Symbol", "27"},
    {"So", "Other_Symbol", "28"},
    {"S", "Symbol", "25 26 27 28"},
  };

  private static final Map<String, CharSet> KNOWN = new ConcurrentHashMap<>();

  private CharClasses() {}

  /** The code points with a Unicode property, null for one that is not known here. */
  static @Nullable CharSet property(String name) {
    if (name.equals("Any")) {
      return CharSet.ALL;
    }
    if (name.equals("ASCII")) {
      return CharSet.range(0, 127);
    }
    String value = name;
    int equals = name.indexOf('=');
    if (equals >= 0) {
      String key = name.substring(0, equals);
      value = name.substring(equals + 1);
      if (key.equals("Script") || key.equals("sc")) {
        return script(value);
      }
      if (!key.equals("General_Category") && !key.equals("gc")) {
        return null;
      }
    }
    for (String[] category : CATEGORIES) {
      if (value.equals(category[0]) || value.equals(category[1])) {
        return KNOWN.computeIfAbsent(category[0], key -> category(category[2]));
      }
    }
    return null;
  }

  private static CharSet category(String types) {
    long wanted = 0;
    for (String type : types.split(" ")) {
      wanted |= 1L << Integer.parseInt(type);
    }
    long mask = wanted;
    return where(c -> (mask >> Character.getType(c) & 1) != 0);
  }

  private static @Nullable CharSet script(String name) {
    Character.UnicodeScript script;
    try {
      script = Character.UnicodeScript.forName(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
    return KNOWN.computeIfAbsent(
        "Script=" + script, key -> where(c -> Character.UnicodeScript.of(c) == script));
  }

  private static CharSet where(IntPredicate wanted) {
    CharSet set = CharSet.NONE;
    int start = -1;
    for (int c = 0; c <= CharSet.MAX + 1; c++) {
      boolean in = c <= CharSet.MAX && wanted.test(c);
      if (in && start < 0) {
        start = c;
      } else if (!in && start >= 0) {
        set = set.union(CharSet.range(start, c - 1));
        start = -1;
      }
    }
    return set;
  }
}
