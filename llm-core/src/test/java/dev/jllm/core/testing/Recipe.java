package dev.jllm.core.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a tiny model consists of: hyper-parameters and the shapes of its tensors. */
public record Recipe(String name, Map<String, Object> entries, Map<String, long[]> tensors) {

  /** All recipes of the resource {@code architectures.txt}. */
  public static List<Recipe> all() {
    List<Recipe> all = new ArrayList<>();
    try (InputStream in = Recipe.class.getResourceAsStream("architectures.txt");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    java.util.Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
          case "#" -> {}
          case "model" ->
              all.add(new Recipe(words[1], new LinkedHashMap<>(), new LinkedHashMap<>()));
          case "tensor" -> addTensors(all.get(all.size() - 1).tensors(), words[1], words[2]);
          default -> all.get(all.size() - 1).entries().put(words[1], value(words[0], words[2]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** The recipe called {@code name}. */
  public static Recipe of(String name) {
    return all().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }

  /** The value of {@code general.architecture}. */
  public String architecture() {
    return (String) entries.get("general.architecture");
  }

  @Override
  public String toString() {
    return name;
  }

  private static void addTensors(Map<String, long[]> tensors, String name, String shape) {
    String[] sizes = shape.split(",");
    long[] dimensions = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      dimensions[i] = Long.parseLong(sizes[i]);
    }
    int open = name.indexOf('[');
    if (open < 0) {
      tensors.put(name, dimensions);
      return;
    }
    int close = name.indexOf(']');
    for (String range : name.substring(open + 1, close).split(",")) {
      String[] ends = range.split("-");
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int layer = Integer.parseInt(ends[0]); layer <= last; layer++) {
        tensors.put(name.substring(0, open) + layer + name.substring(close + 1), dimensions);
      }
    }
  }

  private static Object value(String type, String text) {
    String[] parts = text.split(",");
    switch (type) {
      case "int":
        return Integer.parseInt(text);
      case "float":
        return Float.parseFloat(text);
      case "bool":
        return Boolean.parseBoolean(text);
      case "text":
        return text;
      case "int[]":
        int[] ints = new int[parts.length];
        for (int i = 0; i < ints.length; i++) {
          ints[i] = Integer.parseInt(parts[i]);
        }
        return ints;
      case "float[]":
        float[] floats = new float[parts.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = Float.parseFloat(parts[i]);
        }
        return floats;
      case "bool[]":
        boolean[] bools = new boolean[parts.length];
        for (int i = 0; i < bools.length; i++) {
          bools[i] = Boolean.parseBoolean(parts[i]);
        }
        return bools;
      default:
        throw new IllegalArgumentException("unknown type " + type);
    }
  }
}
