package dev.jllm.core.chat.jinja;

import java.util.function.Consumer;

/** A node of a template's syntax tree, which is also what is executed. */
abstract class Node {
  /** Where it starts in the template. */
  final int position;

  Node(int position) {
    this.position = position;
  }

  /** The direct children that live in the same scope. */
  void children(Consumer<Node> visit) {}

  /** Tells the scope which names are read and assigned here, not counting nested scopes. */
  void declare(Symbols symbols) {
    children(child -> child.declare(symbols));
  }

  /** Finds the place of every name; once, after the whole scope is declared. */
  void bind(Binder binder) {
    children(child -> child.bind(binder));
  }

  /** Whether {@code name} is read anywhere below, nested scopes included. */
  boolean reads(String name) {
    boolean[] found = new boolean[1];
    all(child -> found[0] |= child.reads(name));
    return found[0];
  }

  /** All direct children, those with scopes of their own included. */
  void all(Consumer<Node> visit) {
    children(visit);
  }
}
