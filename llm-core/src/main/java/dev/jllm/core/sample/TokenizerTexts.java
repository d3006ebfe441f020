package dev.jllm.core.sample;

import dev.jllm.core.token.SpecialToken;
import dev.jllm.core.token.TextTokenizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** The texts of a tokenizer's vocabulary. */
final class TokenizerTexts implements TokenTexts {
  /** So many lists of breakers a tokenizer: they may come with the requests of strangers. */
  private static final int REMEMBERED = 8;

  /**
   * Breakers cost a walk through the vocabulary and are nearly always the same. They do not refer
   * to the tokenizer, so that its entry goes when it goes.
   */
  private static final Map<TextTokenizer, Map<List<String>, SequenceBreakers>> BREAKERS =
      new WeakHashMap<>();

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
  public SequenceBreakers breakers(List<String> texts) {
    synchronized (BREAKERS) {
      SequenceBreakers known = remembered().get(texts);
      if (known != null) {
        return known;
      }
    }
    SequenceBreakers found = SequenceBreakers.ofTexts(texts, this);
    synchronized (BREAKERS) {
      Map<List<String>, SequenceBreakers> remembered = remembered();
      if (remembered.size() >= REMEMBERED) {
        remembered.clear();
      }
      remembered.put(List.copyOf(texts), found);
    }
    return found;
  }

  private Map<List<String>, SequenceBreakers> remembered() {
    return BREAKERS.computeIfAbsent(tokenizer, t -> new HashMap<>());
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
