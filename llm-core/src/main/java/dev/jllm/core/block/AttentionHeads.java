package dev.jllm.core.block;

import dev.jllm.core.arch.AttentionSpec;
import dev.jllm.core.arch.AttentionSpec.Window;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.BlockLayer;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.cache.KvRows;
import dev.jllm.core.kernel.FloatOps;
import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.tensor.Activations;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention over the pages of a cache, for tiles of neighbouring tokens. Pages follow one
 * another with a running maximum and sum (Milakov and Gimelshein, arXiv:1805.02867), so scores need
 * the memory of one page only. {@link AttentionParts} divides the work.
 */
final class AttentionHeads {
  private static final int PAGE = KvRows.SLOTS;
  private static final FloatOps FLOATS = KernelsLookup.kernels().floats();
  private final AttentionSpec spec;
  private final float @Nullable [] sinks;
  private final int group;
  private final float[] slopes;
  private int blockSlot = -1;
  private int blockRatio = 1;
  private boolean halfSums;

  AttentionHeads(AttentionSpec spec, float @Nullable [] sinks) {
    this.spec = spec;
    this.sinks = sinks;
    this.group = spec.heads / spec.kvHeads;
    this.slopes = new float[spec.heads];
    if (spec.maxAlibiBias > 0) {
      int power = Integer.highestOneBit(spec.heads);
      for (int h = 0; h < spec.heads; h++) {
        slopes[h] =
            (float)
                (h < power
                    ? Math.pow(2, -spec.maxAlibiBias / power * (h + 1))
                    : Math.pow(2, -spec.maxAlibiBias / 2 / power * (2 * (h - power) + 1)));
      }
    }
  }

  /**
   * Tokens see the blocks of {@code ratio} tokens in the state {@code slot} besides, as far as they
   * are complete; a choice is one of blocks then. A slot below 0 is for none.
   */
  AttentionHeads blocks(int slot, int ratio) {
    blockSlot = slot;
    blockRatio = Math.max(1, ratio);
    return this;
  }

  /** Rounds queries and sums to half precision, see {@link AttentionSpec#halfSums()}. */
  void halfSums() {
    halfSums = true;
  }

  /** {@code out} = attention of the queries {@code q} over state {@code slot} of their caches. */
  void forward(Pass pass, int slot, Activations q, Activations out) {
    forward(pass, slot, q, out, null);
  }

  /** The same over those tokens alone that were chosen. */
  void forward(Pass pass, int slot, Activations q, Activations out, @Nullable TokenChoice choice) {
    pass.attention().run(this, slot, q, out, choice);
  }

  /** Key heads. */
  int kvHeads() {
    return spec.kvHeads;
  }

  /** Queries of a token that share a key head. */
  int group() {
    return group;
  }

  /** Values of a value head. */
  int valueDim() {
    return spec.valueDim;
  }

  /** Whether {@link #attend} may look at some of the pages only. */
  boolean divisible() {
    return blockSlot < 0 && !halfSums;
  }

  /** The first page that a tile of tokens from row {@code first} on sees. */
  int firstPage(Batch batch, int first) {
    return visibleFrom(batch, first) / PAGE;
  }

  /** One past the index of the last token that {@code tokens} rows from {@code first} on see. */
  int end(Pass pass, int first, int tokens) {
    return spec.causal ? pass.batch().index(first + tokens - 1) + 1 : pass.sequenceEnd(first);
  }

  /**
   * Lets the queries of {@code tokens} rows from {@code first} on see what lies in pages {@code
   * fromPage ≤ p < toPage} of {@code heads} key heads. The result of head {@code fromHead + k} is
   * in {@code scratch.head(k)}.
   */
  void attend(
      Pass pass,
      int slot,
      int first,
      int tokens,
      int fromHead,
      int heads,
      int fromPage,
      int toPage,
      Activations q,
      @Nullable TokenChoice choice,
      AttentionScratch scratch) {
    int count = tokens * group;
    for (int k = 0; k < heads; k++) {
      AttentionScratch s = scratch.head(k);
      s.size(count, spec.keyDim, spec.valueDim);
      for (int t = 0; t < tokens; t++) {
        int from = (first + t) * q.width() + (fromHead + k) * group * spec.keyDim;
        int to = t * group * spec.keyDim;
        for (int i = 0; i < group * spec.keyDim; i++) {
          float v = q.data()[from + i];
          s.queries[to + i] = (halfSums ? HalfSums.round(v) : v) * spec.scale;
        }
      }
    }
    Batch batch = pass.batch();
    KvLayer kv = (KvLayer) batch.cache(first).state(slot);
    boolean several = blockSlot >= 0;
    TokenChoice ofTokens = several ? null : choice;
    int begin = Math.max(visibleFrom(batch, first), fromPage * PAGE);
    int end = Math.min(end(pass, first, tokens), toPage * PAGE);
    over(batch, kv, false, begin, end, first, count, fromHead, heads, scratch, ofTokens);
    if (several) {
      KvLayer blocks = ((BlockLayer) batch.cache(first).state(blockSlot)).blocks();
      int seen = (batch.index(first + tokens - 1) + 1) / blockRatio;
      over(batch, blocks, true, 0, seen, first, count, fromHead, heads, scratch, choice);
    }
  }

  /** Writes the result of {@code tokens} rows from {@code first} on and of one key head. */
  void finish(int first, int tokens, int head, AttentionScratch s, Activations out) {
    for (int j = 0; j < tokens * group; j++) {
      int h = head * group + j % group;
      float factor = finish(s, j, h);
      int to = (first + j / group) * out.width() + h * spec.valueDim;
      for (int c = 0; c < spec.valueDim; c++) {
        out.data()[to + c] = s.out[j * spec.valueDim + c] * factor;
      }
    }
  }

  /**
   * Adds what the queries of a tile see of {@code kv}: of tokens or of blocks. First all keys of a
   * page, then all values, as they lie in memory: a walk along one head alone reads at a third of
   * the speed.
   */
  private void over(
      Batch batch,
      KvLayer kv,
      boolean blocks,
      int begin,
      int end,
      int first,
      int count,
      int fromHead,
      int heads,
      AttentionScratch scratch,
      @Nullable TokenChoice choice) {
    for (int page = begin / PAGE; page * PAGE < end; page++) {
      int rows = Math.min(PAGE, end - page * PAGE);
      KvRows keys = kv.keys(page);
      for (int k = 0; k < heads; k++) {
        AttentionScratch s = scratch.head(k);
        int head = fromHead + k;
        keys.scores(s.queries, count, head, rows, s.scores);
        for (int j = 0; j < count; j++) {
          int row = first + j / group;
          int index = batch.index(row);
          int low = blocks ? 0 : Math.max(0, visibleFrom(batch, row) - page * PAGE);
          int seen = blocks ? (index + 1) / blockRatio : index + 1;
          int high = spec.causal ? Math.min(rows, seen - page * PAGE) : rows;
          int h = head * group + j % group;
          if (choice != null) {
            hide(choice, head, s.scores, j * PAGE, row, page * PAGE, low, high);
          }
          if (halfSums) {
            HalfSums.add(
                s, j, kv.values(page), head, low, high, spec.valueDim, s.row(spec.valueDim));
          } else {
            weigh(s, j, low, high, rows, slopes[h], page * PAGE - index);
          }
        }
      }
      if (halfSums) {
        continue;
      }
      KvRows values = kv.values(page);
      int skip = Math.max(0, begin - page * PAGE);
      for (int k = 0; k < heads; k++) {
        AttentionScratch s = scratch.head(k);
        values.mix(s.scores, count, fromHead + k, skip, rows, s.out, spec.valueDim);
      }
    }
  }

  /** Gives tokens that were not chosen a score of minus infinity. */
  private static void hide(
      TokenChoice choice,
      int head,
      float[] scores,
      int at,
      int row,
      int firstIndex,
      int low,
      int high) {
    for (int i = low; i < high; i++) {
      if (!choice.sees(row, head, firstIndex + i)) {
        scores[at + i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** The first index that the token in {@code row} sees. */
  private int visibleFrom(Batch batch, int row) {
    int index = batch.index(row);
    if (spec.windowKind == Window.SLIDING) {
      return Math.max(0, index - spec.window + 1);
    }
    if (spec.windowKind == Window.CHUNKED) {
      return Math.max(0, index - batch.position(row) % spec.window);
    }
    return 0;
  }

  /** Turns a page's scores of query {@code j} into weights; those outside low to high become 0. */
  private void weigh(
      AttentionScratch s, int j, int low, int high, int rows, float slope, int distance) {
    float[] scores = s.scores;
    int at = j * PAGE;
    if (low >= high) {
      Arrays.fill(scores, at, at + rows, 0);
      return;
    }
    if (spec.softcap != 0 || slope != 0) {
      for (int i = low; i < high; i++) {
        float score = scores[at + i];
        if (spec.softcap != 0) {
          score = spec.softcap * FastMath.tanh(score / spec.softcap);
        }
        scores[at + i] = score - slope * Math.abs(i + distance);
      }
    }
    float max = Math.max(s.max[j], FLOATS.max(scores, at + low, high - low));
    if (max == Float.NEGATIVE_INFINITY) {
      Arrays.fill(scores, at, at + rows, 0);
      return;
    }
    if (max > s.max[j]) {
      float shrink = FastMath.exp(s.max[j] - max);
      s.sum[j] *= shrink;
      FLOATS.scale(shrink, s.out, j * spec.valueDim, spec.valueDim);
      s.max[j] = max;
    }
    s.sum[j] += FLOATS.expSum(max, scores, at + low, high - low);
    Arrays.fill(scores, at, at + low, 0);
    Arrays.fill(scores, at + high, at + Math.max(high, rows), 0);
  }

  /** What the sum of weighted values of query {@code j} is to be multiplied by. */
  private float finish(AttentionScratch s, int j, int head) {
    float[] k = sinks;
    if (k == null) {
      return 1 / s.sum[j];
    }
    float max = Math.max(s.max[j], k[head]);
    float shrink = FastMath.exp(s.max[j] - max);
    return shrink / (s.sum[j] * shrink + FastMath.exp(k[head] - max));
  }
}
