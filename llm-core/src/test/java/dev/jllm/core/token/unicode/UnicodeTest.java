package dev.jllm.core.token.unicode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;

class UnicodeTest {
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
