package dev.jllm.api;

import dev.jllm.api.spi.ModelProviders;
import java.util.List;
import java.util.Objects;

/** What form the answer must have. Anything but {@link #text()} constrains the sampling. */
public final class ResponseFormat {
  /** The kinds of constraint. */
  public enum Kind {
    /** None. */
    TEXT,
    /** Any JSON value that is an object or array. */
    JSON,
    /** JSON that is valid under a schema. */
    JSON_SCHEMA,
    /** Text that a GBNF grammar derives. */
    GRAMMAR,
    /** Text that a regular expression matches as a whole. */
    REGEX,
    /** One of several texts. */
    CHOICE
  }

  private static final ResponseFormat TEXT = new ResponseFormat(Kind.TEXT, "", List.of());
  private static final ResponseFormat JSON = new ResponseFormat(Kind.JSON, "", List.of());

  private final Kind kind;
  private final String definition;
  private final List<String> choices;

  private ResponseFormat(Kind kind, String definition, List<String> choices) {
    this.kind = kind;
    this.definition = Objects.requireNonNull(definition, "definition");
    this.choices = List.copyOf(choices);
  }

  /** Free text. */
  public static ResponseFormat text() {
    return TEXT;
  }

  /** Any JSON object or array. */
  public static ResponseFormat json() {
    return JSON;
  }

  /**
   * JSON that is valid under {@code schema} (draft 2020-12); properties come in the schema's order.
   */
  public static ResponseFormat jsonSchema(String schema) {
    return new ResponseFormat(Kind.JSON_SCHEMA, schema, List.of());
  }

  /**
   * JSON that stands for a value of {@code type}, to be read by {@link GenerationResult#as}.
   *
   * <p>A record or class becomes an object whose members come in the order of its components or
   * fields: let a field for the reasoning come before the one for the answer. All are required, but
   * for those of type {@code Optional} and those marked {@code @Nullable}. Types known besides:
   * strings, numbers, booleans, enums (by name), arrays, lists, sets, maps with string keys, {@code
   * LocalDate}, {@code Instant}, {@code OffsetDateTime}, {@code UUID}, and {@code Object} for
   * anything. A class that is no record has a constructor without parameters, or one that takes its
   * fields in their order, as Kotlin's data classes have.
   *
   * <p>The format holds the model to this form but does not tell it what the members mean: say so
   * in the request.
   *
   * @throws IllegalArgumentException if the type, or one in it, has no JSON form
   */
  public static ResponseFormat of(Class<?> type) {
    return jsonSchema(ModelProviders.find().jsonBinding().schemaOf(type));
  }

  /** Text that the GBNF grammar derives from {@code root}. */
  public static ResponseFormat grammar(String gbnf) {
    return new ResponseFormat(Kind.GRAMMAR, gbnf, List.of());
  }

  /** Text that the regular expression matches as a whole. */
  public static ResponseFormat regex(String pattern) {
    return new ResponseFormat(Kind.REGEX, pattern, List.of());
  }

  /** One of {@code texts}. */
  public static ResponseFormat choice(String... texts) {
    if (texts.length == 0) {
      throw new IllegalArgumentException("choice() needs at least one text");
    }
    return new ResponseFormat(Kind.CHOICE, "", List.of(texts));
  }

  /** The kind. */
  public Kind kind() {
    return kind;
  }

  /** The schema, grammar or expression; empty for the other kinds. */
  public String definition() {
    return definition;
  }

  /** The texts of {@link #choice}; empty for the other kinds. */
  public List<String> choices() {
    return choices;
  }

  @Override
  public String toString() {
    return kind + (choices.isEmpty() ? definition : choices.toString());
  }
}
