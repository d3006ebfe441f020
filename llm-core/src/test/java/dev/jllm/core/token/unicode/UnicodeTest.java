package dev.jllm.core.token.unicode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class UnicodeTest {
  /** The tables are what the generator writes; other JDKs than its own check them below. */
  @Test
  @Tag("unicode-16")
  void tablesAreTheGenerators() throws IOException {
    assumeTrue(UnicodeTablesGenerator.canRun());
    for (Map.Entry<String, String> table : UnicodeTablesGenerator.tables().entrySet()) {
      try (InputStream in = Unicode.class.getResourceAsStream(table.getKey())) {
        assertNotNull(in, table.getKey());
        assertEquals(table.getValue(), new String(in.readAllBytes(), StandardCharsets.US_ASCII));
      }
    }
  }

  /** The running JDK may know fewer code points or more, but gives none another class. */
  @Test
  void classesAgreeWithTheJdk() {
    for (int c = 0; c <= 0x10FFFF; c++) {
      boolean known = Character.getType(c) != Character.UNASSIGNED;
      if (known && UnicodeTablesGenerator.assigned(c)) {
        assertEquals(UnicodeTablesGenerator.classOf(c), Unicode.classOf(c), Integer.toHexString(c));
        assertEquals(Character.toLowerCase(c), Unicode.lowercase(c), Integer.toHexString(c));
      }
    }
    assertEquals(0, Unicode.classOf(0x110000));
    assertEquals(0, Unicode.classOf(0x1CC00), "added in 16.0");
    assertEquals(Unicode.SYMBOL, Unicode.classOf(0x2FFC), "added in 15.1");
  }

  @Test
  void decompositionsAgreeWithTheJdk() {
    for (int c = 0; c <= 0x10FFFF; c++) {
      boolean known = Character.getType(c) != Character.UNASSIGNED;
      if (known && UnicodeTablesGenerator.assigned(c) && !(c >= 0xD800 && c <= 0xDFFF)) {
        String nfd = Normalizer.normalize(new String(Character.toChars(c)), Normalizer.Form.NFD);
        assertEquals(nfd.codePointAt(0), Unicode.firstOfDecomposition(c), Integer.toHexString(c));
      }
    }
  }
}
