package dev.jllm.gguf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged files get a {@link ModelFormatException} that says where, or are read. */
class GgufDamageTest {
  private static final byte[][] ORIGINALS = new byte[2][];
  private static Path folder = Path.of("");

  @BeforeContainer
  static void write() throws IOException {
    folder = Files.createTempDirectory("jllm");
    for (int i = 0; i < 2; i++) {
      Path file = folder.resolve("original");
      new GgufWriter()
          .order(i == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
          .put("general.architecture", "llama")
          .putCount("llama.block_count", 2)
          .put("flag", true)
          .put("tokens", new String[] {"a", "bc", "", "\u00e4"})
          .put("scores", new float[] {1, 2, 3, 4})
          .put("types", new int[] {1, 2, 3, 4})
          .put(
              "nested",
              new GgufValue[] {GgufValue.of(new long[] {1}), GgufValue.of(new String[] {"x"})})
          .put("wide", 3.5)
          .alignment(16)
          .tensor("norm", new float[5], 5)
          .tensor("matrix", GgmlType.Q4_0, java.nio.ByteBuffer.allocate(18 * 6), 64, 3)
          .tensor("half", GgmlType.F16, java.nio.ByteBuffer.allocate(12), 2, 3)
          .write(file);
      ORIGINALS[i] = Files.readAllBytes(file);
      Files.delete(file);
    }
  }

  @AfterContainer
  static void delete() throws IOException {
    Files.delete(folder);
  }

  @Property(tries = 2500)
  void anythingButAModelFormatException(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int changes) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = ORIGINALS[random.nextInt(2)].clone();
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 8), (byte) -1);
        case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 7), (byte) 0x7f);
        case 4 -> bytes = Arrays.copyOf(bytes, 1 + at);
        default -> {
          int from = random.nextInt(bytes.length);
          int n = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, n);
        }
      }
    }
    openAndRead(bytes);
  }

  @Property(tries = 1)
  void everyTruncationIsNoticed() throws IOException {
    for (byte[] original : ORIGINALS) {
      for (int n = 0; n < original.length; n++) {
        boolean refused = openAndRead(Arrays.copyOf(original, n));
        assertTrue(refused, "cut at " + n + " of " + original.length);
      }
    }
  }

  /** Whether the file was refused; reads everything if not. */
  private static boolean openAndRead(byte[] bytes) throws IOException {
    Path file = folder.resolve("damaged.gguf");
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file)) {
      GgufFile read;
      try {
        read = GgufFile.open(channel, 0, bytes.length);
      } catch (ModelFormatException e) {
        String message = String.valueOf(e.getMessage());
        assertTrue(
            message.startsWith("channel: ") || message.startsWith("metadata entry"), message);
        return true;
      }
      for (TensorInfo tensor : read.tensors().values()) {
        try {
          read.map(tensor, 0, (int) tensor.bytes());
        } catch (ModelFormatException e) {
          assertTrue(String.valueOf(e.getMessage()).contains("big-endian"));
        }
      }
      // Allows the file to be deleted on every system.
      read.closeAndUnmap();
      return false;
    } finally {
      Files.delete(file);
    }
  }
}
