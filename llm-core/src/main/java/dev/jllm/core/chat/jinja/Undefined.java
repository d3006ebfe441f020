package dev.jllm.core.chat.jinja;

import org.jspecify.annotations.Nullable;

/** A name or attribute that does not exist: prints as nothing, fails on nearly every other use. */
final class Undefined {
  private final @Nullable String hint;
  private final @Nullable Object owner;
  private final @Nullable Object name;

  private Undefined(@Nullable String hint, @Nullable Object owner, @Nullable Object name) {
    this.hint = hint;
    this.owner = owner;
    this.name = name;
  }

  static Undefined name(String name) {
    return new Undefined(null, null, name);
  }

  static Undefined hint(String hint) {
    return new Undefined(hint, null, null);
  }

  static Undefined attribute(Object owner, Object name) {
    return new Undefined(null, owner, name);
  }

  static Undefined unsafe(Object owner, String name) {
    return hint(
        "access to attribute '" + name + "' of '" + Values.typeName(owner) + "' object is unsafe.");
  }

  String message() {
    if (hint != null) {
      return hint;
    }
    if (owner == null) {
      return "'" + name + "' is undefined";
    }
    String type = owner == None.NONE ? "None" : Values.typeName(owner) + " object";
    if (name instanceof String || name instanceof Text) {
      return "'" + type + "' has no attribute '" + name + "'";
    }
    return type + " has no element " + (name == null ? "None" : Repr.plain(name));
  }

  JinjaException fail() {
    return new JinjaException(message());
  }
}
