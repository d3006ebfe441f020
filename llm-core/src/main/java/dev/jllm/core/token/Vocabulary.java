package dev.jllm.core.token;

import java.util.Arrays;
import java.util.List;

/**
 * A model's tokens: texts, scores, attributes, the tokens with a role, and how text is turned into
 * tokens and back. Immutable.
 */
public final class Vocabulary {
  /** Stands for a token that the vocabulary does not have. */
  public static final int NONE = -1;

  private final VocabularyType type;
  private final String model;
  private final String pre;
  private final String[] texts;
  private final float[] scores;
  private final int[] attributes;
  private final PieceIndex index;
  private final int[] special;
  private final int[] endOfGeneration;
  private final int[] suppressed;
  private final VocabularyReader.Flags flags;
  private final int longestText;

  Vocabulary(VocabularyReader reader) {
    type = reader.type;
    model = reader.model;
    pre = reader.pre;
    texts = reader.texts;
    scores = reader.scores;
    attributes = reader.attributes;
    index = reader.index;
    special = reader.special.clone();
    endOfGeneration = reader.endOfGeneration.stream().mapToInt(Integer::intValue).toArray();
    suppressed = reader.suppressed;
    flags = reader.flags;
    int longest = 0;
    for (String text : texts) {
      longest = Math.max(longest, text.length());
    }
    longestText = longest;
  }

  /** The kind of the vocabulary. */
  public VocabularyType type() {
    return type;
  }

  /** The value of {@code tokenizer.ggml.model}. */
  public String model() {
    return model;
  }

  /** The name of the pre-tokenizer in force, empty for kinds that have none. */
  public String preTokenizer() {
    return pre;
  }

  /** The number of tokens; ids go from 0 to one less. */
  public int size() {
    return texts.length;
  }

  /** The token's text as it stands in the file, not as it is decoded. */
  public String text(int id) {
    return texts[check(id)];
  }

  /** The token's score: a log probability, a rank, or 0. */
  public float score(int id) {
    return scores.length == 0 ? 0 : scores[check(id)];
  }

  /** The token's {@link TokenAttributes}. */
  public int attributes(int id) {
    return attributes[check(id)];
  }

  /** Whether the token has any of these {@link TokenAttributes}. */
  public boolean is(int id, int mask) {
    return (attributes[check(id)] & mask) != 0;
  }

  /** The id of the token whose text in the file is {@code text}, or {@link #NONE}. */
  public int find(String text) {
    return index.find(text);
  }

  /** The token with that role, or {@link #NONE}. */
  public int special(SpecialToken role) {
    return special[role.ordinal()];
  }

  /** Whether a model that produces this token has ended its turn or text. */
  public boolean isEndOfGeneration(int id) {
    return Arrays.binarySearch(endOfGeneration, id) >= 0;
  }

  /** The tokens that end a turn or text, ascending. */
  public int[] endOfGeneration() {
    return endOfGeneration.clone();
  }

  /** Tokens that the publisher wants never to be produced, ascending as in the file. */
  public int[] suppressed() {
    return suppressed.clone();
  }

  /** Whether BOS is put before a text. */
  public boolean addsBos() {
    return flags.addBos;
  }

  /** Whether EOS is put behind a text. */
  public boolean addsEos() {
    return flags.addEos;
  }

  /** Whether a separator is put behind a text. */
  public boolean addsSep() {
    return flags.addSep;
  }

  /** Whether a space is put before a text (and taken from the front of decoded text). */
  public boolean addsSpacePrefix() {
    return flags.addSpacePrefix;
  }

  /** Whether decoded text loses the spaces before punctuation and some contractions. */
  public boolean cleansSpaces() {
    return flags.cleanSpaces;
  }

  /** Whether several spaces count as one. */
  boolean mergesSpaces() {
    return flags.mergeSpaces;
  }

  /** Whether U+2581 stands for a space within tokens. */
  boolean escapesSpaces() {
    return flags.escapeSpaces;
  }

  boolean lowercases() {
    return flags.lowercase;
  }

  boolean stripsAccents() {
    return flags.stripAccents;
  }

  /** The length of the longest text, in characters. */
  int longestText() {
    return longestText;
  }

  PieceIndex index() {
    return index;
  }

  /** All texts, not to be changed. */
  String[] texts() {
    return texts;
  }

  /** The texts as a list that cannot be changed. */
  public List<String> asList() {
    return List.of(texts);
  }

  private int check(int id) {
    if (id < 0 || id >= texts.length) {
      throw new IllegalArgumentException(
          "token id " + id + " is outside the vocabulary of " + texts.length + " tokens");
    }
    return id;
  }
}
