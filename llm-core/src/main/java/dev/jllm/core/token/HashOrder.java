package dev.jllm.core.token;

import java.util.List;

/** Chooses among several tokens that could have one role. */
final class HashOrder {
  private HashOrder() {}

  /** The id of the first of {@code candidates} that is a token, or -1. */
  static int first(String[] texts, PieceIndex index, List<String> candidates) {
    for (String text : candidates) {
      int id = index.find(text);
      if (id >= 0) {
        return id;
      }
    }
    return -1;
  }
}
