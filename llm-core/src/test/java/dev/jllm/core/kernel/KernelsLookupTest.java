package dev.jllm.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelsLookupTest {
  @Test
  void providerIsTheOneThisRunIsMeantToTest() {
    String expected = System.getProperty("jllm.expected.kernels", "plain");
    assertEquals(expected, KernelsLookup.kernels().name());
  }

  /** Runs that force narrow vectors get them; a machine may have none wider than that. */
  @Test
  void vectorsAreNotWiderThanForced() {
    int forced = Integer.getInteger("jllm.expected.bits", Integer.MAX_VALUE);
    String description = KernelsLookup.kernels().description();
    if (description.startsWith("vectors of ")) {
      int bits = Integer.parseInt(description.replaceAll("\\D", ""));
      assertTrue(bits >= 64 && bits <= forced, description + ", forced: " + forced);
    } else {
      assertEquals(Integer.MAX_VALUE, forced, description);
    }
  }

  @Test
  void forcedChoices() {
    assertEquals("plain", KernelsLookup.choose("plain").name());
    Throwable unknown =
        assertThrows(IllegalStateException.class, () -> KernelsLookup.choose("fast"));
    assertTrue(unknown.getMessage().contains("jllm.kernels=fast"), unknown.getMessage());
    if (KernelsLookup.kernels().name().equals("plain")) {
      Throwable absent =
          assertThrows(IllegalStateException.class, () -> KernelsLookup.choose("vector"));
      assertTrue(absent.getMessage().contains("--add-modules jdk.incubator.vector"));
    }
  }
}
