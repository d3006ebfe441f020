package dev.jllm.core.block;

import dev.jllm.core.cache.KvRows;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Attention of a batch as one parallel region. Many tokens: a part is a tile of them and one key
 * head. Few tokens, as in decoding: a part is some pages with all heads, whose results are then put
 * together as pages are (Dao et al., Flash-Decoding, 2023). How many pages, the length of the
 * sequence alone decides, so that results do not depend on the number of workers.
 */
final class AttentionParts implements Workers.Task {
  /** Up to so many tokens a tile is divided by pages. */
  private static final int FEW = 4;

  /** Parts of a long sequence: enough for a dozen workers to finish at about the same time. */
  private static final int MOST_PARTS = 32;

  private static final Activations NOTHING = new Activations(0);

  private final Pass pass;
  private @Nullable AttentionHeads heads;
  private int slot;
  private Activations q = NOTHING;
  private Activations out = NOTHING;
  private @Nullable TokenChoice choice;

  /** The first part of each tile, and the pages of its parts, 0 where it is divided by heads. */
  private int[] firstPart = new int[2];

  private int[] pagesOfPart = new int[1];

  /** Where the results of a tile's parts lie, −1 where it has one part. */
  private int[] partialAt = new int[1];

  private float[] partials = new float[0];

  AttentionParts(Pass pass) {
    this.pass = pass;
  }

  /** See {@link AttentionHeads#forward}. */
  void run(
      AttentionHeads by,
      int ofSlot,
      Activations queries,
      Activations result,
      @Nullable TokenChoice chosen) {
    heads = by;
    slot = ofSlot;
    q = queries;
    out = result;
    choice = chosen;
    try {
      int tiles = pass.tiles();
      divide(by, tiles);
      pass.workers().run(firstPart[tiles], this);
      for (int tile = 0; tile < tiles; tile++) {
        if (partialAt[tile] >= 0) {
          combine(by, tile);
        }
      }
    } finally {
      heads = null;
      q = NOTHING;
      out = NOTHING;
      choice = null;
    }
  }

  private int tokens(int tile) {
    return pass.tileStart(tile + 1) - pass.tileStart(tile);
  }

  private void divide(AttentionHeads by, int tiles) {
    if (pagesOfPart.length < tiles) {
      firstPart = new int[tiles + 1];
      pagesOfPart = new int[tiles];
      partialAt = new int[tiles];
    }
    int parts = 0;
    int floats = 0;
    for (int tile = 0; tile < tiles; tile++) {
      int first = pass.tileStart(tile);
      int tokens = tokens(tile);
      firstPart[tile] = parts;
      partialAt[tile] = -1;
      if (tokens > FEW || !by.divisible()) {
        pagesOfPart[tile] = 0;
        parts += by.kvHeads();
        continue;
      }
      int from = by.firstPage(pass.batch(), first);
      int pages = Math.max(1, (by.end(pass, first, tokens) - 1) / KvRows.SLOTS + 1 - from);
      pagesOfPart[tile] = (pages + MOST_PARTS - 1) / MOST_PARTS;
      int some = (pages + pagesOfPart[tile] - 1) / pagesOfPart[tile];
      if (some > 1) {
        partialAt[tile] = floats;
        floats += some * partialSize(by, tokens);
      }
      parts += some;
    }
    firstPart[tiles] = parts;
    if (partials.length < floats) {
      partials = new float[floats];
    }
  }

  /** Floats of the results of a part: for each query a maximum, a sum and a vector. */
  private static int partialSize(AttentionHeads by, int tokens) {
    return by.kvHeads() * tokens * by.group() * (2 + by.valueDim());
  }

  @Override
  public void run(int part, int worker) {
    AttentionHeads by = heads;
    if (by == null) {
      throw new IllegalStateException("no attention is being computed");
    }
    int tile = tileOf(part);
    int place = part - firstPart[tile];
    int first = pass.tileStart(tile);
    int tokens = tokens(tile);
    AttentionScratch s = pass.attentionScratch(worker);
    int pages = pagesOfPart[tile];
    if (pages == 0) {
      by.attend(pass, slot, first, tokens, place, 1, 0, ALL_PAGES, q, choice, s);
      by.finish(first, tokens, place, s, out);
      return;
    }
    int from = by.firstPage(pass.batch(), first) + place * pages;
    int all = by.kvHeads();
    by.attend(pass, slot, first, tokens, 0, all, from, from + pages, q, choice, s);
    if (partialAt[tile] < 0) {
      for (int k = 0; k < all; k++) {
        by.finish(first, tokens, k, s.head(k), out);
      }
    } else {
      keep(by, tokens, s, partialAt[tile] + place * partialSize(by, tokens));
    }
  }

  /** So that their tokens can still be counted. */
  private static final int ALL_PAGES = Integer.MAX_VALUE / KvRows.SLOTS;

  private int tileOf(int part) {
    int low = 0;
    int high = pass.tiles() - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (firstPart[middle] <= part) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void keep(AttentionHeads by, int tokens, AttentionScratch s, int at) {
    int count = tokens * by.group();
    int to = at;
    for (int k = 0; k < by.kvHeads(); k++) {
      AttentionScratch h = s.head(k);
      System.arraycopy(h.max, 0, partials, to, count);
      System.arraycopy(h.sum, 0, partials, to + count, count);
      System.arraycopy(h.out, 0, partials, to + 2 * count, count * by.valueDim());
      to += count * (2 + by.valueDim());
    }
  }

  /** Puts the results of a tile's parts together, in their order. */
  private void combine(AttentionHeads by, int tile) {
    int first = pass.tileStart(tile);
    int tokens = tokens(tile);
    int count = tokens * by.group();
    int size = partialSize(by, tokens);
    int parts = firstPart[tile + 1] - firstPart[tile];
    AttentionScratch s = pass.attentionScratch(0);
    for (int k = 0; k < by.kvHeads(); k++) {
      s.size(count, 0, by.valueDim());
      int at = partialAt[tile] + k * count * (2 + by.valueDim());
      for (int p = 0; p < parts; p++) {
        s.add(partials, at + p * size, count, by.valueDim());
      }
      by.finish(first, tokens, k, s, out);
    }
  }
}
