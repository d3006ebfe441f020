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
