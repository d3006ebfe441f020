package dev.jllm.samples.cli.tools;

import dev.jllm.api.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads text files below one folder, and nothing else: a path is resolved with all its links before
 * it is compared with the folder, so neither {@code ..} nor a link leads out of it. Hidden files
 * and folders are not shown.
 */
final class FolderReader {
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_ENTRIES = 200;

  private final Path root;

  /**
   * @throws IllegalArgumentException if there is no such folder
   */
  FolderReader(Path folder) {
    try {
      root = folder.toRealPath();
    } catch (IOException e) {
      throw new IllegalArgumentException("There is no folder " + folder, e);
    }
    if (!Files.isDirectory(root)) {
      throw new IllegalArgumentException(folder + " is no folder");
    }
  }

  Tool listTool() {
    return Tool.of(
        "list_files",
        "Lists the files and folders in a folder that the user shared.",
        """
        {"type": "object", "properties": {"path": {"type": "string",
         "description": "Relative path; left out, the shared folder itself"}},
         "additionalProperties": false}""",
        arguments -> list(BuiltInTools.MAPPER.readTree(arguments).path("path").asText("")));
  }

  Tool readTool() {
    return Tool.of(
        "read_file",
        "Reads a text file from a folder that the user shared.",
        """
        {"type": "object", "properties": {"path": {"type": "string",
         "description": "Relative path of the file"}},
         "required": ["path"], "additionalProperties": false}""",
        arguments -> read(BuiltInTools.text(arguments, "path")));
  }

  String list(String path) throws IOException {
    Path folder = resolve(path);
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(path + " is no folder; read_file reads a file");
    }
    List<String> names;
    try (Stream<Path> entries = Files.list(folder)) {
      names =
          entries
              .filter(e -> !e.getFileName().toString().startsWith("."))
              .map(e -> e.getFileName() + (Files.isDirectory(e) ? "/" : ""))
              .sorted()
              .limit(MAX_ENTRIES + 1L)
              .toList();
    }
    if (names.isEmpty()) {
      return "(empty)";
    }
    return names.size() > MAX_ENTRIES
        ? String.join("\n", names.subList(0, MAX_ENTRIES)) + "\n… and more"
        : String.join("\n", names);
  }

  String read(String path) throws IOException {
    Path file = resolve(path);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(path + " is no file; list_files shows what there is");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    boolean cut = bytes.length > MAX_BYTES;
    int length = cut ? MAX_BYTES : bytes.length;
    // A cut must not fall within a character.
    while (cut && length > 0 && (bytes[length] & 0xc0) == 0x80) {
      length--;
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, 0, length))
              .toString();
      return cut ? text + "\n… (cut after " + MAX_BYTES + " bytes)" : text;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(path + " is no text file", e);
    }
  }

  private Path resolve(String path) throws IOException {
    Path real;
    try {
      real = root.resolve(path).toRealPath();
    } catch (InvalidPathException | java.nio.file.NoSuchFileException e) {
      throw new IllegalArgumentException("there is no " + path, e);
    }
    if (!real.startsWith(root)) {
      throw new IllegalArgumentException(path + " is outside the shared folder");
    }
    for (Path part : root.relativize(real)) {
      if (part.toString().startsWith(".")) {
        throw new IllegalArgumentException("there is no " + path);
      }
    }
    return real;
  }
}
