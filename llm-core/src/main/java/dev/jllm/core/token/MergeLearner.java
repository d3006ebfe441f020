package dev.jllm.core.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Learns merges from counted words. Keeps, for each pair of neighbours, how often it occurs and in
 * which words, so that a merge touches only the words that hold it. The most frequent pair goes
 * first, of equal ones that of the lowest ids.
 */
final class MergeLearner {
  private final int target;
  private final long leastCount;
  private final List<String> pieces = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> merges = new ArrayList<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          (a, b) ->
              a.count != b.count ? Long.compare(b.count, a.count) : Long.compare(a.key, b.key));

  /** A pair's occurrences; words that no longer hold it may still be listed. */
  private static final class Pair {
    long count;
    int[] words = new int[4];
    int size;

    void addWord(int word) {
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
      }
      words[size++] = word;
    }
  }

  /** A pair with the count that it had when it was queued. */
  private record Candidate(long key, long count) {}

  MergeLearner(int target, long leastCount) {
    this.target = target;
    this.leastCount = Math.max(1, leastCount);
    for (int b = 0; b < 256; b++) {
      addPiece(String.valueOf(ByteAlphabet.character(b)));
    }
  }

  private int addPiece(String piece) {
    Integer known = ids.putIfAbsent(piece, pieces.size());
    if (known == null) {
      pieces.add(piece);
      return pieces.size() - 1;
    }
    return known;
  }

  /** Adds a word that occurs {@code count} times. */
  void addWord(byte[] word, long count) {
    if (word.length < 2) {
      return;
    }
    int[] symbols = new int[word.length];
    for (int i = 0; i < word.length; i++) {
      symbols[i] = word[i] & 255;
    }
    int index = words.size();
    words.add(symbols);
    counts.add(count);
    for (int i = 0; i + 1 < symbols.length; i++) {
      change(symbols[i], symbols[i + 1], count, index);
    }
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  private void change(int left, int right, long count, int word) {
    Pair pair = pairs.computeIfAbsent(key(left, right), k -> new Pair());
    pair.count += count;
    if (count > 0) {
      pair.addWord(word);
    }
  }

  /** Learns until there are as many pieces as wanted or no pair is frequent enough. */
  void learn(BpeTrainer.Progress progress, int special) {
    pairs.forEach((key, pair) -> queue.add(new Candidate(key, pair.count)));
    while (pieces.size() < target) {
      Candidate best = next();
      if (best == null) {
        return;
      }
      int left = (int) (best.key >>> 32);
      int right = (int) best.key;
      merges.add(pieces.get(left) + ' ' + pieces.get(right));
      String piece = pieces.get(left) + pieces.get(right);
      int merged = addPiece(piece);
      Pair pair = pairs.remove(best.key);
      Set<Long> made = new HashSet<>();
      for (int i = 0; pair != null && i < pair.size; i++) {
        mergeIn(pair.words[i], left, right, merged, made);
      }
      for (long key : made) {
        Pair changed = pairs.get(key);
        if (changed != null) {
          queue.add(new Candidate(key, changed.count));
        }
      }
      progress.merged(pieces.size() + special, target + special, piece, best.count);
    }
  }

  /** The best pair; one whose count has changed since it was queued is queued anew. */
  private @Nullable Candidate next() {
    while (!queue.isEmpty()) {
      Candidate best = queue.poll();
      Pair pair = pairs.get(best.key);
      if (pair == null || pair.count < leastCount) {
        continue;
      }
      if (pair.count == best.count) {
        return best;
      }
      if (pair.count < best.count) {
        queue.add(new Candidate(best.key, pair.count));
      }
    }
    return null;
  }

  private void mergeIn(int word, int left, int right, int merged, Set<Long> made) {
    int[] old = words.get(word);
    int[] symbols = new int[old.length];
    int n = 0;
    for (int i = 0; i < old.length; i++) {
      boolean pair = i + 1 < old.length && old[i] == left && old[i + 1] == right;
      symbols[n++] = pair ? merged : old[i];
      i += pair ? 1 : 0;
    }
    if (n == old.length) {
      return;
    }
    long count = counts.get(word);
    for (int i = 0; i + 1 < old.length; i++) {
      if (old[i] != left || old[i + 1] != right) {
        change(old[i], old[i + 1], -count, word);
      }
    }
    int[] shorter = Arrays.copyOf(symbols, n);
    words.set(word, shorter);
    for (int i = 0; i + 1 < n; i++) {
      change(shorter[i], shorter[i + 1], count, word);
      if (shorter[i] == merged || shorter[i + 1] == merged) {
        made.add(key(shorter[i], shorter[i + 1]));
      }
    }
  }

  List<String> pieces() {
    return pieces;
  }

  List<String> merges() {
    return merges;
  }
}
