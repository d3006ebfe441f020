package dev.jllm.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path folder = Path.of("");

  private Path raw(ByteOrder order, Consumer<ByteBuffer> content) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4096).order(order);
    bytes.put("GGUF".getBytes(StandardCharsets.US_ASCII));
    content.accept(bytes);
    Path file = folder.resolve("raw.gguf");
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      bytes.flip();
      out.write(bytes);
    }
    return file;
  }

  private static void string(ByteBuffer to, String s) {
    byte[] bytes = s.getBytes(StandardCharsets.ISO_8859_1);
    to.putLong(bytes.length).put(bytes);
  }

  private static String refusal(Path file) {
    return String.valueOf(
        assertThrows(ModelFormatException.class, () -> GgufFile.open(file)).getMessage());
  }

  private static void assertContains(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), text);
    }
  }

  @Test
  void version2IsRead() throws IOException {
    Path file =
        raw(
            ByteOrder.LITTLE_ENDIAN,
            b -> {
              b.putInt(2).putLong(0).putLong(1);
              string(b, "k");
              b.putInt(GgufValueType.UINT32.id()).putInt(-1);
            });
    try (GgufFile read = GgufFile.open(file)) {
      assertEquals(2, read.version());
      assertEquals(0xffffffffL, read.metadata().longInteger("k", 0));
      assertContains(
          String.valueOf(
              assertThrows(ModelFormatException.class, () -> read.metadata().integer("k", 0))
                  .getMessage()),
          "'k'",
          "4294967295");
    }
  }

  @Test
  void otherVersionsAreRefused() throws IOException {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      assertContains(
          refusal(raw(order, b -> b.putInt(1).putLong(0).putLong(0))), "version 1 ", "newer");
      assertContains(refusal(raw(order, b -> b.putInt(4).putLong(0).putLong(0))), "version 4 ");
    }
    assertContains(refusal(raw(ByteOrder.LITTLE_ENDIAN, b -> b.putInt(0))), "version 0 ");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path file = folder.resolve("text.gguf");
    Files.writeString(file, "Once upon a time");
    assertContains(refusal(file), "text.gguf", "no GGUF file", "4f 6e 63 65");
    Files.writeString(file, "");
    assertContains(refusal(file), "ends");
    assertThrows(UncheckedIOException.class, () -> GgufFile.open(folder));
    assertContains(
        String.valueOf(
            assertThrows(
                    UncheckedIOException.class, () -> GgufFile.open(folder.resolve("absent.gguf")))
                .getMessage()),
        "there is no file",
        "absent.gguf");
  }

  @Test
  void wrongEntriesAreNamedWithTheirByte() throws IOException {
    ByteOrder le = ByteOrder.LITTLE_ENDIAN;
    assertContains(
        refusal(raw(le, b -> b.putInt(3).putLong(0).putLong(Long.MAX_VALUE))),
        "byte 24",
        "entries");
    assertContains(refusal(raw(le, b -> b.putInt(3).putLong(-1).putLong(0))), "byte 24", "tensors");
    Path twice =
        raw(
            le,
            b -> {
              b.putInt(3).putLong(0).putLong(2);
              for (int i = 0; i < 2; i++) {
                string(b, "same");
                b.putInt(GgufValueType.UINT8.id()).put((byte) 1);
              }
            });
    assertContains(refusal(twice), "'same'", "byte 41", "second time");
    Path claim =
        raw(
            le,
            b -> {
              b.putInt(3).putLong(0).putLong(1);
              string(b, "claim");
              b.putInt(GgufValueType.ARRAY.id()).putInt(GgufValueType.FLOAT64.id());
              b.putLong(1L << 60);
            });
    assertContains(refusal(claim), "'claim'", "elements of an array");
    Path name =
        raw(
            le,
            b -> {
              b.putInt(3).putLong(0).putLong(1);
              string(b, "\u00ff");
              b.putInt(0).putLong(0);
            });
    assertContains(refusal(name), "metadata entry 0 of 1", "no UTF-8");
    Path deep =
        raw(
            le,
            b -> {
              b.putInt(3).putLong(0).putLong(1);
              string(b, "deep");
              b.putInt(GgufValueType.ARRAY.id());
              for (int i = 0; i < 20; i++) {
                b.putInt(GgufValueType.ARRAY.id()).putLong(1);
              }
            });
    assertContains(refusal(deep), "'deep'", "deeper than 8");
    Path alignment =
        raw(
            le,
            b -> {
              b.putInt(3).putLong(0).putLong(1);
              string(b, "general.alignment");
              b.putInt(GgufValueType.UINT32.id()).putInt(24);
            });
    assertContains(refusal(alignment), "alignment", "24", "power of two");
  }

  private Path tensors(long[]... shapesTypesOffsets) throws IOException {
    return raw(
        ByteOrder.LITTLE_ENDIAN,
        b -> {
          b.putInt(3).putLong(shapesTypesOffsets.length).putLong(0);
          for (int i = 0; i < shapesTypesOffsets.length; i++) {
            long[] t = shapesTypesOffsets[i];
            string(b, "t" + i);
            b.putInt(2).putLong(t[0]).putLong(t[1]).putInt((int) t[2]).putLong(t[3]);
          }
          b.put(new byte[128]);
        });
  }

  @Test
  void wrongTensorsAreRefused() throws IOException {
    assertContains(refusal(tensors(new long[] {1L << 40, 1L << 40, 0, 0})), "'t0'", "dimension 1");
    assertContains(refusal(tensors(new long[] {1L << 31, 1L << 31, 0, 0})), "'t0'", "larger");
    assertContains(refusal(tensors(new long[] {33, 1, 2, 0})), "'t0'", "rows of 33", "Q4_0");
    assertContains(refusal(tensors(new long[] {1, 1, 5, 0})), "'t0'", "type 5", "withdrawn");
    assertContains(refusal(tensors(new long[] {1, 1, 99, 0})), "'t0'", "type 99", "unknown");
    assertContains(refusal(tensors(new long[] {1, 1, 0, 7})), "'t0'", "7", "alignment 32");
    assertContains(refusal(tensors(new long[] {1, 1, 0, 1 << 20})), "'t0'", "incomplete");
    assertContains(refusal(tensors(new long[] {0, 1, 0, 0})), "'t0'", "dimension 0 is 0");
    assertContains(
        refusal(tensors(new long[] {16, 1, 0, 0}, new long[] {4, 1, 0, 32})), "'t1'", "overlap");
    GgufFile.open(tensors(new long[] {8, 1, 0, 32}, new long[] {8, 1, 0, 0})).close();
  }

  @Test
  void valuesThatAreNoUtf8KeepTheirBytes() throws IOException {
    Path file =
        raw(
            ByteOrder.LITTLE_ENDIAN,
            b -> {
              b.putInt(3).putLong(0).putLong(1);
              string(b, "tokens");
              b.putInt(GgufValueType.ARRAY.id()).putInt(GgufValueType.STRING.id()).putLong(2);
              string(b, "a\u00ff");
              string(b, "b");
            });
    try (GgufFile read = GgufFile.open(file)) {
      GgufStrings tokens = (GgufStrings) read.metadata().strings("tokens");
      assertEquals(java.util.List.of("a\ufffd", "b"), tokens);
      assertArrayEquals(new byte[] {'a', -1}, tokens.bytes(0));
    }
  }

  @Test
  void wholeNumbersOfAllWidthsAreOne() {
    Map<String, GgufValue> values = new LinkedHashMap<>();
    values.put("u8", new GgufValue(GgufValueType.UINT8, null, (byte) 200));
    values.put("i8", new GgufValue(GgufValueType.INT8, null, (byte) -2));
    values.put("u16", new GgufValue(GgufValueType.UINT16, null, (short) 60000));
    values.put("u64", new GgufValue(GgufValueType.UINT64, null, -1L));
    values.put("array", new GgufValue(GgufValueType.ARRAY, GgufValueType.UINT16, new short[] {-1}));
    values.put("f", GgufValue.of(2.5));
    GgufMetadata metadata = GgufMetadata.of(values);
    assertEquals(200, metadata.integer("u8", 0));
    assertEquals(-2, metadata.integer("i8", 0));
    assertEquals(60000, metadata.integer("u16", 0));
    assertEquals(60000f, metadata.number("u16", 0));
    assertEquals(65535, metadata.integer("array", 0));
    assertArrayEquals(new int[] {65535}, metadata.integers("array"));
    assertEquals(7, metadata.integer("absent", 7));
    for (String key : new String[] {"u64", "f"}) {
      String message =
          String.valueOf(
              assertThrows(ModelFormatException.class, () -> metadata.longInteger(key, 0))
                  .getMessage());
      assertContains(message, "'" + key + "'");
    }
  }

  private Path split(int no, int count, int tensors, String tensor) throws IOException {
    Path file = folder.resolve("m-0000" + (no + 1) + "-of-0000" + count + ".gguf");
    new GgufWriter()
        .put("split.no", new GgufValue(GgufValueType.UINT16, null, (short) no))
        .put("split.count", new GgufValue(GgufValueType.UINT16, null, (short) count))
        .put("split.tensors.count", tensors)
        .tensor(tensor, new float[] {no}, 1)
        .write(file);
    return file;
  }

  @Test
  void aSplitModelIsOneFile() throws IOException {
    Path first = split(0, 2, 2, "a");
    assertContains(refusal(first), "m-00002-of-00002.gguf is missing");
    Path second = split(1, 2, 2, "b");
    for (Path named : new Path[] {first, second}) {
      try (GgufFile read = GgufFile.open(named)) {
        assertEquals(2, read.shards());
        assertEquals(0, read.metadata().integer("split.no", -1));
        assertEquals(java.util.List.of("a", "b"), java.util.List.copyOf(read.tensors().keySet()));
        TensorInfo b = read.tensors().get("b");
        assertEquals(1f, read.map(b, 0, 4).getFloat(0));
      }
    }
    split(1, 2, 2, "a");
    assertContains(refusal(first), "'a'", "another file");
    split(1, 2, 3, "b");
    split(0, 2, 3, "a");
    assertContains(refusal(first), "split.tensors.count", "3", "2 tensors");
    Files.copy(first, second, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertContains(refusal(first), "00002-of-00002", "file 1 of 2");
    Path wrong = folder.resolve("wrong.gguf");
    new GgufWriter().put("split.count", "many").write(wrong);
    assertContains(refusal(wrong), "split.count", "whole number");
    Path renamed = Files.move(first, folder.resolve("renamed.gguf"));
    assertContains(refusal(renamed), "renamed.gguf", "model-00001-of-00002.gguf");
  }

  @Test
  void largeTensorsLieInSeveralWindows() throws IOException {
    Path file = folder.resolve("windows.gguf");
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    new GgufWriter()
        .tensor("small", new float[] {-1}, 1)
        .tensor("large", values, 1000)
        .tensor("last", new float[] {-2}, 1)
        .write(file);
    try (GgufFile read = GgufFile.open(file, 512)) {
      TensorInfo large = read.tensors().get("large");
      for (int from = 0; from + 64 <= 1000; from += 3) {
        ByteBuffer part = read.map(large, 4L * from, 256);
        assertEquals(from, part.getFloat(0));
        assertEquals(from + 63, part.getFloat(252));
      }
      assertEquals(-1f, read.map(read.tensors().get("small"), 0, 4).getFloat(0));
      assertEquals(-2f, read.map(read.tensors().get("last"), 0, 4).getFloat(0));
      assertThrows(IllegalArgumentException.class, () -> read.map(large, 100, 600));
      assertThrows(IllegalArgumentException.class, () -> read.map(large, 3999, 2));
      assertThrows(IllegalArgumentException.class, () -> read.map(large, -1, 2));
    }
  }

  @Test
  void beyondTwoGibibytes() throws IOException {
    Path file = folder.resolve("sparse.gguf");
    long rows = 3L << 18;
    // A hole where the system offers it: the data are never written.
    ByteBuffer header = ByteBuffer.allocate(96).order(ByteOrder.LITTLE_ENDIAN);
    header.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(1).putLong(0);
    string(header, "t");
    header.putInt(2).putLong(1024).putLong(rows).putInt(0).putLong(0);
    long start = 96;
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      header.clear();
      out.write(header);
      ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 7);
      out.write(last, start + 4096 * rows - 4);
    }
    GgufFile read = GgufFile.open(file);
    TensorInfo t = read.tensors().get("t");
    assertEquals(3L << 30, t.bytes());
    assertEquals(7f, read.map(t, t.bytes() - 4096, 4096).getFloat(4092));
    assertEquals(7f, read.map(t, 2049L << 20, 1023 << 20).getFloat((1023 << 20) - 4));
    assertEquals(0f, read.map(t, (1L << 30) - 4096, 8192).getFloat(4096));
    read.closeAndUnmap();
  }

  @Test
  void releaseUnmapsAndCloseForbidsMapping() throws IOException {
    Path file = folder.resolve("release.gguf");
    new GgufWriter().tensor("t", new float[] {5}, 1).write(file);
    GgufFile read = GgufFile.open(file);
    TensorInfo t = read.tensors().get("t");
    assertThrows(IllegalStateException.class, read::release);
    ByteBuffer kept = read.retain().map(t, 0, 4);
    read.close();
    read.close();
    assertThrows(IllegalStateException.class, () -> read.map(t, 0, 4));
    assertThrows(IllegalStateException.class, read::retain);
    assertEquals(5f, kept.getFloat(0));
    read.release();
    assertThrows(IllegalStateException.class, read::release);
    assertEquals(0, read.metadata().values().size());

    GgufFile uncounted = GgufFile.open(file);
    ByteBuffer stays = uncounted.map(t, 0, 4);
    uncounted.close();
    if (Runtime.version().feature() >= 22) {
      assertThrows(IllegalStateException.class, () -> stays.getFloat(0));
    } else {
      assertEquals(5f, stays.getFloat(0));
    }
  }

  @Test
  void releaseFreesTheMemoryAtOnce() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(maps), "Linux tells its mappings");
    Path file = folder.resolve("unmapped.gguf");
    new GgufWriter().tensor("t", new float[] {5}, 1).write(file);
    GgufFile read = GgufFile.open(file).retain();
    assertTrue(Files.readString(maps).contains("unmapped.gguf"));
    read.close();
    assertTrue(Files.readString(maps).contains("unmapped.gguf"));
    read.release();
    assertTrue(!Files.readString(maps).contains("unmapped.gguf"));

    GgufFile again = GgufFile.open(file);
    again.closeAndUnmap();
    again.closeAndUnmap();
    assertTrue(!Files.readString(maps).contains("unmapped.gguf"));
  }
}
