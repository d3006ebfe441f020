package dev.jllm.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class KvLayerTest {
  private static final int SLOTS = KvRows.SLOTS;

  private static KvLayer layer(int window) {
    return new KvLayer(KvFormat.F32, KvFormat.F32, 1, 4, 4, window);
  }

  @Test
  void memoryOfAReservedSequenceIsThereAlready() {
    KvLayer layer = layer(0);
    SequenceCache sequence = new SequenceCache(List.of(layer), 0);
    sequence.reserve(3 * SLOTS - 5);
    assertEquals(3L * SLOTS * 8 * Float.BYTES, sequence.bytes());
    KvRows page = layer.keys(2);
    layer.reserve(0, 3 * SLOTS);
    assertSame(page, layer.keys(2));
  }

  @Test
  void aForkSharesOnlyPagesWithTokens() {
    KvLayer layer = layer(0);
    layer.preallocate(0, 3 * SLOTS);
    layer.reserve(0, SLOTS + 1);
    KvLayer fork = layer.fork();
    assertSame(layer.keys(1), fork.keys(1));
    assertThrows(IllegalStateException.class, () -> fork.keys(2));
    KvRows own = layer.keys(2);
    layer.reserve(SLOTS + 1, 3 * SLOTS);
    assertSame(own, layer.keys(2));
    assertNotSame(fork.keys(1), layer.keys(1));
  }

  @Test
  void aPageThatLeavesTheWindowServesAgain() {
    KvLayer layer = layer(SLOTS);
    layer.reserve(0, 2 * SLOTS);
    KvRows first = layer.keys(0);
    layer.release(2 * SLOTS);
    layer.reserve(2 * SLOTS, 2 * SLOTS + 1);
    assertSame(first, layer.keys(2));
  }

  @Test
  void aPageThatAForkSeesDoesNot() {
    KvLayer layer = layer(SLOTS);
    layer.reserve(0, 2 * SLOTS);
    KvLayer fork = layer.fork();
    layer.release(2 * SLOTS);
    layer.reserve(2 * SLOTS, 2 * SLOTS + 1);
    assertNotSame(fork.keys(0), layer.keys(2));
  }
}
