package dev.jllm.core.grammar.schema;

import dev.jllm.core.grammar.regex.Dfa;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of JSON values, described by a formula in negation normal form. Unique by content within
 * its {@link Formulas}. A leaf about numbers, strings, arrays or objects holds only of values of
 * that type.
 */
final class Formula {
  static final int NULL = 1;
  static final int FALSE = 2;
  static final int TRUE = 4;
  static final int NUMBER = 8;
  static final int STRING = 16;
  static final int ARRAY = 32;
  static final int OBJECT = 64;
  static final int ANY = 127;
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /** The kinds of formula, with the fields they use. */
  enum Kind {
    /** Every value. */
    ALL(ANY),
    /** No value. */
    NONE(ANY),
    /** Values of the types in the mask {@code low}. */
    TYPES(ANY),
    AND(ANY),
    OR(ANY),
    /** What the schema {@code location} describes, or (negated) what it does not. */
    REFERENCE(ANY),
    /** Numbers whose text is in {@code texts}. */
    NUMBER_IN(NUMBER),
    STRING_IN(STRING),
    /** Arrays with low to high elements. */
    LENGTH(ARRAY),
    /** Arrays whose elements from {@code from} up to before {@code to} all satisfy the part. */
    ITEMS_ALL(ARRAY),
    /** Arrays of whose elements in the same range low to high satisfy the part. */
    ITEMS_COUNT(ARRAY),
    UNIQUE(ARRAY),
    NOT_UNIQUE(ARRAY),
    /** Objects with low to high members. */
    MEMBERS(OBJECT),
    /** Objects whose members with a name in {@code texts} all have a value as the part says. */
    MEMBERS_ALL(OBJECT),
    /** Objects that have a member with a name in {@code texts} and a value as the part says. */
    MEMBERS_SOME(OBJECT);

    final int type;

    Kind(int type) {
      this.type = type;
    }
  }

  final Kind kind;
  final int id;
  final int low;
  final int high;
  final int from;
  final int to;
  final @Nullable Dfa texts;
  final @Nullable Location location;
  final boolean negated;
  final List<Formula> parts;

  Formula(int id, Content content) {
    this.id = id;
    kind = content.kind;
    low = content.low;
    high = content.high;
    from = content.from;
    to = content.to;
    texts = content.texts;
    location = content.location;
    negated = content.negated;
    parts = content.parts;
  }

  /** The only part. */
  Formula part() {
    return parts.get(0);
  }

  /** The texts of a leaf that has them. */
  Dfa dfa() {
    if (texts == null) {
      throw new IllegalStateException(kind + " without texts");
    }
    return texts;
  }

  @Override
  public String toString() {
    return kind + "#" + id;
  }

  /** What makes a formula unique; parts are unique themselves. */
  record Content(
      Kind kind,
      int low,
      int high,
      int from,
      int to,
      @Nullable Dfa texts,
      @Nullable Location location,
      boolean negated,
      List<Formula> parts) {}
}
