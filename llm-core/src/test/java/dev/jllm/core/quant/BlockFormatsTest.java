package dev.jllm.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.gguf.GgmlType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BlockFormatsTest {
  private static ByteBuffer randomBlocks(Random random, GgmlType type, int blocks) {
    byte[] bytes = new byte[blocks * type.blockBytes()];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void thePageSaysWhatTheCodeDoes() throws IOException {
    Map<GgmlType, FormatsPage.Line> page = FormatsPage.read();
    for (GgmlType type : GgmlType.values()) {
      FormatsPage.Line line = page.get(type);
      assertEquals(BlockFormats.has(type), line != null, type::toString);
      if (line != null) {
        assertEquals(type.id(), line.id());
        assertEquals(type.blockSize(), line.block());
        assertEquals(type.blockBytes(), line.bytes());
        assertEquals(8.0 * type.blockBytes() / type.blockSize(), line.bits(), 1e-4);
        assertEquals(BlockFormats.of(type).quantizes(), line.written());
        assertEquals(line.written(), !Double.isNaN(line.largestError()));
      }
    }
  }

  @Property(tries = 150)
  void errorsStayBelowThePublishedOnes(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    FormatsPage.read()
        .forEach(
            (type, line) -> {
              if (line.written()) {
                float[] x = RandomBlocks.next(random, Math.max(32, type.blockSize()));
                double error = RandomBlocks.error(BlockFormats.of(type), x);
                assertTrue(error <= line.largestError(), () -> type + " " + error);
              }
            });
  }

  @Property(tries = 20)
  void anyCountIsTheBeginningOfTheWhole(@ForAll long seed) {
    Random random = new Random(seed);
    for (GgmlType type : GgmlType.values()) {
      if (!BlockFormats.has(type)) {
        continue;
      }
      BlockFormat format = BlockFormats.of(type);
      int size = 3 * type.blockSize();
      ByteBuffer blocks = randomBlocks(random, type, 4);
      float[] whole = new float[size];
      format.dequantize(blocks, type.blockBytes(), whole, 0, size);
      int count = random.nextInt(size + 1);
      float[] part = new float[size + 5];
      Arrays.fill(part, 42);
      format.dequantize(blocks, type.blockBytes(), part, 3, count);
      assertArrayEquals(Arrays.copyOf(whole, count), Arrays.copyOfRange(part, 3, 3 + count));
      assertEquals(42, part[2]);
      assertEquals(42, part[3 + count]);
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += (double) whole[i] * whole[i];
      }
      assertEquals(sum, format.dot(blocks, type.blockBytes(), whole, 0, count));
    }
  }

  @Test
  void directAndHeapBuffersAreRead() {
    Random random = new Random(1);
    for (GgmlType type : BlockFormats.writable()) {
      ByteBuffer heap = randomBlocks(random, type, 2);
      ByteBuffer direct = ByteBuffer.allocateDirect(heap.capacity()).order(ByteOrder.LITTLE_ENDIAN);
      direct.duplicate().put(heap.duplicate());
      float[] a = new float[2 * type.blockSize()];
      float[] b = a.clone();
      BlockFormats.of(type).dequantize(heap, 0, a, 0, a.length);
      BlockFormats.of(type).dequantize(direct, 0, b, 0, b.length);
      assertArrayEquals(a, b);
    }
  }

  @Test
  void wrongUseIsExplained() {
    ByteBuffer little = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer big = ByteBuffer.allocate(200);
    float[] x = new float[256];
    BlockFormat q4 = BlockFormats.of(GgmlType.Q4_0);
    assertThrows(IllegalArgumentException.class, () -> q4.dequantize(big, 0, x, 0, 32));
    assertThrows(IllegalArgumentException.class, () -> q4.quantize(x, 0, big, 0, 32));
    assertThrows(IllegalArgumentException.class, () -> q4.quantize(x, 0, little, 0, 33));
    assertThrows(
        UnsupportedOperationException.class,
        () -> BlockFormats.of(GgmlType.IQ2_XS).quantize(x, 0, little, 0, 256));
    assertThrows(IllegalArgumentException.class, () -> BlockFormats.of(GgmlType.I32));
    assertThrows(IndexOutOfBoundsException.class, () -> q4.dequantize(little, 0, x, 250, 32));
    assertThrows(IndexOutOfBoundsException.class, () -> q4.dequantize(little, 190, x, 0, 32));
  }
}
