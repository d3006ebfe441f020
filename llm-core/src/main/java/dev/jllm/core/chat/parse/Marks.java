package dev.jllm.core.chat.parse;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The marks that count in one kind of text, each with what it means. */
final class Marks<T> {
  private final List<String> texts = new ArrayList<>();
  private final List<T> meanings = new ArrayList<>();
  private String firsts = "";

  /** Adds a mark; of equal marks the first counts. */
  void add(String mark, T meaning) {
    if (mark.isEmpty() || texts.contains(mark)) {
      return;
    }
    texts.add(mark);
    meanings.add(meaning);
    if (firsts.indexOf(mark.charAt(0)) < 0) {
      firsts += mark.charAt(0);
    }
  }

  /** Whether a mark may begin with this character. */
  boolean mayStart(char c) {
    return firsts.indexOf(c) >= 0;
  }

  /** The mark at a place: its index, -1 if there is none, -2 if the text must go on to tell. */
  int at(Input in, int place) {
    int found = -1;
    int length = -1;
    int undecided = -1;
    for (int i = 0; i < texts.size(); i++) {
      String mark = texts.get(i);
      Input.Match match = in.match(mark, place);
      if (match == Input.Match.YES && mark.length() > length) {
        found = i;
        length = mark.length();
      } else if (match == Input.Match.MAYBE) {
        undecided = Math.max(undecided, mark.length());
      }
    }
    // A longer mark that may still come is waited for.
    return undecided > length ? -2 : found;
  }

  String text(int index) {
    return texts.get(index);
  }

  T meaning(int index) {
    return meanings.get(index);
  }

  /** The place of the last mark in a text and its index, or null. */
  int @Nullable [] last(String text) {
    int[] best = null;
    for (int i = 0; i < texts.size(); i++) {
      int place = text.lastIndexOf(texts.get(i));
      if (place >= 0 && (best == null || place > best[0])) {
        best = new int[] {place, i};
      }
    }
    return best;
  }
}
