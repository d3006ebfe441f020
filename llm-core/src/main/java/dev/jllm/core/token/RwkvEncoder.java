package dev.jllm.core.token;

/** The longest token that matches, again and again (the RWKV "world" tokenizer). */
final class RwkvEncoder implements Encoder {
  private final ByteTrie trie;
  private final int unknown;

  RwkvEncoder(Vocabulary vocabulary) {
    byte[][] keys = new byte[vocabulary.size()][];
    int[] ids = new int[keys.length];
    for (int id = 0; id < keys.length; id++) {
      keys[id] = RwkvText.unescape(vocabulary.text(id));
      ids[id] = id;
    }
    trie = new ByteTrie(keys, ids);
    unknown = vocabulary.special(SpecialToken.UNK);
  }

  @Override
  public void encode(String text, int from, int to, boolean afterSpecial, TokenBuffer out) {
    Utf8Text bytes = Utf8Text.of(text, from, to);
    int at = 0;
    while (at < bytes.size()) {
      int id = -1;
      int end = at + 1;
      int node = trie.root(bytes.at(at));
      for (int i = at + 1; node >= 0; i++) {
        if (trie.value(node) >= 0) {
          id = trie.value(node);
          end = i;
        }
        node = i < bytes.size() ? trie.child(node, bytes.at(i)) : -1;
      }
      id = id >= 0 ? id : unknown;
      if (id >= 0) {
        out.add(id, bytes.end(end - 1));
      }
      at = end;
    }
  }
}
