package dev.jllm.core.engine;

import java.util.List;

/**
 * Finds the first stop string in a text that arrives in pieces, and holds back exactly the end of
 * the text that could still become one.
 */
final class StopDetector {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  StopDetector(List<String> stops) {
    this.stops = stops;
  }

  /** Whether a stop string was found. */
  boolean stopped() {
    return stopped;
  }

  /** Takes a piece; returns the text that is certain not to belong to a stop string. */
  String accept(String piece) {
    if (stopped) {
      return "";
    }
    if (stops.isEmpty()) {
      return piece;
    }
    held.append(piece);
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    if (first >= 0) {
      stopped = true;
      held.setLength(first);
      return finish();
    }
    int keep = longestPossibleBeginning();
    String certain = held.substring(0, held.length() - keep);
    held.delete(0, held.length() - keep);
    return certain;
  }

  /** The text still held back, after the last piece. */
  String finish() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }

  private int longestPossibleBeginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
