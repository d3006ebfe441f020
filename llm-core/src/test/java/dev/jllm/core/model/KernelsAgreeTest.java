package dev.jllm.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.testing.RandomModel;
import dev.jllm.core.testing.Recipe;
import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plain loops and the Vector API give the same logits for every architecture. Kernels are chosen
 * once for all classes, so a second class loader holds the engine once more, with plain kernels; it
 * is reached from outside its package, so the class is public.
 */
@Tag("vector-api")
public class KernelsAgreeTest {
  private static final int TOKENS = 40;

  private static URLClassLoader loader = new URLClassLoader(new URL[0]);
  private static Method plain = KernelsAgreeTest.class.getDeclaredMethods()[0];

  @TempDir Path folder;

  @BeforeAll
  static void loadTwice() throws ReflectiveOperationException, MalformedURLException {
    String own = KernelsLookup.kernels().description();
    assertEquals("vector", KernelsLookup.kernels().name(), () -> KernelsLookup.advice().toString());
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    String before = System.getProperty(KernelsLookup.PROPERTY);
    System.setProperty(KernelsLookup.PROPERTY, "plain");
    try {
      Class<?> lookup = loader.loadClass(KernelsLookup.class.getName());
      Object kernels = lookup.getMethod("kernels").invoke(null);
      assertNotEquals(own, kernels.toString());
      assertTrue(kernels.getClass().getSimpleName().startsWith("Plain"));
    } finally {
      if (before == null) {
        System.clearProperty(KernelsLookup.PROPERTY);
      } else {
        System.setProperty(KernelsLookup.PROPERTY, before);
      }
    }
    plain =
        loader
            .loadClass(KernelsAgreeTest.class.getName())
            .getMethod("logits", String.class, int[].class, int.class);
  }

  @AfterAll
  static void unload() throws java.io.IOException {
    loader.close();
  }

  static List<Recipe> recipes() {
    return Recipe.all();
  }

  /** What the kernels of the class loader at hand make of a file: all logits. */
  public static float[] logits(String path, int[] ids, int chunk) {
    try (TinyModel tiny = new TinyModel(Path.of(path), 256)) {
      return tiny.logits(tiny.model.newSequence(), ids, chunk);
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void plainAndVectorKernelsGiveTheSameLogits(Recipe recipe) throws ReflectiveOperationException {
    Path path = folder.resolve("model.gguf");
    RandomModel.write(recipe, 23, path);
    Random random = new Random(recipe.name().hashCode());
    int[] ids = random.ints(TOKENS, 0, 60).toArray();
    float[] ours = logits(path.toString(), ids, TOKENS);
    float[] theirs = (float[]) plain.invoke(null, path.toString(), ids, TOKENS);
    double e = TinyModel.nmse(ours, theirs);
    double limit = ArchitecturePropertiesTest.limit(recipe);
    assertTrue(e <= limit, () -> "NMSE " + e);
  }
}
