package dev.jllm.gguf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Opens the files of a model, all shards of a split one. */
final class Shards {
  private static final String NO = "split.no";
  private static final String COUNT = "split.count";
  private static final String TENSORS = "split.tensors.count";

  private Shards() {}

  /** The parts in order; any of them may be named. */
  static List<GgufPart> open(Path path, long window) {
    GgufPart named = read(path, 0, window);
    int count = count(named.metadata());
    if (count < 2) {
      return List.of(named);
    }
    ShardName name = ShardName.of(path);
    if (name == null || name.count() != count) {
      named.windows().release(true);
      throw new ModelFormatException(
          named.name()
              + ": metadata entry '"
              + COUNT
              + "': this is one of "
              + count
              + " files, which must be named like "
              + ShardName.fileName("model", 1, count)
              + " to be found together; restore their names");
    }
    List<GgufPart> parts = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Path file = name.sibling(i + 1);
        if (!Files.exists(file)) {
          throw new ModelFormatException(
              file
                  + " is missing: it is file "
                  + (i + 1)
                  + " of the "
                  + count
                  + " files of this model; put all into one folder");
        }
        GgufPart part = read(file, i, window);
        parts.add(part);
        check(part, i, count);
      }
      checkTensors(parts);
    } catch (RuntimeException e) {
      parts.forEach(p -> p.windows().release(true));
      throw e;
    } finally {
      named.windows().release(true);
    }
    return parts;
  }

  /** Number of files that the model says it has. */
  static int count(GgufMetadata metadata) {
    return metadata.integer(COUNT, 1);
  }

  private static void check(GgufPart part, int index, int count) {
    int no = part.metadata().integer(NO, -1);
    int of = part.metadata().integer(COUNT, -1);
    if (no != index || of != count) {
      throw new ModelFormatException(
          part.name()
              + ": metadata entries '"
              + NO
              + "' and '"
              + COUNT
              + "' say file "
              + (no + 1)
              + " of "
              + of
              + ", its name file "
              + (index + 1)
              + " of "
              + count
              + "; the files were renamed or are of different models");
    }
  }

  private static void checkTensors(List<GgufPart> parts) {
    GgufPart first = parts.get(0);
    long sum = parts.stream().mapToLong(p -> p.tensors().size()).sum();
    long said = first.metadata().longInteger(TENSORS, sum);
    if (sum != said) {
      throw new ModelFormatException(
          first.name()
              + ": metadata entry '"
              + TENSORS
              + "' is "
              + said
              + ", but the "
              + parts.size()
              + " files hold "
              + sum
              + " tensors; the files are of different models");
    }
  }

  private static GgufPart read(Path path, int shard, long window) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return GgufPart.read(channel, 0, channel.size(), path.toString(), path, shard, window);
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException("there is no file " + path, e);
    } catch (IOException e) {
      String why = Files.isDirectory(path) ? "it is a folder" : String.valueOf(e.getMessage());
      throw new UncheckedIOException(path + " cannot be read: " + why, e);
    }
  }
}
