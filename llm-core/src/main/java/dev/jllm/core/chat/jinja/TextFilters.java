package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The filters that give text. */
final class TextFilters {
  private TextFilters() {}

  private static void change(Map<String, Filter> all, String name, UnaryOperator<String> change) {
    Params none = Params.of(name, 0);
    all.put(
        name,
        (r, value, args) -> {
          none.bind(args);
          Text t = Values.softStr(r, value);
          r.allocate(t.units());
          return t.map(change);
        });
  }

  static void addTo(Map<String, Filter> all) {
    change(all, "upper", s -> s.toUpperCase(Locale.ROOT));
    change(all, "lower", s -> s.toLowerCase(Locale.ROOT));
    change(all, "capitalize", TextMethods::capitalize);
    change(all, "title", TextFilters::title);
    Filter title = all.get("title");
    all.put("title", (r, value, args) -> title.apply(r, Values.str(r, value), args));
    Params none = Params.of("string", 0);
    all.put(
        "string",
        (r, value, args) -> {
          none.bind(args);
          return Values.softStr(r, value);
        });
    Params trim = Params.of("trim", 0, "chars");
    all.put(
        "trim",
        (r, value, args) -> {
          Object chars = Values.orNone(trim.bind(args)[0]);
          Text t = Values.softStr(r, value);
          r.step(1 + (t.units() >> 6));
          return TextMethods.strip(t, chars, true, true);
        });
    Params replace = Params.of("replace", 2, "old", "new", "count");
    all.put(
        "replace",
        (r, value, args) -> {
          @Nullable Object[] a = replace.bind(args);
          Object count = Values.orNone(a[2]);
          return TextSearch.replace(
              r,
              Values.str(r, value),
              Values.str(r, Values.orNone(a[0])),
              Values.str(r, Values.orNone(a[1])),
              count == None.NONE ? -1 : Values.intArgument(count));
        });
    Params center = Params.of("center", 0, "width");
    all.put(
        "center",
        (r, value, args) -> {
          Object width = center.bind(args)[0];
          int w = width == null ? 80 : Values.intArgument(width);
          Text t = Values.softStr(r, value);
          Text padded = TextMethods.pad(r, t, w, " ", "center");
          return t.isMarkup() ? padded.asMarkup() : padded;
        });
    all.put(
        "format",
        (r, value, args) -> {
          if (args.size() > 0 && !args.named().isEmpty()) {
            throw new JinjaException(
                "can't handle positional and keyword arguments at the same time");
          }
          Object operand = TupleValue.of(args.positional());
          if (!args.named().isEmpty()) {
            DictValue d = new DictValue();
            DictMethods.fill(r, d, new Args(List.of(), args.named()), "format");
            operand = d;
          }
          return PercentFormat.format(r, Values.softStr(r, value), operand);
        });
    Params indent = Params.of("indent", 0, "width", "first", "blank");
    all.put("indent", (r, value, args) -> indent(r, value, indent.bind(args)));
    Params truncate = Params.of("truncate", 0, "length", "killwords", "end", "leeway");
    all.put("truncate", (r, value, args) -> truncate(r, value, truncate.bind(args)));
    Params wrap =
        Params.of("wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens");
    all.put("wordwrap", (r, value, args) -> WordWrap.wrap(r, value, wrap.bind(args)));
    Params words = Params.of("wordcount", 0);
    all.put(
        "wordcount",
        (r, value, args) -> {
          words.bind(args);
          return wordCount(r, Values.str(r, value).string());
        });
    Params pretty = Params.of("pprint", 0);
    all.put(
        "pprint",
        (r, value, args) -> {
          pretty.bind(args);
          return Text.untrusted(PrettyPrint.format(r, value));
        });
    Params json = Params.of("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    all.put("tojson", (r, value, args) -> JsonText.of(r, value, json.bind(args)));
    Params fromJson = Params.of("from_json", 0);
    all.put(
        "from_json",
        (r, value, args) -> {
          fromJson.bind(args);
          return JsonValues.read(r, Values.text(value, "the JSON object"));
        });
  }

  /** Words begin after blanks, hyphens and opening brackets. */
  private static String title(String s) {
    StringBuilder b = new StringBuilder();
    int start = 0;
    for (int i = 0; i <= s.length(); i++) {
      boolean separator = i < s.length() && isWordSeparator(s.charAt(i));
      if (i == s.length() || separator) {
        titleWord(b, s.substring(start, i));
        start = i;
        while (separator && i + 1 < s.length() && isWordSeparator(s.charAt(i + 1))) {
          i++;
        }
        if (separator) {
          b.append(s, start, i + 1);
          start = i + 1;
        }
      }
    }
    return b.toString();
  }

  private static boolean isWordSeparator(char c) {
    return Characters.isSpace(c) || "-({[<".indexOf(c) >= 0;
  }

  private static void titleWord(StringBuilder b, String word) {
    if (!word.isEmpty()) {
      int first = Character.charCount(word.codePointAt(0));
      b.append(word.substring(0, first).toUpperCase(Locale.ROOT));
      b.append(word.substring(first).toLowerCase(Locale.ROOT));
    }
  }

  private static Object indent(Rendering r, Object value, @Nullable Object[] a) {
    Object width = a[0] == null ? 4L : a[0];
    Text indention;
    if (width instanceof Text t) {
      indention = t;
    } else {
      int n = Math.max(0, Values.intArgument(width));
      r.allocate(n);
      indention = Text.untrusted(TextMethods.repeat(" ", n));
    }
    if (value instanceof Undefined u) {
      throw u.fail();
    }
    if (!(value instanceof Text text)) {
      throw new JinjaException(
          "unsupported operand type(s) for +=: '" + Values.typeName(value) + "' and 'str'");
    }
    boolean first = a[1] != null && Values.truth(a[1]);
    boolean blank = a[2] != null && Values.truth(a[2]);
    TextBuilder b = r.builder();
    if (first) {
      b.append(indention);
    }
    // A line end is added first, so that the last line is seen whole.
    Text line = r.builder().append(text).append("\n", true).build();
    List<Object> lines = TextSearch.lines(r, line, false);
    for (int i = 0; i < lines.size(); i++) {
      Text t = (Text) lines.get(i);
      if (i > 0) {
        b.append("\n", true);
        if (blank || !t.isEmpty()) {
          r.step();
          b.append(indention);
        }
      }
      b.append(t);
    }
    Text result = r.build(b);
    return text.isMarkup() ? result.asMarkup() : result;
  }

  private static Object truncate(Rendering r, Object value, @Nullable Object[] a) {
    int length = a[0] == null ? 255 : Values.intArgument(a[0]);
    boolean killWords = a[1] != null && Values.truth(a[1]);
    Text end = a[2] == null ? Text.trusted("...") : Values.text(a[2], "end");
    int leeway = a[3] == null || a[3] == None.NONE ? 5 : Values.intArgument(a[3]);
    if (length < end.length()) {
      throw new JinjaException("expected length >= " + end.length() + ", got " + length);
    }
    if (leeway < 0) {
      throw new JinjaException("expected leeway >= 0, got " + leeway);
    }
    if (Values.length(value) <= (long) length + leeway) {
      return value;
    }
    Text s = Values.text(value, "the text to truncate");
    Text head = s.units(0, s.offset(length - end.length()));
    if (!killWords) {
      int space = head.string().lastIndexOf(' ');
      head = space < 0 ? head : head.units(0, space);
    }
    return Operators.add(r, head, end);
  }

  private static long wordCount(Rendering r, String s) {
    r.step(1 + (s.length() >> 4));
    long n = 0;
    boolean inWord = false;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      boolean word = Characters.isWord(c);
      if (word && !inWord) {
        n++;
      }
      inWord = word;
    }
    return n;
  }

  static List<Object> texts(List<String> strings) {
    List<Object> texts = new ArrayList<>();
    strings.forEach(s -> texts.add(Text.untrusted(s)));
    return texts;
  }
}
