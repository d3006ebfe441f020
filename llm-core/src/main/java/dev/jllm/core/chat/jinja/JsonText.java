package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}. */
final class JsonText {
  private final Rendering r;
  private final TextBuilder out;
  private final boolean ascii;
  private final boolean sortKeys;
  private final @Nullable Text indent;
  private final Text itemSeparator;
  private final Text keySeparator;

  private JsonText(Rendering r, @Nullable Object[] a) {
    this.r = r;
    out = r.builder();
    ascii = a[0] != null && Values.truth(a[0]);
    sortKeys = a[3] != null && Values.truth(a[3]);
    Object width = Values.orNone(a[1]);
    if (width == None.NONE) {
      indent = null;
    } else if (width instanceof Text t) {
      indent = t;
    } else {
      int n = Math.max(0, Values.intArgument(width));
      r.allocate(n);
      indent = Text.untrusted(TextMethods.repeat(" ", n));
    }
    Object separators = Values.orNone(a[2]);
    if (separators == None.NONE) {
      itemSeparator = Text.untrusted(indent == null ? ", " : ",");
      keySeparator = Text.untrusted(": ");
    } else {
      List<Object> two = Values.items(r, separators);
      if (two.size() != 2) {
        throw new JinjaException("separators must be a pair of texts");
      }
      itemSeparator = Values.text(two.get(0), "separator");
      keySeparator = Values.text(two.get(1), "separator");
    }
  }

  /**
   * The arguments of {@code tojson}: ensure_ascii, indent, separators, sort_keys. A lazy sequence
   * is written as a list.
   */
  static Text of(Rendering r, Object value, @Nullable Object[] arguments) {
    JsonText json = new JsonText(r, arguments);
    json.write(value, 0);
    return r.build(json.out);
  }

  private void write(Object v, int depth) {
    r.step();
    if (v instanceof Text t) {
      string(t);
    } else if (v instanceof ListValue l) {
      items(l.items().iterator(), depth);
    } else if (v instanceof TupleValue t) {
      items(t.items().iterator(), depth);
    } else if (v instanceof DictValue d) {
      dict(d, depth);
    } else if (v instanceof Lazy lazy) {
      items(lazy.items(), depth);
    } else if (v instanceof DictView view) {
      items(view.snapshot().iterator(), depth);
    } else {
      String scalar = scalar(v);
      if (scalar == null) {
        throw new JinjaException(
            "Object of type " + Values.typeName(v) + " is not JSON serializable");
      }
      plain(scalar);
    }
  }

  private static @Nullable String scalar(Object v) {
    if (v == None.NONE) {
      return "null";
    } else if (v instanceof Boolean b) {
      return b ? "true" : "false";
    } else if (v instanceof Double d) {
      return d.isNaN()
          ? "NaN"
          : d.isInfinite() ? (d > 0 ? "Infinity" : "-Infinity") : FloatText.repr(d);
    } else if (v instanceof Long) {
      return v.toString();
    }
    return v instanceof BigInteger b ? Repr.digits(b) : null;
  }

  private void plain(String s) {
    out.append(s, false);
  }

  private void newLine(int depth) {
    if (indent != null) {
      plain("\n");
      for (int i = 0; i < depth; i++) {
        out.append(indent);
      }
    }
  }

  private void items(Iterator<Object> items, int depth) {
    r.enter();
    if (!items.hasNext()) {
      plain("[]");
      r.leave();
      return;
    }
    plain("[");
    boolean first = true;
    while (items.hasNext()) {
      if (!first) {
        out.append(itemSeparator);
      }
      first = false;
      newLine(depth + 1);
      write(items.next(), depth + 1);
    }
    newLine(depth);
    plain("]");
    r.leave();
  }

  private void dict(DictValue d, int depth) {
    r.enter();
    if (d.size() == 0) {
      plain("{}");
      r.leave();
      return;
    }
    plain("{");
    boolean first = true;
    for (DictValue.Entry e : entries(d)) {
      if (!first) {
        out.append(itemSeparator);
      }
      first = false;
      newLine(depth + 1);
      string(key(e.key));
      out.append(keySeparator);
      write(e.value, depth + 1);
    }
    newLine(depth);
    plain("}");
    r.leave();
  }

  private List<DictValue.Entry> entries(DictValue d) {
    List<DictValue.Entry> entries = new ArrayList<>(d.entries.values());
    if (sortKeys) {
      List<Object[]> keyed = new ArrayList<>();
      entries.forEach(e -> keyed.add(new Object[] {e.key, e}));
      Operators.sort(r, keyed, false);
      entries.clear();
      keyed.forEach(pair -> entries.add((DictValue.Entry) pair[1]));
    }
    return entries;
  }

  private static Text key(Object key) {
    if (key instanceof Text t) {
      return t;
    }
    String scalar = scalar(key);
    if (scalar == null) {
      throw new JinjaException(
          "keys must be str, int, float, bool or None, not " + Values.typeName(key));
    }
    return Text.untrusted(scalar);
  }

  private void string(Text t) {
    String s = t.string();
    plain("\"");
    int from = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && !(ascii && c > '~')) {
        continue;
      }
      data(t, from, i);
      from = i + 1;
      switch (c) {
        case '"' -> plain("\\\"");
        case '\\' -> plain("\\\\");
        case '\n' -> plain("\\n");
        case '\r' -> plain("\\r");
        case '\t' -> plain("\\t");
        case '\f' -> plain("\\f");
        case '\b' -> plain("\\b");
        default -> {
          StringBuilder escape = new StringBuilder("\\u");
          Repr.hex(escape, c, 4);
          plain(escape.toString());
        }
      }
    }
    data(t, from, s.length());
    plain("\"");
  }

  private void data(Text t, int from, int to) {
    out.append(t, from, to);
  }
}
