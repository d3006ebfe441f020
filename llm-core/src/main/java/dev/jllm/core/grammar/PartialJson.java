package dev.jllm.core.grammar;

import dev.jllm.core.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is still being written: what is known so far. Text is appended piece by piece; members
 * and elements appear as soon as their value begins to be known, strings grow, numbers and words
 * appear when they have ended. White space and further text after the value are ignored.
 */
public final class PartialJson implements dev.jllm.api.PartialJson {
  private static final int MAX_DEPTH = 512;

  /** An object or array that is open. */
  private static final class Open {
    final @Nullable Map<String, @Nullable Object> map;
    final @Nullable List<@Nullable Object> list;
    @Nullable String name;

    Open(boolean object) {
      map = object ? new LinkedHashMap<>() : null;
      list = object ? null : new ArrayList<>();
    }

    @Nullable Object value() {
      return map != null ? map : list;
    }
  }

  private final Deque<Open> open = new ArrayDeque<>();
  private final StringBuilder token = new StringBuilder();
  private @Nullable Object root;
  private boolean started;
  private boolean complete;
  private boolean inString;
  private boolean escaped;

  /** The text after a backslash and u, still to come. */
  private int hexDigits;

  private int hex;

  /** Whether the current element of an array is a string that grows in place. */
  private boolean placed;

  /**
   * Appends the next piece.
   *
   * @throws IllegalArgumentException if the text is nested deeper than {@value #MAX_DEPTH}
   */
  @Override
  public PartialJson append(CharSequence text) {
    for (int i = 0; i < text.length() && !complete; i++) {
      accept(text.charAt(i));
    }
    if (inString) {
      showString();
    }
    return this;
  }

  /**
   * The value so far: a map, list, string, number, boolean or null; null also before anything is
   * known. It grows with the text, so it is not to be kept or changed.
   */
  @Override
  public @Nullable Object value() {
    return root;
  }

  @Override
  public @Nullable Object snapshot() {
    return copy(root);
  }

  private static @Nullable Object copy(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((name, member) -> copy.put(name, copy(member)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(element -> copy.add(copy(element)));
      return copy;
    }
    return value;
  }

  /** Whether the value has ended. */
  @Override
  public boolean isComplete() {
    return complete;
  }

  private void accept(char c) {
    if (inString) {
      string(c);
      return;
    }
    switch (c) {
      case '"' -> {
        inString = true;
        placed = false;
        token.setLength(0);
      }
      case '{', '[' -> {
        if (open.size() == MAX_DEPTH) {
          throw new IllegalArgumentException("JSON nested deeper than " + MAX_DEPTH);
        }
        Open container = new Open(c == '{');
        put(container.value());
        open.push(container);
      }
      case '}', ']' -> {
        word();
        if (!open.isEmpty()) {
          open.pop();
        }
        complete = open.isEmpty() && started;
      }
      case ',' -> {
        word();
        Open container = open.peek();
        if (container != null) {
          container.name = null;
        }
      }
      case ':' -> {}
      case ' ', '\n', '\r', '\t' -> {
        word();
        complete |= open.isEmpty() && started;
      }
      default -> token.append(c);
    }
  }

  /** Ends a number, true, false or null. */
  private void word() {
    if (token.length() > 0) {
      Object value = null;
      try {
        value = Json.parse(token.toString());
      } catch (IllegalArgumentException e) {
        token.setLength(0);
        return;
      }
      token.setLength(0);
      put(value);
    }
  }

  private void put(@Nullable Object value) {
    Open container = open.peek();
    if (container == null) {
      root = value;
      started = true;
    } else if (container.list != null) {
      container.list.add(value);
    } else if (container.map != null && container.name != null) {
      container.map.put(container.name, value);
    }
  }

  private void string(char c) {
    if (hexDigits > 0) {
      hex = hex << 4 | Math.max(Character.digit(c, 16), 0);
      if (--hexDigits == 0) {
        token.append((char) hex);
      }
    } else if (escaped) {
      escaped = false;
      switch (c) {
        case 'n' -> token.append('\n');
        case 't' -> token.append('\t');
        case 'r' -> token.append('\r');
        case 'b' -> token.append('\b');
        case 'f' -> token.append('\f');
        case 'u' -> {
          hexDigits = 4;
          hex = 0;
        }
        default -> token.append(c);
      }
    } else if (c == '\\') {
      escaped = true;
    } else if (c == '"') {
      endString();
    } else {
      token.append(c);
    }
  }

  private boolean isName() {
    Open container = open.peek();
    return container != null && container.map != null && container.name == null;
  }

  private void endString() {
    inString = false;
    Open container = open.peek();
    if (container != null && isName()) {
      container.name = token.toString();
    } else {
      showString();
      complete = open.isEmpty();
    }
    token.setLength(0);
  }

  /** Shows the string as far as it is known, without half a character. */
  private void showString() {
    if (isName()) {
      return;
    }
    int length = token.length();
    if (length > 0 && inString && Character.isHighSurrogate(token.charAt(length - 1))) {
      length--;
    }
    String text = token.substring(0, length);
    Open container = open.peek();
    if (container != null && container.list != null && placed) {
      container.list.set(container.list.size() - 1, text);
    } else {
      put(text);
      placed = true;
    }
  }
}
