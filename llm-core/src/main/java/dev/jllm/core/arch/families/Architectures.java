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

  /** Known architectures that are refused, by name, each with the reason; sorted. */
  public static Map<String, String> refused() {
    return Refused.reasons();
  }

  /**
   * The spec of a file.
   *
   * @throws UnsupportedModelException if its architecture is refused or unknown
   */
  public static ModelSpec spec(Hyper m) {
    Maker maker = MAKERS.get(m.architecture());
    if (maker == null) {
      throw new UnsupportedModelException(refusal(m.architecture()));
    }
    return maker.make(m);
  }

  private static String refusal(String name) {
    String reason = Refused.reasons().get(name);
    if (reason != null) {
      return "architecture '" + name + "' is not supported: " + reason;
    }
    return "architecture '"
        + name
        + "' is unknown; supported are: "
        + String.join(", ", MAKERS.keySet());
  }
}
