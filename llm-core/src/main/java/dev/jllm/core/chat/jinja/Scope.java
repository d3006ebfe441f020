package dev.jllm.core.chat.jinja;

import org.jspecify.annotations.Nullable;

/** The variables of a scope while it runs. */
final class Scope {
  final Rendering rendering;
  final @Nullable Scope parent;
  final @Nullable Object[] slots;

  Scope(Rendering rendering, @Nullable Scope parent, Symbols symbols) {
    this.rendering = rendering;
    this.parent = parent;
    this.slots = new @Nullable Object[symbols.size()];
  }

  @Nullable Object get(int hops, int slot) {
    Scope s = this;
    for (int i = 0; i < hops && s.parent != null; i++) {
      s = s.parent;
    }
    return s.slots[slot];
  }
}
