package dev.jllm.api;

import dev.jllm.api.spi.ModelProviders;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is still being written: what is known of it so far. Members and elements appear as soon
 * as their value begins to be known, strings grow, numbers and words appear when they have ended.
 *
 * <pre>{@code
 * PartialJson known = PartialJson.create();
 * for (GenerationPart part : stream) {
 *   if (part.kind() == GenerationPart.Kind.TEXT) {
 *     show(known.append(part.text()).value());
 *   }
 * }
 * Person person = stream.result().as(Person.class);
 * }</pre>
 *
 * Not thread-safe.
 */
public interface PartialJson {
  /** One that knows nothing yet. */
  static PartialJson create() {
    return ModelProviders.find().jsonBinding().partialJson();
  }

  /**
   * A listener that tells what is known of the answer after each of its pieces, on the generation's
   * thread. Each value is a copy: it may be kept and shown by another thread.
   */
  static GenerationListener listener(Consumer<@Nullable Object> consumer) {
    PartialJson known = create();
    return new GenerationListener() {
      @Override
      public void onText(String piece) {
        consumer.accept(known.append(piece).snapshot());
      }
    };
  }

  /**
   * Appends the next piece of the text. What follows the value is ignored.
   *
   * @throws IllegalArgumentException if the text is nested too deeply to be honest
   */
  PartialJson append(CharSequence text);

  /**
   * The value so far: a {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean}
   * or null; null also before anything is known. Maps keep the order of the text. It grows with the
   * text, so it is not to be kept or changed.
   */
  @Nullable Object value();

  /** A copy of {@link #value()} that stays as it is. */
  @Nullable Object snapshot();

  /** Whether the value has ended. */
  boolean isComplete();
}
