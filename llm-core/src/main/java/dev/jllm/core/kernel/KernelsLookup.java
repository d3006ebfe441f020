package dev.jllm.core.kernel;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels, once: those of the Vector API where the JVM has them, otherwise plain loops.
 * The system property {@code jllm.kernels} ({@code plain} or {@code vector}) forces a choice; one
 * that cannot be had is an error.
 */
public final class KernelsLookup {
  /** Name of the system property that forces a choice. */
  public static final String PROPERTY = "jllm.kernels";

  private static final Logger LOG = LoggerFactory.getLogger(KernelsLookup.class);
  private static final String VECTOR = "dev.jllm.core.kernel.vector.VectorBootstrap";
  private static final String REMEDY =
      "run on JDK 25 or later with --add-modules jdk.incubator.vector"
          + " (and keep the jar's Multi-Release manifest entry when repackaging)";

  private KernelsLookup() {}

  private static final class Holder {
    static final Kernels CHOSEN = choose(System.getProperty(PROPERTY));
  }

  /** The kernels of this JVM. */
  public static Kernels kernels() {
    return Holder.CHOSEN;
  }

  /** What to do for faster kernels than those in use; empty where there are none. */
  public static String advice() {
    return kernels() instanceof PlainKernels ? REMEDY : "";
  }

  static Kernels choose(@Nullable String forced) {
    String wish = forced == null ? "" : forced.trim().toLowerCase(Locale.ROOT);
    switch (wish) {
      case "plain":
        LOG.info("kernels: plain loops, as {}=plain demands", PROPERTY);
        return new PlainKernels();
      case "vector":
        try {
          return vector();
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
          throw new IllegalStateException(
              PROPERTY + "=vector, but this JVM has no Vector API kernels; " + REMEDY, e);
        }
      case "":
        try {
          return vector();
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
          LOG.warn("kernels: plain loops. For two to four times the speed, {}", REMEDY);
          LOG.debug("why there are no vector kernels", e);
          return new PlainKernels();
        }
      default:
        throw new IllegalStateException(
            PROPERTY + "=" + forced + " is unknown; it must be plain or vector");
    }
  }

  private static Kernels vector() throws ReflectiveOperationException {
    Class.forName("jdk.incubator.vector.FloatVector"); // absent unless the module is added
    Kernels k = (Kernels) Class.forName(VECTOR).getMethod("create").invoke(null);
    LOG.info("kernels: {}", k.description());
    return k;
  }
}
