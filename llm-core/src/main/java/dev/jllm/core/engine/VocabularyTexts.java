package dev.jllm.core.engine;

import dev.jllm.core.sample.TokenTexts;
import dev.jllm.core.token.SpecialToken;
import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.Vocabulary;

/** What samplers need to know of a tokenizer. */
final class VocabularyTexts implements TokenTexts {
  private final TextTokenizer tokenizer;

  VocabularyTexts(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public int size() {
    return tokenizer.vocabulary().size();
  }

  @Override
  public byte[] bytes(int id) {
    return tokenizer.pieceBytes(id, false);
  }

  @Override
  public byte[] standalone(int id) {
    return tokenizer.decodeBytes(new int[] {id}, 0, 1, false, true);
  }

  @Override
  public int[] tokenize(String text) {
    return tokenizer.encode(text, false, false);
  }

  @Override
  public boolean isEndOfGeneration(int id) {
    return tokenizer.vocabulary().isEndOfGeneration(id);
  }

  @Override
  public int endOfTurn() {
    Vocabulary v = tokenizer.vocabulary();
    int eot = v.special(SpecialToken.EOT);
    return eot == Vocabulary.NONE ? v.special(SpecialToken.EOS) : eot;
  }
}
