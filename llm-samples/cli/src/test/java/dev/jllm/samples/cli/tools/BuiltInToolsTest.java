package dev.jllm.samples.cli.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInToolsTest {
  @TempDir Path folder;

  @Test
  void calculates() throws Exception {
    assertEquals("42", BuiltInTools.calculator().call("{\"expression\": \"6 * 7\"}"));
    assertThrows(
        IllegalArgumentException.class, () -> BuiltInTools.calculator().call("{\"x\": 1}"));
  }

  @Test
  void tellsTheTime() throws Exception {
    Clock clock = Clock.fixed(Instant.parse("2024-02-29T12:00:00Z"), ZoneId.of("UTC"));
    assertEquals("Thursday, 2024-02-29 12:00:00 UTC", BuiltInTools.clock(clock).call("{}"));
    assertEquals(
        "Thursday, 2024-02-29 21:00:00 Asia/Tokyo",
        BuiltInTools.clock(clock).call("{\"time_zone\": \"Asia/Tokyo\"}"));
    assertThrows(
        IllegalArgumentException.class,
        () -> BuiltInTools.clock(clock).call("{\"time_zone\": \"Moon\"}"));
  }

  @Test
  void readsBelowTheFolderOnly() throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.writeString(folder.resolve("secret.txt"), "secret");
    Files.createDirectory(shared.resolve("sub"));
    Files.writeString(shared.resolve("sub/a.txt"), "Grüezi");
    Files.writeString(shared.resolve(".hidden"), "hidden");
    Files.write(shared.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
    Files.createSymbolicLink(shared.resolve("link"), folder.resolve("secret.txt"));
    FolderReader reader = new FolderReader(shared);
    assertEquals("binary\nlink\nsub/", reader.list(""));
    assertEquals("Grüezi", reader.read("sub/a.txt"));
    assertEquals("Grüezi", reader.readTool().call("{\"path\": \"sub/../sub/a.txt\"}"));
    for (String path :
        new String[] {
          "../secret.txt",
          "link",
          ".hidden",
          "nothing",
          "binary",
          "sub",
          folder + "/secret.txt",
          "\0"
        }) {
      assertThrows(IllegalArgumentException.class, () -> reader.read(path), path);
    }
    assertThrows(IllegalArgumentException.class, () -> reader.list(".."));
  }

  @Test
  void cutsLongFilesBetweenCharacters() throws Exception {
    Files.writeString(folder.resolve("long.txt"), "a" + "é".repeat(100_000));
    String text = new FolderReader(folder).read("long.txt");
    assertTrue(text.startsWith("aé") && text.contains("… (cut after"), "cut");
  }
}
