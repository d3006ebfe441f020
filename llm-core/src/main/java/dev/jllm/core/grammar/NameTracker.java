package dev.jllm.core.grammar;

import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a JSON text and notices when an object gets a second member of the same name. No grammar
 * of bounded size can say that; where members are counted it matters.
 */
final class NameTracker {
  /** For each object or array that is open: its names so far, null for an array. */
  private @Nullable Set<String>[] open;

  private int depth;
  private boolean inString;
  private boolean escaped;

  /** Whether the next or current string is a name. */
  private boolean name;

  private byte[] text = new byte[32];
  private int length;

  @SuppressWarnings({"unchecked", "rawtypes"})
  NameTracker() {
    open = new Set[8];
  }

  NameTracker copy() {
    NameTracker copy = new NameTracker();
    copy.open = open.clone();
    copy.depth = depth;
    copy.inString = inString;
    copy.escaped = escaped;
    copy.name = name;
    copy.text = text.clone();
    copy.length = length;
    return copy;
  }

  /** Whether a name would be repeated within the bytes. */
  boolean repeats(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '"') {
        return copy().accept(bytes);
      }
    }
    return false;
  }

  /** Follows the bytes; true if a name was repeated. */
  boolean accept(byte[] bytes) {
    boolean repeated = false;
    for (byte b : bytes) {
      repeated |= accept(b);
    }
    return repeated;
  }

  private boolean accept(byte b) {
    if (inString) {
      if (b == '"' && !escaped) {
        inString = false;
        return name && isRepeated();
      }
      escaped = b == '\\' && !escaped;
      if (name) {
        if (length == text.length) {
          text = Arrays.copyOf(text, length * 2);
        }
        text[length++] = b;
      }
      return false;
    }
    switch (b) {
      case '"' -> {
        inString = true;
        length = 0;
      }
      case '{' -> push(Collections.emptySet());
      case '[' -> push(null);
      case '}', ']' -> {
        depth = Math.max(depth - 1, 0);
        name = false;
      }
      case ',' -> name = depth > 0 && open[depth - 1] != null;
      case ':' -> name = false;
      default -> {}
    }
    return false;
  }

  private void push(@Nullable Set<String> names) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, depth * 2);
    }
    open[depth++] = names;
    name = names != null;
  }

  private boolean isRepeated() {
    Set<String> names = depth == 0 ? null : open[depth - 1];
    if (names == null) {
      return false;
    }
    String raw = new String(text, 0, length, StandardCharsets.UTF_8);
    Object decoded;
    try {
      decoded = Json.parse('"' + raw + '"');
    } catch (JsonException e) {
      decoded = raw;
    }
    Set<String> more = new HashSet<>(names); // copies share the sets
    boolean repeated = !more.add(String.valueOf(decoded));
    open[depth - 1] = more;
    return repeated;
  }
}
