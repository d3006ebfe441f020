package dev.jllm.core.chat.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filters for HTML and addresses. */
final class MarkupFilters {
  private MarkupFilters() {}

  static void addTo(Map<String, Filter> all) {
    Params none = Params.of("escape", 0);
    Filter escape =
        (r, value, args) -> {
          none.bind(args);
          return escape(r, Values.softStr(r, value));
        };
    all.put("e", escape);
    all.put("escape", escape);
    all.put(
        "forceescape",
        (r, value, args) -> {
          none.bind(args);
          return escape(r, Values.str(r, value));
        });
    all.put(
        "safe",
        (r, value, args) -> {
          none.bind(args);
          return Values.softStr(r, value).asMarkup();
        });
    Params strip = Params.of("striptags", 0);
    all.put(
        "striptags",
        (r, value, args) -> {
          strip.bind(args);
          return stripTags(r, Values.str(r, value));
        });
    Params url = Params.of("urlencode", 0);
    all.put(
        "urlencode",
        (r, value, args) -> {
          url.bind(args);
          return urlEncode(r, value);
        });
    Params attributes = Params.of("xmlattr", 0, "autospace");
    all.put(
        "xmlattr",
        (r, value, args) -> {
          Object space = attributes.bind(args)[0];
          return attributes(r, value, space == null || Values.truth(space));
        });
  }

  /** The text as markup; markup stays as it is. */
  static Text escape(Rendering r, Text t) {
    if (t.isMarkup()) {
      return t;
    }
    r.allocate(t.units());
    return t.asMarkup()
        .map(
            s -> {
              StringBuilder b = new StringBuilder();
              for (int i = 0; i < s.length(); i++) {
                char c = s.charAt(i);
                switch (c) {
                  case '&' -> b.append("&amp;");
                  case '<' -> b.append("&lt;");
                  case '>' -> b.append("&gt;");
                  case '"' -> b.append("&#34;");
                  case '\'' -> b.append("&#39;");
                  default -> b.append(c);
                }
              }
              return b.toString();
            });
  }

  private static Text stripTags(Rendering r, Text t) {
    TextBuilder b = r.builder();
    // Comments first, then tags, then blanks.
    Text plain = without(r, without(r, t, "<!--", "-->"), "<", ">");
    List<Object> words = TextSearch.words(r, plain, Integer.MAX_VALUE, false);
    for (int i = 0; i < words.size(); i++) {
      if (i > 0) {
        b.append(" ", false);
      }
      b.append((Text) words.get(i));
    }
    Text joined = r.build(b);
    return joined.string().indexOf('&') < 0 ? joined : joined.map(Entities::decode);
  }

  private static Text without(Rendering r, Text t, String open, String close) {
    String s = t.string();
    TextBuilder b = r.builder();
    int at = 0;
    for (int start = s.indexOf(open); start >= 0; start = s.indexOf(open, at)) {
      int end = s.indexOf(close, start + open.length());
      if (end < 0) {
        break;
      }
      b.append(t, at, start);
      at = end + close.length();
    }
    return r.build(b.append(t, at, s.length()));
  }

  private static Object urlEncode(Rendering r, Object value) {
    if (value instanceof Text || !Values.isIterable(value)) {
      return quote(r, value, false);
    }
    List<Object> pairs =
        value instanceof DictValue d
            ? new DictView(d, DictView.Kind.ITEMS).snapshot()
            : Values.items(r, value);
    List<String> parts = new ArrayList<>();
    for (Object pair : pairs) {
      List<Object> kv = Values.items(r, pair);
      if (kv.size() != 2) {
        throw new JinjaException("too many values to unpack (expected 2)");
      }
      parts.add(quote(r, kv.get(0), true).string() + "=" + quote(r, kv.get(1), true).string());
    }
    return Text.untrusted(String.join("&", parts));
  }

  private static Text quote(Rendering r, Object value, boolean query) {
    byte[] bytes = Values.str(r, value).string().getBytes(StandardCharsets.UTF_8);
    r.allocate(bytes.length * 3L);
    StringBuilder b = new StringBuilder();
    for (byte x : bytes) {
      int c = x & 0xff;
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "_.-~".indexOf(c) >= 0
              || (c == '/' && !query);
      if (plain) {
        b.append((char) c);
      } else if (c == ' ' && query) {
        b.append('+');
      } else {
        b.append('%');
        b.append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        b.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return Text.untrusted(b.toString());
  }

  private static Object attributes(Rendering r, Object value, boolean space) {
    if (!(value instanceof DictValue d)) {
      throw new JinjaException("'" + Values.typeName(value) + "' object has no attribute 'items'");
    }
    TextBuilder b = r.builder();
    for (DictValue.Entry e : d.entries.values()) {
      if (e.value == None.NONE || e.value instanceof Undefined) {
        continue;
      }
      Text key = Values.text(e.key, "attribute name");
      if (key.string().chars().anyMatch(c -> " \t\n\u000b\u000c\r/>=".indexOf(c) >= 0)) {
        throw new JinjaException("Invalid character in attribute name: " + Repr.plain(key));
      }
      if (b.units() > 0 || space) {
        b.append(" ", true);
      }
      b.append(escape(r, key)).append("=\"", true);
      b.append(escape(r, Values.softStr(r, e.value))).append("\"", true);
    }
    return r.build(b);
  }

  /** The entities that a template can meet. */
  static final class Entities {
    private Entities() {}

    private static @Nullable String named(String name) {
      return switch (name) {
        case "amp" -> "&";
        case "lt" -> "<";
        case "gt" -> ">";
        case "quot" -> "\"";
        case "apos" -> "'";
        case "nbsp" -> "\u00a0";
        case "hellip" -> "…";
        case "mdash" -> "—";
        case "ndash" -> "–";
        case "copy" -> "©";
        default -> null;
      };
    }

    static String decode(String s) {
      StringBuilder b = new StringBuilder();
      int at = 0;
      for (int start = s.indexOf('&'); start >= 0; start = s.indexOf('&', at)) {
        b.append(s, at, start);
        int end = s.indexOf(';', start);
        String decoded =
            end < 0 || end - start > 12 ? null : decodeOne(s.substring(start + 1, end));
        if (decoded == null) {
          b.append('&');
          at = start + 1;
        } else {
          b.append(decoded);
          at = end + 1;
        }
      }
      return b.append(s, at, s.length()).toString();
    }

    private static @Nullable String decodeOne(String entity) {
      if (!entity.startsWith("#")) {
        return named(entity);
      }
      boolean hex = entity.startsWith("#x") || entity.startsWith("#X");
      try {
        int c = Integer.parseInt(entity.substring(hex ? 2 : 1), hex ? 16 : 10);
        return c > 0 && Character.isValidCodePoint(c) ? new String(Character.toChars(c)) : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }
  }
}
