package dev.jllm.api.spi;

import java.util.Iterator;
import java.util.ServiceLoader;

/** Finds the engine. */
public final class ModelProviders {
  private static final String DEFAULT = "dev.jllm.core.engine.JllmModelProvider";

  private ModelProviders() {}

  /**
   * The first provider that {@link ServiceLoader} finds; where service files were stripped (by an
   * Android shrinker, by a fat jar), the engine of this project by its name.
   *
   * @throws IllegalStateException if there is none
   */
  public static ModelProvider find() {
    Iterator<ModelProvider> providers = ServiceLoader.load(ModelProvider.class).iterator();
    if (providers.hasNext()) {
      return providers.next();
    }
    providers =
        ServiceLoader.load(ModelProvider.class, ModelProviders.class.getClassLoader()).iterator();
    if (providers.hasNext()) {
      return providers.next();
    }
    try {
      return (ModelProvider) Class.forName(DEFAULT).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "no engine was found: add the dependency dev.jllm:llm-core, or keep the class " + DEFAULT,
          e);
    }
  }
}
