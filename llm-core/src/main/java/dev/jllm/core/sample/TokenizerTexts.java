package dev.jllm.core.sample;

import dev.jllm.core.token.SpecialToken;
import dev.jllm.core.token.TextTokenizer;

/** The texts of a tokenizer's vocabulary. */
final class TokenizerTexts implements TokenTexts {
  private final TextTokenizer tokenizer;

  TokenizerTexts(TextTokenizer tokenizer) {
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
    int turn = tokenizer.vocabulary().special(SpecialToken.EOT);
    return turn >= 0 ? turn : tokenizer.vocabulary().special(SpecialToken.EOS);
  }
}
