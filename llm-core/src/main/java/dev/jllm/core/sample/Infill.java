package dev.jllm.core.sample;

/**
 * For filling a gap in a text, after top-k and top-p: candidates that begin alike are merged into
 * the likeliest of them, and of the end of the text and the words that are left only those stay
 * that are clearly likely; if none is, the gap ends.
 *
 * <p>Described in llama.cpp's pull request 9896 (G. Gerganov, 2024).
 */
public final class Infill implements Sampler {
  /** After merging, less likely words are dropped. */
  private static final float LEAST = 0.2f;

  private final TokenTexts texts;
  private float[] p = new float[0];
  private boolean[] merged = new boolean[0];
  private int[] kept = new int[0];

  public Infill(TokenTexts texts) {
    this.texts = texts;
  }

  @Override
  public String name() {
    return "infill";
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.sort();
    candidates.softmax();
    int n = candidates.size();
    if (p.length < n) {
      p = new float[n];
      merged = new boolean[n];
      kept = new int[n];
    }
    System.arraycopy(candidates.probabilities(), 0, p, 0, n);
    float text = 0;
    float end = 0;
    for (int i = 0; i < n; i++) {
      if (ends(candidates, i)) {
        end += p[i];
      } else {
        text += p[i];
      }
    }
    if (3 * end * n > text) {
      keepEnds(candidates, n);
    } else {
      merge(candidates, n);
      keepLikely(candidates, n);
    }
  }

  private boolean ends(Candidates candidates, int i) {
    return texts.isEndOfGeneration(candidates.id(i));
  }

  private void keepEnds(Candidates candidates, int n) {
    int k = 0;
    for (int i = 0; i < n; i++) {
      if (ends(candidates, i)) {
        kept[k++] = i;
      }
    }
    candidates.take(kept, k);
  }

  /** Adds the probability of a candidate that begins another one, or goes on from it, to it. */
  private void merge(Candidates candidates, int n) {
    for (int i = 0; i < n; i++) {
      merged[i] = candidates.logit(i) == Float.NEGATIVE_INFINITY;
    }
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n && !merged[a]; b++) {
        if (a != b && !merged[b] && begins(candidates.id(a), candidates.id(b))) {
          int to = p[b] > p[a] ? b : a;
          int from = a + b - to;
          p[to] += p[from];
          p[from] = 0;
          merged[from] = true;
        }
      }
    }
    float[] x = candidates.logits();
    for (int i = 0; i < n; i++) {
      if (merged[i]) {
        x[i] = Float.NEGATIVE_INFINITY;
      }
    }
    candidates.reordered();
  }

  private boolean begins(int a, int b) {
    byte[] start = texts.bytes(a);
    byte[] whole = texts.bytes(b);
    if (start.length == 0 || start.length > whole.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (start[i] != whole[i]) {
        return false;
      }
    }
    return true;
  }

  private void keepLikely(Candidates candidates, int n) {
    int words = 0;
    int k = 0;
    float sum = 0;
    for (int i = 0; i < n; i++) {
      boolean end = ends(candidates, i);
      if (end || p[i] >= LEAST) {
        words += end ? 0 : 1;
        sum += p[i];
        kept[k++] = i;
      }
    }
    int last = words == 0 ? texts.endOfTurn() : -1;
    if (last >= 0) {
      candidates.become(last, 1);
      return;
    }
    if (k == 0) {
      return; // neither a likely word nor a token to end with: leave the choice as it is
    }
    float least = 1f / (words + 1);
    int left = 0;
    for (int i = 0; i < k; i++) {
      if (ends(candidates, kept[i]) || p[kept[i]] / sum >= least) {
        kept[left++] = kept[i];
      }
    }
    candidates.take(kept, Math.max(1, left));
  }

  @Override
  public Infill copy() {
    return new Infill(texts);
  }
}
