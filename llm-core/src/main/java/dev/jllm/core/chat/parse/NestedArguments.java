package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.OutputFormat.Tags;
import dev.jllm.core.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arguments whose tags are named by their keys and hold further tags: {@code <key>…</key>}, objects
 * as tags of their keys, arrays as {@code <item>} tags, every tag with a prefix that no text has.
 */
final class NestedArguments implements CallReader {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_TAG = 512;

  private final CallSink call;
  private final String prefix;
  private final List<String> stops;
  private boolean any;
  private String key = "";
  private boolean inValue;
  private int scanned;
  private int depth;

  NestedArguments(CallSink call, Tags tags, List<String> stops) {
    this.call = call;
    this.prefix = tags.nested();
    this.stops = stops;
  }

  @Override
  public Status read(Input in) {
    while (true) {
      if (!inValue) {
        in.skipSpace();
        Input.Match stop = in.matchAny(stops, in.at);
        if (stop == Input.Match.YES || in.ended() && in.exhausted()) {
          call.arguments(any ? "}" : "{}");
          return Status.DONE;
        }
        Input.Match begin = in.match(prefix + "<");
        if (stop == Input.Match.MAYBE || begin == Input.Match.MAYBE) {
          return Status.MORE;
        }
        if (begin == Input.Match.NO) {
          return Status.FAILED;
        }
        int close = in.indexOf(">", in.at + prefix.length());
        if ((close < 0 ? in.length() : close) - in.at > MAX_TAG) {
          return Status.FAILED;
        }
        if (close < 0) {
          return Status.MORE;
        }
        key = in.substring(in.at + prefix.length() + 1, close);
        in.at = close + 1;
        inValue = true;
        scanned = 0;
        depth = 0;
      }
      if (!findEnd(in)) {
        return Status.MORE;
      }
    }
  }

  /** Looks for the tag that closes the argument; takes the argument if it came. */
  private boolean findEnd(Input in) {
    while (true) {
      int at = in.indexOf(prefix + "<", in.at + scanned);
      if (at < 0) {
        scanned = Math.max(scanned, in.length() - in.at - prefix.length());
        return false;
      }
      int close = in.indexOf(">", at + prefix.length());
      if (close < 0) {
        scanned = at - in.at;
        return false;
      }
      boolean closing = in.charAt(at + prefix.length() + 1) == '/';
      if (closing && depth == 0) {
        take(in, at);
        in.at = close + 1;
        inValue = false;
        return true;
      }
      depth += closing ? -1 : 1;
      scanned = close + 1 - in.at;
    }
  }

  private void take(Input in, int end) {
    String name = call.name();
    ToolSchemas.Schema schema = call.tools().argument(name == null ? "" : name, key);
    Object value = new Tree(in.substring(in.at, end), prefix).value(schema, 0);
    StringBuilder out = new StringBuilder(any ? "," : "{");
    Json.quote(key, out);
    out.append(':');
    Json.write(value, out);
    any = true;
    call.arguments(out);
  }

  /** A value's text, read by recursive descent. */
  private static final class Tree {
    private final String text;
    private final String open;
    private int at;

    Tree(String text, String prefix) {
      this.text = text;
      this.open = prefix + "<";
    }

    @Nullable Object value(ToolSchemas.Schema schema, int depth) {
      int start = at;
      int tag = next(at);
      if (!opens(tag) || depth > MAX_DEPTH) {
        at = tag;
        return scalar(text.substring(start, tag), schema.types());
      }
      boolean array =
          (schema.types() & ToolSchemas.ARRAY) != 0
              && text.startsWith("item>", tag + open.length());
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      List<@Nullable Object> items = new ArrayList<>();
      while (opens(tag)) {
        int close = text.indexOf('>', tag + open.length());
        String name = text.substring(tag + open.length(), close);
        at = close + 1;
        Object child = value(array ? schema.items() : schema.property(name), depth + 1);
        items.add(child);
        members.put(name, child);
        int closing = text.indexOf('>', Math.min(at + open.length(), text.length()));
        at = closing < 0 ? text.length() : closing + 1;
        tag = next(at);
      }
      at = tag;
      return array ? items : members;
    }

    private int next(int from) {
      int tag = text.indexOf(open, from);
      return tag < 0 ? text.length() : tag;
    }

    private boolean opens(int tag) {
      int name = tag + open.length();
      return name < text.length() && text.charAt(name) != '/' && text.indexOf('>', name) > 0;
    }

    private static @Nullable Object scalar(String text, int types) {
      if (text.trim().isEmpty() && (types & ToolSchemas.STRING) == 0) {
        return (types & ToolSchemas.ARRAY) != 0 ? List.of() : Map.of();
      }
      return Json.parse(ToolSchemas.typed(text, types));
    }
  }
}
