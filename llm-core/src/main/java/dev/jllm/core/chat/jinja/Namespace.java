package dev.jllm.core.chat.jinja;

/** What {@code namespace()} gives: attributes that inner scopes can assign. */
final class Namespace {
  final DictValue attributes;

  Namespace(DictValue attributes) {
    this.attributes = attributes;
  }
}
