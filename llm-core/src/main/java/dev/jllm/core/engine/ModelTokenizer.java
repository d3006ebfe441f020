package dev.jllm.core.engine;

import dev.jllm.api.TokenSpan;
import dev.jllm.api.Tokenizer;
import dev.jllm.core.token.Encoding;
import dev.jllm.core.token.TextTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The public face of a tokenizer. */
final class ModelTokenizer implements Tokenizer {
  private final TextTokenizer tokenizer;
  private final Lifetime lifetime;

  ModelTokenizer(TextTokenizer tokenizer, Lifetime lifetime) {
    this.tokenizer = tokenizer;
    this.lifetime = lifetime;
  }

  private TextTokenizer open() {
    lifetime.checkOpen();
    return tokenizer;
  }

  @Override
  public int[] encode(String text) {
    return open().encode(text, false, false);
  }

  @Override
  public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
    return open().encode(text, addSpecial, parseSpecial);
  }

  @Override
  public String decode(int... ids) {
    return open().decode(ids, 0, ids.length, true, false);
  }

  @Override
  public String piece(int id) {
    return new String(open().pieceBytes(id, true), StandardCharsets.UTF_8);
  }

  @Override
  public List<TokenSpan> spans(String text) {
    Encoding encoding = open().encodeWithOffsets(text, false, false);
    List<TokenSpan> spans = new ArrayList<>(encoding.size());
    for (int i = 0; i < encoding.size(); i++) {
      spans.add(new TokenSpan(encoding.id(i), encoding.start(i), encoding.end(i)));
    }
    return spans;
  }

  @Override
  public int count(String text) {
    return open().count(text);
  }

  @Override
  public int vocabularySize() {
    return open().vocabulary().size();
  }

  @Override
  public boolean isEndOfGeneration(int id) {
    return open().vocabulary().isEndOfGeneration(id);
  }
}
