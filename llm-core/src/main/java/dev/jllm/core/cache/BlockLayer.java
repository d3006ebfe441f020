package dev.jllm.core.cache;

/**
 * What a layer remembers of whole blocks of tokens: one key (which is the value too) for each block
 * of {@code ratio} tokens.
 */
public final class BlockLayer implements LayerState {
  private final KvLayer blocks;
  private final int ratio;

  /** No blocks yet, whose keys have {@code dim} values. */
  public BlockLayer(KvFormat format, int dim, int ratio) {
    this(new KvLayer(format, format, 1, dim, 0, 0), ratio);
  }

  private BlockLayer(KvLayer blocks, int ratio) {
    this.blocks = blocks;
    this.ratio = ratio;
  }

  /** The blocks as tokens of their own. */
  public KvLayer blocks() {
    return blocks;
  }

  @Override
  public boolean canTruncate(int length) {
    return blocks.canTruncate(length / ratio);
  }

  @Override
  public void truncate(int length) {
    blocks.truncate(length / ratio);
  }

  @Override
  public BlockLayer fork() {
    return new BlockLayer(blocks.fork(), ratio);
  }

  @Override
  public long bytes() {
    return blocks.bytes();
  }
}
