package dev.jllm.core.token;

import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.ModelFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a vocabulary from a file's metadata: the entries {@code tokenizer.ggml.*}, the defaults of
 * each kind where entries are missing, and what is known of tokens by their text. Follows llama.cpp
 * v0.5.0 in every default and override.
 */
final class VocabularyReader {
  private static final Logger LOG = LoggerFactory.getLogger(VocabularyReader.class);
  private static final String PREFIX = "tokenizer.ggml.";

  /** What is done to text on its way in and out. */
  static final class Flags {
    boolean addBos;
    boolean addEos;
    boolean addSep;
    boolean addSpacePrefix;
    boolean cleanSpaces;
    boolean mergeSpaces;
    boolean escapeSpaces = true;
    boolean lowercase = true;
    boolean stripAccents = true;
  }

  private final GgufMetadata metadata;
  final String model;
  String pre = "";
  VocabularyType type = VocabularyType.NONE;
  PreTokenizers.@Nullable PreTokenizer preTokenizer;
  final Flags flags = new Flags();
  final int[] special = new int[SpecialToken.values().length];
  String[] texts = {};
  float[] scores = {};
  int[] attributes = {};
  PieceIndex index = new PieceIndex(texts);
  int[] suppressed = {};
  TreeSet<Integer> endOfGeneration = new TreeSet<>();

  VocabularyReader(GgufMetadata metadata) {
    this.metadata = metadata;
    Arrays.fill(special, Vocabulary.NONE);
    String name = metadata.string(PREFIX + "model");
    if (name == null) {
      throw new ModelFormatException(
          "the file has no entry '" + PREFIX + "model'; it holds no vocabulary");
    }
    model = name;
    readType();
    if (type == VocabularyType.NONE) {
      String key = metadata.string("general.architecture", "") + ".vocab_size";
      texts = new String[(int) Math.max(0, Math.min(metadata.longInteger(key, 0), 1 << 24))];
      Arrays.fill(texts, "");
      attributes = new int[texts.length];
      return;
    }
    flags.addSpacePrefix = metadata.bool(PREFIX + "add_space_prefix", flags.addSpacePrefix);
    flags.mergeSpaces = metadata.bool(PREFIX + "remove_extra_whitespaces", flags.mergeSpaces);
    readTokens();
    readSpecials();
    flags.lowercase = metadata.bool(PREFIX + "normalizer.lowercase", flags.lowercase);
    flags.stripAccents = metadata.bool(PREFIX + "normalizer.strip_accents", flags.lowercase);
    readSuppressed();
    KnownTokens.apply(this);
    KnownTokens.strip(this, metadata);
  }

  private void readType() {
    switch (model) {
      case "no_vocab", "none" -> type = VocabularyType.NONE;
      case "llama" -> {
        type = VocabularyType.SENTENCE_PIECE;
        set(SpecialToken.BOS, 1);
        set(SpecialToken.EOS, 2);
        set(SpecialToken.UNK, 0);
        flags.addSpacePrefix = true;
        flags.addBos = true;
      }
      case "bert" -> {
        type = VocabularyType.WORD_PIECE;
        set(SpecialToken.BOS, 101);
        set(SpecialToken.UNK, 100);
        set(SpecialToken.SEP, 102);
        set(SpecialToken.PAD, 0);
        set(SpecialToken.MASK, 103);
        flags.cleanSpaces = true;
        flags.addBos = true;
        flags.addSep = true;
      }
      case "gpt2", "hybriddna", "whitespace" -> {
        type = VocabularyType.BPE;
        set(SpecialToken.BOS, 11);
        set(SpecialToken.EOS, 11);
        readPreTokenizer(metadata.string(PREFIX + "pre", ""));
      }
      case "gemma4" -> {
        type = VocabularyType.BPE;
        readPreTokenizer("gemma4");
      }
      case "t5" -> {
        type = VocabularyType.UNIGRAM;
        set(SpecialToken.EOS, 1);
        set(SpecialToken.UNK, 2);
        set(SpecialToken.PAD, 0);
        flags.addEos = true;
      }
      case "rwkv" -> type = VocabularyType.RWKV;
      case "plamo2" -> {
        type = VocabularyType.PLAMO2;
        set(SpecialToken.BOS, 1);
        set(SpecialToken.EOS, 2);
        set(SpecialToken.UNK, 0);
        set(SpecialToken.PAD, 3);
      }
      default ->
          throw new ModelFormatException(
              "the file's tokenizer is '"
                  + model
                  + "' (entry "
                  + PREFIX
                  + "model); known are llama, gpt2, bert, t5, rwkv, plamo2, gemma4, hybriddna,"
                  + " whitespace and none");
    }
  }

  private void readPreTokenizer(String name) {
    PreTokenizers.PreTokenizer found = PreTokenizers.find(name);
    if (found == null) {
      LOG.warn(
          name.isEmpty()
              ? "the file names no pre-tokenizer ({}pre{}); 'default' is used and may cut text"
                  + " differently than in training"
              : "the pre-tokenizer that {}pre names, '{}', is not known; 'default' is used and may"
                  + " cut text differently than in training",
          PREFIX,
          name);
      found = PreTokenizers.fallback();
      name = "default";
    }
    pre = name;
    preTokenizer = found;
    flags.cleanSpaces = !found.has(PreTokenizers.KEEP_SPACES);
    flags.escapeSpaces = found.has(PreTokenizers.RAW);
    flags.addBos = found.has(PreTokenizers.ADD_BOS);
    flags.addSep = found.has(PreTokenizers.ADD_SEP);
    if (found.has(PreTokenizers.DROP_SPACES)) {
      flags.lowercase = false;
    }
    if (found.has(PreTokenizers.NO_BOS)) {
      set(SpecialToken.BOS, Vocabulary.NONE);
    }
  }

  private void readTokens() {
    List<String> list = metadata.strings(PREFIX + "tokens");
    if (list == null) {
      throw new ModelFormatException(
          "the file has no entry '" + PREFIX + "tokens'; it holds no vocabulary");
    }
    int n = list.size();
    texts = new String[n];
    for (int i = 0; i < n; i++) {
      String text = list.get(i);
      texts[i] = text.isEmpty() ? "[EMPTY_" + i + "]" : text;
    }
    boolean dna = model.equals("hybriddna");
    index = new PieceIndex(dna ? texts.clone() : texts);
    scores = readScores(n);
    attributes = new int[n];
    int[] types = metadata.integers(PREFIX + "token_type");
    checkLength("token_type", types == null ? n : types.length, n);
    for (int i = 0; i < n; i++) {
      attributes[i] = types == null ? TokenAttributes.NORMAL : TokenAttributes.ofType(types[i]);
    }
    if (dna) {
      DnaEncoder.eraseMarkers(texts, index);
    }
  }

  private float[] readScores(int n) {
    Object value = metadata.get(PREFIX + "scores");
    if (value == null) {
      return new float[0];
    }
    float[] read = {};
    if (value instanceof int[] ints) {
      read = new float[ints.length];
      for (int i = 0; i < ints.length; i++) {
        read[i] = ints[i];
      }
    } else {
      float[] floats = metadata.floats(PREFIX + "scores");
      read = floats == null ? read : floats;
    }
    checkLength("scores", read.length, n);
    return Arrays.copyOf(read, n);
  }

  private static void checkLength(String entry, int length, int tokens) {
    if (length < tokens) {
      throw new ModelFormatException(
          "metadata entry '"
              + PREFIX
              + entry
              + "' holds "
              + length
              + " values for "
              + tokens
              + " tokens");
    }
  }

  private void readSpecials() {
    for (SpecialToken role : SpecialToken.values()) {
      if (special[role.ordinal()] >= texts.length) {
        set(role, Vocabulary.NONE);
      }
      readSpecial(role, role.key());
    }
    for (SpecialToken role : SpecialToken.values()) {
      String deprecated = role.deprecatedKey();
      if (deprecated != null) {
        readSpecial(role, deprecated);
      }
    }
    flags.addBos = metadata.bool(PREFIX + "add_bos_token", flags.addBos);
    flags.addEos = metadata.bool(PREFIX + "add_eos_token", flags.addEos);
    flags.addSep = metadata.bool(PREFIX + "add_sep_token", flags.addSep);
    if (preTokenizer != null && preTokenizer.has(PreTokenizers.GEMMA)) {
      flags.addBos = true;
    }
    checkAdded(flags.addBos, SpecialToken.BOS);
    checkAdded(flags.addEos, SpecialToken.EOS);
    checkAdded(flags.addSep, SpecialToken.SEP);
  }

  private void readSpecial(SpecialToken role, String key) {
    if (!metadata.has(key)) {
      return;
    }
    long id = metadata.longInteger(key, Vocabulary.NONE);
    if (id >= 0 && id < texts.length) {
      set(role, (int) id);
    } else {
      LOG.warn("{} names token {}, which the vocabulary does not have; it is ignored", key, id);
    }
  }

  private void checkAdded(boolean added, SpecialToken role) {
    if (added && special[role.ordinal()] == Vocabulary.NONE) {
      throw new ModelFormatException(
          "the file wants a "
              + role
              + " token to be added to text, but names none (entry "
              + role.key()
              + ")");
    }
  }

  private void readSuppressed() {
    int[] listed = metadata.integers(PREFIX + "suppress_tokens");
    if (listed != null) {
      int n = texts.length;
      suppressed = Arrays.stream(listed).filter(id -> id >= 0 && id < n).toArray();
    }
  }

  void set(SpecialToken role, int id) {
    special[role.ordinal()] = id;
  }

  int get(SpecialToken role) {
    return special[role.ordinal()];
  }
}
