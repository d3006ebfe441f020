package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code pprint.pformat}: dicts with sorted keys, what is wider than 80 on more lines. */
final class PrettyPrint {
  private static final int WIDTH = 80;

  private final Rendering r;
  private final StringBuilder out = new StringBuilder();

  private PrettyPrint(Rendering r) {
    this.r = r;
  }

  static String format(Rendering r, Object value) {
    PrettyPrint p = new PrettyPrint(r);
    p.write(value, 0, 0);
    r.allocate(p.out.length());
    return p.out.toString();
  }

  private void write(Object v, int indent, int allowance) {
    String flat = Repr.of(r, sorted(v));
    if (flat.codePointCount(0, flat.length()) <= WIDTH - indent - allowance) {
      out.append(flat);
      return;
    }
    r.enter();
    if (v instanceof DictValue d) {
      dict(d, indent, allowance);
    } else if (v instanceof ListValue l && !l.items().isEmpty()) {
      out.append('[');
      items(l.items(), indent + 1, allowance + 1);
      out.append(']');
    } else if (v instanceof TupleValue t && !t.items().isEmpty()) {
      out.append('(');
      boolean single = t.items().size() == 1;
      items(t.items(), indent + 1, allowance + (single ? 2 : 1));
      out.append(single ? ",)" : ")");
    } else if (v instanceof Text t) {
      text(t, indent, allowance);
    } else {
      out.append(flat);
    }
    r.leave();
  }

  private void newLine(int indent) {
    out.append('\n');
    for (int i = 0; i < indent; i++) {
      out.append(' ');
    }
  }

  private void items(List<Object> items, int indent, int allowance) {
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(',');
        newLine(indent);
      }
      write(items.get(i), indent, i + 1 < items.size() ? 1 : allowance);
    }
  }

  private void dict(DictValue d, int indent, int allowance) {
    out.append('{');
    List<DictValue.Entry> entries = entries(d);
    for (int i = 0; i < entries.size(); i++) {
      if (i > 0) {
        out.append(',');
        newLine(indent + 1);
      }
      String key = Repr.of(r, entries.get(i).key);
      out.append(key).append(": ");
      int at = indent + 1 + key.codePointCount(0, key.length()) + 2;
      write(entries.get(i).value, at, i + 1 < entries.size() ? 1 : allowance + 1);
    }
    out.append('}');
  }

  private List<DictValue.Entry> entries(DictValue d) {
    List<Object[]> keyed = new ArrayList<>();
    d.entries.values().forEach(e -> keyed.add(new Object[] {e.key, e}));
    boolean sortable = keyed.stream().allMatch(pair -> pair[0] instanceof Text);
    if (sortable) {
      Operators.sort(r, keyed, false);
    }
    List<DictValue.Entry> entries = new ArrayList<>();
    keyed.forEach(pair -> entries.add((DictValue.Entry) pair[1]));
    return entries;
  }

  /** The value with the keys of its dicts in order. */
  private Object sorted(Object v) {
    r.enter();
    Object result = v;
    if (v instanceof DictValue d) {
      DictValue sorted = new DictValue();
      entries(d).forEach(e -> sorted.put(e.key, sorted(e.value)));
      result = sorted;
    } else if (v instanceof ListValue l) {
      List<Object> items = new ArrayList<>();
      l.items().forEach(item -> items.add(sorted(item)));
      result = new ListValue(items);
    } else if (v instanceof TupleValue t) {
      List<Object> items = new ArrayList<>();
      t.items().forEach(item -> items.add(sorted(item)));
      result = TupleValue.of(items);
    }
    r.leave();
    return result;
  }

  /** A long text is cut between words into several literals. */
  private void text(Text t, int indent, int allowance) {
    List<String> chunks = new ArrayList<>();
    List<Object> lines = TextSearch.lines(r, t, true);
    boolean top = indent == 0;
    int at = top ? indent + 1 : indent;
    int room = top ? allowance + 1 : allowance;
    for (int i = 0; i < lines.size(); i++) {
      boolean lastLine = i == lines.size() - 1;
      line(chunks, lines.get(i).toString(), WIDTH - at, lastLine ? room : 0);
    }
    boolean several = chunks.size() > 1;
    if (several && top) {
      out.append('(');
    }
    for (int i = 0; i < chunks.size(); i++) {
      if (i > 0) {
        newLine(at);
      }
      out.append(chunks.get(i));
    }
    if (several && top) {
      out.append(')');
    }
  }

  private static String quoted(String s) {
    StringBuilder b = new StringBuilder();
    Repr.quoted(b, s);
    return b.toString();
  }

  private void line(List<String> chunks, String line, int width, int room) {
    String whole = quoted(line);
    if (whole.length() <= width - room) {
      chunks.add(whole);
      return;
    }
    String current = "";
    int at = 0;
    while (at < line.length()) {
      int end = at;
      while (end < line.length() && !Characters.isSpace(line.charAt(end))) {
        end++;
      }
      while (end < line.length() && Characters.isSpace(line.charAt(end))) {
        end++;
      }
      r.step(1 + current.length());
      String candidate = current + line.substring(at, end);
      boolean last = end == line.length();
      if (quoted(candidate).length() > width - (last ? room : 0)) {
        if (!current.isEmpty()) {
          chunks.add(quoted(current));
        }
        current = line.substring(at, end);
      } else {
        current = candidate;
      }
      at = end;
    }
    if (!current.isEmpty()) {
      chunks.add(quoted(current));
    }
  }
}
