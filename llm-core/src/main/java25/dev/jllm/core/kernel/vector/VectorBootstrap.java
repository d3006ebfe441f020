package dev.jllm.core.kernel.vector;

import dev.jllm.core.kernel.Kernels;

/**
 * Makes the vector kernels. This class itself must not mention the Vector API: in a named module
 * the module has to be read first, which only code that links without it can arrange.
 */
public final class VectorBootstrap {
  private VectorBootstrap() {}

  /** The vector kernels; throws where the JVM lacks the module. */
  public static Kernels create() throws ReflectiveOperationException {
    Module own = VectorBootstrap.class.getModule();
    Module incubator =
        ModuleLayer.boot()
            .findModule("jdk.incubator.vector")
            .orElseThrow(() -> new IllegalStateException("no module jdk.incubator.vector"));
    own.addReads(incubator);
    return (Kernels)
        Class.forName("dev.jllm.core.kernel.vector.VectorKernels")
            .getDeclaredConstructor()
            .newInstance();
  }
}
