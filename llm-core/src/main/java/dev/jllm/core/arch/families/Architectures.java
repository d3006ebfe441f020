package dev.jllm.core.arch.families;

import dev.jllm.api.UnsupportedModelException;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.ModelSpec;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The registry: what each value of {@code general.architecture} stands for. */
public final class Architectures {
  private static final Map<String, Maker> MAKERS = new TreeMap<>();

  static {
    Gemma.register(Architectures::register);
    Gpt.register(Architectures::register);
    Llama.register(Architectures::register);
    Latent.register(Architectures::register);
    Others.register(Architectures::register);
    Qwen.register(Architectures::register);
    Windows.register(Architectures::register);
  }

  private Architectures() {}

  /** Makes the spec of a file. */
  @FunctionalInterface
  public interface Maker {
    /** What the model of {@code m} is. */
    ModelSpec make(Hyper m);
  }

  /** Where families register what they describe. */
  @FunctionalInterface
  public interface Registry {
    /** Registers an architecture by the name that files carry. */
    void add(String name, Maker maker);
  }

  private static void register(String name, Maker maker) {
    if (MAKERS.put(name, maker) != null) {
      throw new IllegalStateException("architecture '" + name + "' is registered twice");
    }
  }

  /** The names of all supported architectures, sorted. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(MAKERS.keySet());
  }

  /** The spec of a file. */
  public static ModelSpec spec(Hyper m) {
    Maker maker = MAKERS.get(m.architecture());
    if (maker == null) {
      throw new UnsupportedModelException(
          "architecture '"
              + m.architecture()
              + "' is not supported; supported are: "
              + String.join(", ", MAKERS.keySet()));
    }
    return maker.make(m);
  }
}
