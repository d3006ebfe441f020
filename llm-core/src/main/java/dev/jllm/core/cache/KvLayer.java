package dev.jllm.core.cache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of one layer of one sequence, in pages of {@link KvRows#SLOTS} tokens that are
 * allocated when the first of them arrives. A layer with a window lets go of pages that no later
 * token can see.
 */
public final class KvLayer implements LayerState {
  private final KvFormat keyFormat;
  private final KvFormat valueFormat;
  private final int heads;
  private final int keyDim;
  private final int valueDim;
  private final int window;
  private @Nullable Page[] pages = new Page[4];
  private @Nullable Page spare;
  private int firstPage;
  private int end;

  /** One page: keys, and values unless they are the beginning of the keys. */
  private static final class Page {
    final KvRows keys;
    final KvRows values;
    boolean shared;

    Page(KvRows keys, KvRows values) {
      this.keys = keys;
      this.values = values;
    }
  }

  /**
   * An empty layer.
   *
   * @param valueDim values of a value head; 0 where values are the beginning of the keys
   * @param window tokens that a later token may look back, 0 for all
   */
  public KvLayer(
      KvFormat keyFormat, KvFormat valueFormat, int heads, int keyDim, int valueDim, int window) {
    this.keyFormat = keyFormat;
    this.valueFormat = valueFormat;
    this.heads = heads;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    this.window = window;
  }

  /** Bytes that one token takes. */
  long bytesPerToken() {
    long keys = keyFormat.rows(heads, keyDim, valueDim != 0).bytes();
    long values = valueDim == 0 ? 0 : valueFormat.rows(heads, valueDim, false).bytes();
    return (keys + values) / KvRows.SLOTS;
  }

  /** Makes room for tokens up to {@code length}, excluded, so that {@link #store} may follow. */
  public void reserve(int from, int length) {
    allocate(from, length);
    end = Math.max(end, length);
  }

  /**
   * Allocates the pages of tokens {@code from ≤ i < length} beforehand. A layer with a window needs
   * as many as it covers only, which come by themselves.
   */
  void preallocate(int from, int length) {
    if (window == 0) {
      allocate(from, length);
    }
  }

  private void allocate(int from, int length) {
    int needed = (length + KvRows.SLOTS - 1) / KvRows.SLOTS;
    if (needed > pages.length) {
      pages = Arrays.copyOf(pages, Math.max(needed, 2 * pages.length));
    }
    for (int p = from / KvRows.SLOTS; p < needed; p++) {
      Page page = pages[p];
      if (page == null) {
        pages[p] = page();
      } else if (page.shared) {
        KvRows keys = page.keys.copy();
        pages[p] = new Page(keys, valueDim == 0 ? keys : page.values.copy());
      }
    }
  }

  private Page page() {
    Page page = spare;
    spare = null;
    if (page != null) {
      return page;
    }
    KvRows keys = keyFormat.rows(heads, keyDim, valueDim != 0);
    return new Page(keys, valueDim == 0 ? keys : valueFormat.rows(heads, valueDim, false));
  }

  /** Stores the key and value heads of the token at {@code index}. */
  public void store(int index, float[] keys, int keyOffset, float[] values, int valueOffset) {
    Page page = page(index / KvRows.SLOTS);
    int slot = index % KvRows.SLOTS;
    page.keys.store(keys, keyOffset, slot);
    if (valueDim != 0) {
      page.values.store(values, valueOffset, slot);
    }
  }

  /** Lets go of pages that tokens from {@code next} on cannot see; the last serves again. */
  public void release(int next) {
    if (window > 0) {
      int keep = Math.max(0, next - window) / KvRows.SLOTS;
      while (firstPage < keep) {
        Page page = pages[firstPage];
        if (page != null && !page.shared) {
          spare = page;
        }
        pages[firstPage++] = null;
      }
    }
  }

  /** The keys of page {@code index}. */
  public KvRows keys(int index) {
    return page(index).keys;
  }

  /** The values of page {@code index}. */
  public KvRows values(int index) {
    return page(index).values;
  }

  private Page page(int index) {
    Page page = pages[index];
    if (page == null) {
      throw new IllegalStateException("page " + index + " of the cache is not there");
    }
    return page;
  }

  @Override
  public boolean canTruncate(int length) {
    return window == 0 || Math.max(0, length - window) / KvRows.SLOTS >= firstPage;
  }

  @Override
  public void truncate(int length) {
    int keep = (length + KvRows.SLOTS - 1) / KvRows.SLOTS;
    for (int p = keep; p < pages.length; p++) {
      pages[p] = null;
    }
    firstPage = Math.min(firstPage, keep);
    end = Math.min(end, length);
  }

  @Override
  public KvLayer fork() {
    KvLayer copy = new KvLayer(keyFormat, valueFormat, heads, keyDim, valueDim, window);
    copy.pages = new Page[pages.length];
    copy.firstPage = firstPage;
    copy.end = end;
    for (int p = 0; p * KvRows.SLOTS < end; p++) { // further pages were allocated beforehand
      Page page = pages[p];
      if (page != null) {
        page.shared = true;
        copy.pages[p] = page;
      }
    }
    return copy;
  }

  @Override
  public long bytes() {
    long sum = 0;
    for (Page page : pages) {
      if (page != null) {
        sum += page.keys.bytes() + (valueDim == 0 ? 0 : page.values.bytes());
      }
    }
    return sum;
  }
}
