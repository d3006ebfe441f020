package dev.jllm.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is written is read again, in both byte orders, from a path and from within a channel. */
class GgufRoundTripTest {
  private static final List<GgmlType> TYPES =
      Arrays.stream(GgmlType.values()).filter(ByteSwap::knows).toList();

  @Property(tries = 150)
  void whatIsWrittenIsRead(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    boolean big = random.nextBoolean();
    int alignment = 1 << random.nextInt(8);
    GgufWriter writer =
        new GgufWriter().order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (random.nextBoolean()) {
      writer.alignment(alignment);
    }
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      metadata.put(name(random, i), value(random, 0));
    }
    metadata.forEach(writer::put);
    Map<String, byte[]> data = new HashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      GgmlType type = TYPES.get(random.nextInt(TYPES.size()));
      long[] shape = new long[1 + random.nextInt(4)];
      Arrays.setAll(shape, d -> 1 + random.nextInt(3));
      shape[0] *= type.blockSize();
      byte[] bytes = new byte[(int) new TensorInfo("", type, shape, 0, 0).bytes()];
      random.nextBytes(bytes);
      String name = name(random, i);
      data.put(name, bytes);
      if (random.nextBoolean()) {
        writer.tensor(name, type, new ByteArrayInputStream(bytes), shape);
      } else {
        writer.tensor(name, type, ByteBuffer.wrap(bytes), shape);
      }
    }
    Path file = Files.createTempFile("jllm", ".gguf");
    try {
      writer.write(file);
      try (GgufFile read = GgufFile.open(file)) {
        check(read, metadata, data);
        assertEquals(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, read.byteOrder());
        assertEquals(Files.size(file), read.bytes());
      }
      byte[] content = Files.readAllBytes(file);
      int before = random.nextInt(100);
      byte[] around = new byte[before + content.length + random.nextInt(100)];
      random.nextBytes(around);
      System.arraycopy(content, 0, around, before, content.length);
      Files.write(file, around);
      GgufFile read;
      try (FileChannel channel = FileChannel.open(file)) {
        read = GgufFile.open(channel, before, content.length);
      }
      check(read, metadata, data);
      read.close();
    } finally {
      Files.delete(file);
    }
  }

  private static void check(
      GgufFile read, Map<String, GgufValue> metadata, Map<String, byte[]> data) {
    Map<String, GgufValue> values = new LinkedHashMap<>(read.metadata().values());
    if (!metadata.containsKey("general.alignment")) {
      values.remove("general.alignment");
    }
    assertEquals(List.copyOf(metadata.keySet()), List.copyOf(values.keySet()));
    metadata.forEach((key, value) -> assertEquals(text(value), text(values.get(key))));
    assertEquals(data.keySet(), read.tensors().keySet());
    read.tensors()
        .forEach(
            (name, tensor) -> {
              byte[] bytes = new byte[(int) tensor.bytes()];
              ByteBuffer mapped = read.map(tensor, 0, bytes.length);
              assertEquals(ByteOrder.LITTLE_ENDIAN, mapped.order());
              assertTrue(mapped.isReadOnly());
              mapped.get(bytes);
              assertEquals(ByteBuffer.wrap(data.get(name)), ByteBuffer.wrap(bytes));
            });
  }

  /** Arrays compare by identity; their text does not. */
  private static String text(GgufValue v) {
    Object x = v.value();
    String content =
        x instanceof GgufValue[] a
            ? Arrays.stream(a).map(GgufRoundTripTest::text).toList().toString()
            : Arrays.deepToString(new Object[] {x});
    return v.type() + " " + v.elementType() + " " + content;
  }

  private static String name(Random random, int i) {
    return "key-\u00e4\u20ac" + i + "." + "x".repeat(random.nextInt(70));
  }

  private static GgufValue value(Random random, int depth) {
    GgufValueType[] types = GgufValueType.values();
    GgufValueType type = types[random.nextInt(types.length)];
    if (depth > 2) {
      type = GgufValueType.INT16;
    }
    return switch (type) {
      case UINT8, INT8 -> new GgufValue(type, null, (byte) random.nextInt());
      case UINT16, INT16 -> new GgufValue(type, null, (short) random.nextInt());
      case UINT32, INT32 -> new GgufValue(type, null, random.nextInt());
      case UINT64, INT64 -> new GgufValue(type, null, random.nextLong());
      case FLOAT32 -> new GgufValue(type, null, random.nextFloat());
      case FLOAT64 -> new GgufValue(type, null, random.nextDouble());
      case BOOL -> new GgufValue(type, null, random.nextBoolean());
      case STRING -> new GgufValue(type, null, string(random));
      case ARRAY -> array(random, depth, types[random.nextInt(types.length)]);
    };
  }

  private static GgufValue array(Random random, int depth, GgufValueType element) {
    // Long ones cross the borders of the buffers.
    int n = random.nextInt(random.nextInt(10) == 0 && depth == 0 ? 30_000 : 5);
    Object array;
    switch (element) {
      case UINT8, INT8 -> {
        byte[] a = new byte[n];
        random.nextBytes(a);
        array = a;
      }
      case UINT16, INT16 -> {
        short[] a = new short[n];
        for (int i = 0; i < n; i++) {
          a[i] = (short) random.nextInt();
        }
        array = a;
      }
      case UINT32, INT32 -> array = random.ints(n).toArray();
      case UINT64, INT64 -> array = random.longs(n).toArray();
      case FLOAT32 -> {
        float[] a = new float[n];
        for (int i = 0; i < n; i++) {
          a[i] = random.nextFloat();
        }
        array = a;
      }
      case FLOAT64 -> array = random.doubles(n).toArray();
      case BOOL -> {
        boolean[] a = new boolean[n];
        for (int i = 0; i < n; i++) {
          a[i] = random.nextBoolean();
        }
        array = a;
      }
      case STRING -> {
        String[] a = new String[n];
        Arrays.setAll(a, i -> string(random));
        array = GgufStrings.of(Arrays.asList(a));
      }
      default -> {
        GgufValue[] a = new GgufValue[Math.min(n, 5)];
        Arrays.setAll(
            a,
            i ->
                array(
                    random,
                    depth + 1,
                    depth < 2 && i == 0 ? GgufValueType.ARRAY : GgufValueType.UINT8));
        array = a;
      }
    }
    return new GgufValue(GgufValueType.ARRAY, element, array);
  }

  private static String string(Random random) {
    return random
        .ints(random.nextInt(20), 0, 4)
        .mapToObj(i -> List.of("a", "\u00df", "\u4e2d", "\ud83d\ude00").get(i))
        .reduce("", String::concat);
  }
}
