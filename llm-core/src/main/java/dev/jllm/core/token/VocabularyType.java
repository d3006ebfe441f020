package dev.jllm.core.token;

/** The kinds of vocabularies, by the algorithm that turns text into their tokens. */
public enum VocabularyType {
  /** No text at all: the model takes and gives bare ids. */
  NONE,
  /** SentencePiece's byte pair encoding by scores ({@code llama}). */
  SENTENCE_PIECE,
  /** Byte pair encoding by ranked merges ({@code gpt2}, {@code gemma4} and kin). */
  BPE,
  /** WordPiece ({@code bert}). */
  WORD_PIECE,
  /** SentencePiece's unigram language model ({@code t5}). */
  UNIGRAM,
  /** The longest match in a trie of bytes ({@code rwkv}). */
  RWKV,
  /** The cheapest path over all matches ({@code plamo2}). */
  PLAMO2
}
