package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code repr}. */
final class Repr {
  private static final int MAX_DIGITS = 4300;

  private Repr() {}

  static String of(Rendering r, Object v) {
    StringBuilder s = new StringBuilder();
    append(r, s, v);
    r.allocate(s.length());
    return s.toString();
  }

  /** For error messages: no budget is used. */
  static String plain(Object v) {
    if (v instanceof Text || v instanceof String) {
      StringBuilder s = new StringBuilder();
      quoted(s, v.toString());
      return s.toString();
    }
    String s = scalar(v);
    return s == null ? "<" + Values.typeName(v) + ">" : s;
  }

  private static @Nullable String scalar(Object v) {
    if (v instanceof Long) {
      return v.toString();
    } else if (v instanceof Boolean b) {
      return b ? "True" : "False";
    } else if (v == None.NONE) {
      return "None";
    } else if (v instanceof Double d) {
      return FloatText.repr(d);
    } else if (v instanceof BigInteger b) {
      return digits(b);
    } else if (v instanceof Undefined) {
      return "Undefined";
    }
    return null;
  }

  /** The decimal digits of an int; Python refuses more than 4300. */
  static String digits(BigInteger v) {
    if (v.bitLength() < 14_200) {
      return v.toString();
    }
    String s = v.bitLength() > 14_300 ? "" : v.toString();
    if (s.isEmpty() || s.length() - (v.signum() < 0 ? 1 : 0) > MAX_DIGITS) {
      throw new JinjaException(
          "Exceeds the limit (" + MAX_DIGITS + " digits) for integer string conversion");
    }
    return s;
  }

  private static void append(Rendering r, StringBuilder s, Object v) {
    r.step();
    String scalar = scalar(v);
    if (scalar != null) {
      s.append(scalar);
    } else if (v instanceof Text t) {
      r.allocate(t.units());
      s.append(t.isMarkup() ? "Markup(" : "");
      quoted(s, t.string());
      s.append(t.isMarkup() ? ")" : "");
    } else if (v instanceof ListValue l) {
      s.append('[');
      items(r, s, l.items());
      s.append(']');
    } else if (v instanceof TupleValue t) {
      s.append('(');
      items(r, s, t.items());
      s.append(t.items().size() == 1 ? ",)" : ")");
    } else if (v instanceof DictValue d) {
      dict(r, s, d);
    } else if (v instanceof DictView view) {
      s.append(Values.typeName(v)).append("([");
      items(r, s, view.snapshot());
      s.append("])");
    } else if (v instanceof RangeValue range) {
      s.append("range(").append(range.start()).append(", ").append(range.stop());
      if (range.step() != 1) {
        s.append(", ").append(range.step());
      }
      s.append(')');
    } else if (v instanceof Namespace n) {
      s.append("<Namespace ");
      dict(r, s, n.attributes);
      s.append('>');
    } else if (v instanceof LoopVariable || v instanceof Macro) {
      s.append(v);
    } else if (v instanceof Callable.Function f) {
      s.append(f.repr());
    } else if (v instanceof Lazy) {
      s.append("<generator object>");
    } else {
      s.append('<').append(Values.typeName(v)).append(" object>");
    }
  }

  private static void items(Rendering r, StringBuilder s, List<Object> items) {
    r.enter();
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        s.append(", ");
      }
      append(r, s, items.get(i));
    }
    r.leave();
  }

  private static void dict(Rendering r, StringBuilder s, DictValue d) {
    r.enter();
    s.append('{');
    boolean first = true;
    for (DictValue.Entry e : d.entries.values()) {
      if (!first) {
        s.append(", ");
      }
      first = false;
      append(r, s, e.key);
      s.append(": ");
      append(r, s, e.value);
    }
    s.append('}');
    r.leave();
  }

  /** A string literal, in single quotes unless that needs escapes that double quotes do not. */
  static void quoted(StringBuilder s, String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    s.append(quote);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == quote || c == '\\') {
        s.append('\\').append((char) c);
      } else if (c == '\n') {
        s.append("\\n");
      } else if (c == '\t') {
        s.append("\\t");
      } else if (c == '\r') {
        s.append("\\r");
      } else if (c >= ' ' && c < 0x7f) {
        s.append((char) c);
      } else if (Characters.isPrintable(c)) {
        s.appendCodePoint(c);
      } else if (c < 0x100) {
        hex(s.append("\\x"), c, 2);
      } else if (c < 0x10000) {
        hex(s.append("\\u"), c, 4);
      } else {
        hex(s.append("\\U"), c, 8);
      }
    }
    s.append(quote);
  }

  static void hex(StringBuilder s, int v, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      s.append(Character.forDigit(v >>> shift & 15, 16));
    }
  }
}
