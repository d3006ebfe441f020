package dev.jllm.core.token.split;

/**
 * Cuts a stretch of text into shorter ones. What a splitter sees outside its stretch is nothing: to
 * it the stretch's ends are the text's ends. Immutable and usable by many threads.
 */
@FunctionalInterface
public interface Splitter {
  /** Hands the parts of {@code from} to {@code to} on, in order, leaving no gap. */
  void split(CodePoints text, int from, int to, Words words);

  /** Cuts what this splitter hands on by {@code next}. */
  default Splitter then(Splitter next) {
    return (text, from, to, words) ->
        split(text, from, to, (t, f, e) -> next.split(t, f, e, words));
  }
}
