package dev.jllm.core.sample;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A vocabulary of given strings; texts are cut into the longest tokens that fit. */
final class ScriptedTexts implements TokenTexts {
  private final List<String> tokens;
  private final int end;

  /** Token {@code end} ends a generation; -1 for none. */
  ScriptedTexts(List<String> tokens, int end) {
    this.tokens = tokens;
    this.end = end;
  }

  @Override
  public int size() {
    return tokens.size();
  }

  @Override
  public byte[] bytes(int id) {
    return id == end ? new byte[0] : standalone(id);
  }

  @Override
  public byte[] standalone(int id) {
    return tokens.get(id).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int[] tokenize(String text) {
    List<Integer> ids = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int best = -1;
      for (int id = 0; id < tokens.size(); id++) {
        String t = tokens.get(id);
        if (text.startsWith(t, at) && (best < 0 || t.length() > tokens.get(best).length())) {
          best = id;
        }
      }
      if (best < 0) {
        throw new IllegalArgumentException(text);
      }
      ids.add(best);
      at += tokens.get(best).length();
    }
    return ids.stream().mapToInt(i -> i).toArray();
  }

  @Override
  public boolean isEndOfGeneration(int id) {
    return id == end;
  }

  @Override
  public int endOfTurn() {
    return end;
  }

  String text(List<Integer> ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(tokens.get(id));
    }
    return text.toString();
  }
}
