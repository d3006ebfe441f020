package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. */
final class TextMethods {
  /** A method, given the string it is called on. */
  @FunctionalInterface
  interface Method {
    Object call(Rendering r, Text self, Args args);
  }

  static final Map<String, Method> ALL = new HashMap<>();

  private TextMethods() {}

  private static void change(String name, java.util.function.UnaryOperator<String> change) {
    Params none = Params.of("str." + name, 0);
    ALL.put(
        name,
        (r, self, args) -> {
          none.bind(args);
          r.allocate(self.units());
          return self.map(change);
        });
  }

  private static void is(String name, java.util.function.Predicate<String> test) {
    Params none = Params.of("str." + name, 0);
    ALL.put(
        name,
        (r, self, args) -> {
          none.bind(args);
          r.step(1 + (self.units() >> 4));
          return test.test(self.string());
        });
  }

  private static void isAll(String name, IntPredicate test) {
    is(name, s -> !s.isEmpty() && s.codePoints().allMatch(test));
  }

  static {
    change("upper", s -> s.toUpperCase(Locale.ROOT));
    change("lower", s -> s.toLowerCase(Locale.ROOT));
    change("title", TextMethods::title);
    change("capitalize", TextMethods::capitalize);
    change("swapcase", TextMethods::swapCase);
    change("casefold", TextMethods::foldCase);

    isAll("isalpha", Characters::isAlpha);
    isAll("isdigit", Characters::isDigit);
    isAll("isdecimal", Characters::isDecimal);
    isAll("isnumeric", Characters::isNumeric);
    isAll("isalnum", Characters::isAlphanumeric);
    isAll("isspace", Characters::isSpace);
    is("isprintable", s -> s.codePoints().allMatch(Characters::isPrintable));
    is("isascii", s -> s.codePoints().allMatch(c -> c < 0x80));
    is("isidentifier", Characters::isIdentifier);
    is("islower", TextMethods::isLower);
    is("isupper", TextMethods::isUpper);
    is("istitle", TextMethods::isTitle);

    strip("strip", true, true);
    strip("lstrip", true, false);
    strip("rstrip", false, true);

    Params split = Params.of("split", 0, "sep", "maxsplit");
    ALL.put("split", (r, self, args) -> split(r, self, split.bind(args), false));
    Params rsplit = Params.of("rsplit", 0, "sep", "maxsplit");
    ALL.put("rsplit", (r, self, args) -> split(r, self, rsplit.bind(args), true));
    Params lines = Params.of("splitlines", 0, "keepends");
    ALL.put(
        "splitlines",
        (r, self, args) -> {
          Object keep = lines.bind(args)[0];
          return r.list(TextSearch.lines(r, self, keep != null && Values.intArgument(keep) != 0));
        });
    Params replace = Params.of("replace", 2, "/old", "/new", "/count");
    ALL.put(
        "replace",
        (r, self, args) -> {
          @Nullable Object[] a = replace.bind(args);
          Text old = argument("replace", 1, a[0]);
          Text with = argument("replace", 2, a[1]);
          int count = a[2] == null ? -1 : Values.intArgument(a[2]);
          return TextSearch.replace(r, self, old, with, count);
        });
    Params join = Params.of("str.join", 1, "/iterable");
    ALL.put("join", (r, self, args) -> join(r, self, Values.orNone(join.bind(args)[0])));
    ALL.put("format", BraceFormat::format);
    Params map = Params.of("str.format_map", 1, "/mapping");
    ALL.put(
        "format_map",
        (r, self, args) -> BraceFormat.formatMap(r, self, Values.orNone(map.bind(args)[0])));

    starts("startswith", true);
    starts("endswith", false);
    search("find", true, false);
    search("rfind", false, false);
    search("index", true, true);
    search("rindex", false, true);
    Params count = Params.of("count", 1, "/sub", "/start", "/end");
    ALL.put(
        "count",
        (r, self, args) -> {
          @Nullable Object[] a = count.bind(args);
          return TextSearch.count(r, self, argument("count", 1, a[0]), a[1], a[2]);
        });
    Params prefix = Params.of("str.removeprefix", 1, "/prefix");
    ALL.put(
        "removeprefix",
        (r, self, args) -> {
          Text p = argument("removeprefix", 1, prefix.bind(args)[0]);
          boolean has = self.string().startsWith(p.string());
          return has ? self.units(p.units(), self.units()) : self;
        });
    Params suffix = Params.of("str.removesuffix", 1, "/suffix");
    ALL.put(
        "removesuffix",
        (r, self, args) -> {
          Text p = argument("removesuffix", 1, suffix.bind(args)[0]);
          boolean has = self.string().endsWith(p.string());
          return has ? self.units(0, self.units() - p.units()) : self;
        });
    partition("partition", true);
    partition("rpartition", false);
    pad("center");
    pad("ljust");
    pad("rjust");
    Params zfill = Params.of("str.zfill", 1, "/width");
    ALL.put(
        "zfill",
        (r, self, args) -> {
          int missing = Values.intArgument(Values.orNone(zfill.bind(args)[0])) - self.length();
          if (missing <= 0) {
            return self;
          }
          r.allocate((long) missing + self.units());
          char first = self.isEmpty() ? 0 : self.string().charAt(0);
          int sign = first == '+' || first == '-' ? 1 : 0;
          TextBuilder b = r.builder().append(self, 0, sign);
          return b.append(repeat("0", missing), false).append(self, sign, self.units()).build();
        });
    Params tabs = Params.of("expandtabs", 0, "tabsize");
    ALL.put(
        "expandtabs",
        (r, self, args) -> {
          Object size = tabs.bind(args)[0];
          return expandTabs(r, self, size == null ? 8 : Values.intArgument(size));
        });
    Params encode = Params.of("encode", 0, "encoding", "errors");
    ALL.put(
        "encode",
        (r, self, args) -> {
          encode.bind(args);
          throw new JinjaException("Bytes are not offered to templates: 'encode' is refused.");
        });
    ALL.put(
        "translate",
        (r, self, args) -> {
          throw new JinjaException("'translate' is refused: use 'replace'.");
        });
  }

  private static final java.util.Set<String> MARKUP_METHODS =
      java.util.Set.of(
          "capitalize",
          "title",
          "lower",
          "upper",
          "replace",
          "ljust",
          "rjust",
          "lstrip",
          "rstrip",
          "center",
          "strip",
          "expandtabs",
          "swapcase",
          "zfill",
          "partition",
          "rpartition",
          "casefold",
          "removeprefix",
          "removesuffix");

  /** A method of Markup: text arguments are escaped, and the result is markup. */
  static Object callOnMarkup(Rendering r, String name, Method method, Text self, Args arguments) {
    if (name.equals("join")) {
      List<Object> items = new ArrayList<>();
      for (Object item :
          Values.items(r, Values.orNone(Params.of("join", 1, "/seq").bind(arguments)[0]))) {
        items.add(MarkupFilters.escape(r, Values.softStr(r, item)));
      }
      return ((Text) join(r, self, new ListValue(items))).asMarkup();
    }
    if (!MARKUP_METHODS.contains(name)) {
      Object result = method.call(r, self, arguments);
      boolean keeps = name.equals("format") || name.equals("format_map");
      return result instanceof Text t && !keeps ? t.plain() : result;
    }
    Args escaped = arguments.copy();
    escaped.positional().replaceAll(a -> a instanceof Text t ? MarkupFilters.escape(r, t) : a);
    escaped.named().replaceAll((key, a) -> a instanceof Text t ? MarkupFilters.escape(r, t) : a);
    Object result = method.call(r, self, escaped);
    if (result instanceof TupleValue parts) {
      List<Object> marked = new ArrayList<>();
      parts.items().forEach(part -> marked.add(((Text) part).asMarkup()));
      return TupleValue.of(marked);
    }
    return result instanceof Text t ? t.asMarkup() : result;
  }

  static Text argument(String method, int number, @Nullable Object v) {
    if (v instanceof Text t) {
      return t;
    }
    throw new JinjaException(
        method
            + "() argument "
            + number
            + " must be str, not "
            + Values.typeName(Values.orNone(v)));
  }

  static String repeat(String s, int times) {
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < times; i++) {
      b.append(s);
    }
    return b.toString();
  }

  static String title(String s) {
    StringBuilder b = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      if (inWord) {
        lower(b, s, i - Character.charCount(c), c);
      } else {
        titleCase(b, c);
      }
      inWord = Characters.isCased(c);
    }
    return b.toString();
  }

  static void titleCase(StringBuilder b, int c) {
    int title = Character.toTitleCase(c);
    String upper = new String(Character.toChars(c)).toUpperCase(Locale.ROOT);
    if (title == c && upper.codePointCount(0, upper.length()) > 1) {
      // As in ß: of the upper case, all up to the first letter that has a case.
      int end = 0;
      boolean cased = false;
      while (end < upper.length() && !cased) {
        cased = Characters.isCased(upper.codePointAt(end));
        end += Character.charCount(upper.codePointAt(end));
      }
      b.append(upper, 0, end).append(upper.substring(end).toLowerCase(Locale.ROOT));
    } else {
      b.appendCodePoint(title);
    }
  }

  // A capital sigma depends on where it stands, so it is looked at in place.
  private static void lower(StringBuilder b, String s, int at, int c) {
    if (c == 0x3a3) {
      String before = s.substring(0, at + 1).toLowerCase(Locale.ROOT);
      boolean last = at + 1 >= s.length() || !Characters.isCased(s.codePointAt(at + 1));
      b.append(last ? before.charAt(before.length() - 1) : 'σ');
    } else {
      b.append(new String(Character.toChars(c)).toLowerCase(Locale.ROOT));
    }
  }

  static String capitalize(String s) {
    if (s.isEmpty()) {
      return s;
    }
    int first = Character.charCount(s.codePointAt(0));
    StringBuilder b = new StringBuilder();
    titleCase(b, s.codePointAt(0));
    String lower = s.toLowerCase(Locale.ROOT);
    String head = s.substring(0, first).toLowerCase(Locale.ROOT);
    return b.append(lower.substring(Math.min(head.length(), lower.length()))).toString();
  }

  private static String swapCase(String s) {
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      if (Character.isUpperCase(c)) {
        lower(b, s, i, c);
      } else if (Character.isLowerCase(c)) {
        b.append(new String(Character.toChars(c)).toUpperCase(Locale.ROOT));
      } else {
        b.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return b.toString();
  }

  private static String foldCase(String s) {
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      String upper = new String(Character.toChars(c)).toUpperCase(Locale.ROOT);
      for (int j = 0; j < upper.length(); ) {
        int u = upper.codePointAt(j);
        j += Character.charCount(u);
        b.append(u == 0x130 ? "i̇" : new String(Character.toChars(Character.toLowerCase(u))));
      }
    }
    return b.toString();
  }

  static boolean isLower(String s) {
    return s.codePoints().anyMatch(Character::isLowerCase)
        && s.codePoints().noneMatch(Characters::isTitleOrUpper);
  }

  static boolean isUpper(String s) {
    return s.codePoints().anyMatch(Character::isUpperCase)
        && s.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  private static boolean isTitle(String s) {
    boolean cased = false;
    boolean inWord = false;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      if (Characters.isTitleOrUpper(c)) {
        if (inWord) {
          return false;
        }
        inWord = true;
        cased = true;
      } else if (Character.isLowerCase(c)) {
        if (!inWord) {
          return false;
        }
      } else {
        inWord = false;
      }
    }
    return cased;
  }

  private static void strip(String name, boolean left, boolean right) {
    Params chars = Params.of("str." + name, 0, "/chars");
    ALL.put(
        name,
        (r, self, args) -> {
          r.step(1 + (self.units() >> 6));
          return strip(self, Values.orNone(chars.bind(args)[0]), left, right);
        });
  }

  /** {@code chars} is a text, or None for all white space. */
  static Text strip(Text self, Object chars, boolean left, boolean right) {
    if (chars != None.NONE && !(chars instanceof Text)) {
      throw new JinjaException("strip arg must be None or str");
    }
    String s = self.string();
    String set = chars instanceof Text t ? t.string() : null;
    int from = 0;
    int to = s.length();
    while (left && from < to && stripped(set, s.codePointAt(from))) {
      from += Character.charCount(s.codePointAt(from));
    }
    while (right && to > from && stripped(set, s.codePointBefore(to))) {
      to -= Character.charCount(s.codePointBefore(to));
    }
    return self.units(from, to);
  }

  private static boolean stripped(@Nullable String set, int c) {
    return set == null ? Characters.isSpace(c) : set.indexOf(c) >= 0;
  }

  private static Object split(Rendering r, Text self, @Nullable Object[] a, boolean fromRight) {
    Object separator = Values.orNone(a[0]);
    int most = a[1] == null ? -1 : Values.intArgument(a[1]);
    most = most < 0 ? Integer.MAX_VALUE : most;
    if (separator == None.NONE) {
      return r.list(TextSearch.words(r, self, most, fromRight));
    }
    if (!(separator instanceof Text by)) {
      throw new JinjaException("must be str or None, not " + Values.typeName(separator));
    }
    if (by.isEmpty()) {
      throw new JinjaException("empty separator");
    }
    return r.list(TextSearch.split(r, self, by.string(), most, fromRight));
  }

  static Object join(Rendering r, Text self, Object iterable) {
    if (!Values.isIterable(iterable)) {
      throw new JinjaException("can only join an iterable");
    }
    TextBuilder b = r.builder();
    int n = 0;
    for (Iterator<Object> it = Values.iterate(r, iterable); it.hasNext(); n++) {
      Object item = it.next();
      r.step();
      if (!(item instanceof Text t)) {
        throw new JinjaException(
            "sequence item " + n + ": expected str instance, " + Values.typeName(item) + " found");
      }
      if (n > 0) {
        b.append(self);
      }
      b.append(t);
    }
    return r.build(b);
  }

  private static void starts(String name, boolean start) {
    Params params = Params.of(name, 1, "/prefix", "/start", "/end");
    ALL.put(
        name,
        (r, self, args) -> {
          @Nullable Object[] a = params.bind(args);
          int[] range = TextSearch.range(self, a[1], a[2]);
          List<Object> candidates = new ArrayList<>();
          if (a[0] instanceof TupleValue t) {
            candidates.addAll(t.items());
          } else {
            candidates.add(Values.orNone(a[0]));
          }
          for (Object candidate : candidates) {
            if (!(candidate instanceof Text t)) {
              throw new JinjaException(
                  name
                      + " first arg must be str or a tuple of str, not "
                      + Values.typeName(candidate));
            }
            if (range[0] > range[1] || range[1] - range[0] < t.units()) {
              continue;
            }
            int at = start ? range[0] : range[1] - t.units();
            if (self.string().startsWith(t.string(), at)) {
              return true;
            }
          }
          return false;
        });
  }

  private static void search(String name, boolean forward, boolean must) {
    Params params = Params.of(name, 1, "/sub", "/start", "/end");
    ALL.put(
        name,
        (r, self, args) -> {
          @Nullable Object[] a = params.bind(args);
          Text part = argument(name, 1, a[0]);
          long at = TextSearch.find(r, self, part, a[1], a[2], forward);
          if (at < 0 && must) {
            throw new JinjaException("substring not found");
          }
          return at;
        });
  }

  private static void partition(String name, boolean first) {
    Params params = Params.of("str." + name, 1, "/sep");
    ALL.put(
        name,
        (r, self, args) -> {
          Text by = argument(name, 1, params.bind(args)[0]);
          if (by.isEmpty()) {
            throw new JinjaException("empty separator");
          }
          r.allocate(self.units());
          int at =
              first ? self.string().indexOf(by.string()) : self.string().lastIndexOf(by.string());
          if (at < 0) {
            return first
                ? TupleValue.of(self, Text.EMPTY, Text.EMPTY)
                : TupleValue.of(Text.EMPTY, Text.EMPTY, self);
          }
          int end = at + by.units();
          return TupleValue.of(
              self.units(0, at), self.units(at, end), self.units(end, self.units()));
        });
  }

  private static void pad(String name) {
    Params params = Params.of("str." + name, 1, "/width", "/fillchar");
    ALL.put(
        name,
        (r, self, args) -> {
          @Nullable Object[] a = params.bind(args);
          Text fill = a[1] == null ? Text.untrusted(" ") : argument(name, 2, a[1]);
          if (fill.length() != 1) {
            throw new JinjaException("The fill character must be exactly one character long");
          }
          return pad(r, self, Values.intArgument(Values.orNone(a[0])), fill.string(), name);
        });
  }

  /** {@code center}, {@code ljust} or {@code rjust}. */
  static Text pad(Rendering r, Text self, int width, String fill, String how) {
    int missing = width - self.length();
    if (missing <= 0) {
      return self;
    }
    r.allocate((long) missing + self.units());
    int left =
        switch (how) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return r.builder()
        .append(repeat(fill, left), false)
        .append(self)
        .append(repeat(fill, missing - left), false)
        .build();
  }

  private static Text expandTabs(Rendering r, Text self, int size) {
    TextBuilder b = r.builder();
    int column = 0;
    for (int i = 0; i < self.units(); i++) {
      char c = self.string().charAt(i);
      if (c == '\t') {
        int spaces = size > 0 ? size - column % size : 0;
        r.allocate(spaces);
        b.append(repeat(" ", spaces), false);
        column += spaces;
        continue;
      }
      b.append(self, i, i + 1);
      if (c == '\n' || c == '\r') {
        column = 0;
      } else if (!Character.isLowSurrogate(c)) {
        column++;
      }
    }
    return r.build(b);
  }
}
