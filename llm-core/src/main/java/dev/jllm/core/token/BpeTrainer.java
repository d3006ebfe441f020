package dev.jllm.core.token;

import dev.jllm.core.token.split.CodePoints;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Learns a byte-level BPE vocabulary (Sennrich et al. 2016, arXiv:1508.07909): counts the words
 * that a pre-tokenizer cuts from the text, then merges the most frequent pair of neighbours again
 * and again. The outcome depends on the text and the settings alone.
 *
 * <p>Memory is bounded by the number of different words that are kept: when there are too many, the
 * rarest are forgotten. For one thread at a time.
 */
public final class BpeTrainer {
  private static final int CHUNK = 1 << 16;

  private final Settings settings;
  private final PreTokenizers.PreTokenizer preTokenizer;
  private final Map<String, Long> words = new HashMap<>();

  /** Told of every merge as it is learnt. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A merge was learnt.
     *
     * @param done tokens that there are
     * @param target tokens that there shall be
     * @param piece the new piece in the alphabet of byte-level vocabularies
     * @param count how often its two halves stood side by side
     */
    void merged(int done, int target, String piece, long count);
  }

  /** What is to be learnt. Set what differs from the defaults, then {@link #start}. */
  public static final class Settings {
    int size = 4096;
    String preTokenizer = "gpt-2";
    List<String> special = List.of("<|endoftext|>");
    int mostWords = 1 << 20;
    long leastCount = 2;
    Progress progress = (done, target, piece, count) -> {};

    /** How many tokens there shall be, bytes and special tokens included; 4096. */
    public Settings vocabularySize(int tokens) {
      size = tokens;
      return this;
    }

    /** The name of the pre-tokenizer, as in {@code tokenizer.ggml.pre}; gpt-2. */
    public Settings preTokenizer(String name) {
      preTokenizer = name;
      return this;
    }

    /** Control tokens, the first of which begins and ends texts; {@code <|endoftext|>}. */
    public Settings specialTokens(List<String> texts) {
      special = List.copyOf(texts);
      return this;
    }

    /** How many different words are kept at most; 2^20. */
    public Settings mostWords(int count) {
      mostWords = count;
      return this;
    }

    /** A pair that is met less often is not merged; 2. */
    public Settings leastCount(long count) {
      leastCount = count;
      return this;
    }

    /** Who is told of the merges. */
    public Settings progress(Progress listener) {
      progress = listener;
      return this;
    }

    /** A trainer with these settings. */
    public BpeTrainer start() {
      return new BpeTrainer(this);
    }
  }

  /** Settings to begin with. */
  public static Settings settings() {
    return new Settings();
  }

  private BpeTrainer(Settings settings) {
    this.settings = settings;
    PreTokenizers.PreTokenizer found = PreTokenizers.find(settings.preTokenizer);
    if (found == null || found.has(PreTokenizers.RAW | PreTokenizers.DROP_SPACES)) {
      throw new IllegalArgumentException(
          "'"
              + settings.preTokenizer
              + "' names no pre-tokenizer of byte-level vocabularies; known are "
              + PreTokenizers.names());
    }
    if (settings.size < 256 + settings.special.size()) {
      throw new IllegalArgumentException(
          "a vocabulary of "
              + settings.size
              + " tokens has no room for 256 bytes and "
              + settings.special.size()
              + " special tokens");
    }
    preTokenizer = found;
  }

  /** Counts the words of {@code text}, which is taken to be whole: no word goes on behind it. */
  public void add(CharSequence text) {
    CodePoints points = CodePoints.of(text, 0, text.length());
    preTokenizer.splitter().split(points, 0, points.size(), this::count);
    if (words.size() > settings.mostWords) {
      forgetRarest();
    }
  }

  /** Counts the words of a stream, read in chunks that end at line ends where there are any. */
  public void add(Reader text) throws IOException {
    char[] buffer = new char[CHUNK];
    int held = 0;
    for (int n = text.read(buffer, 0, CHUNK); n >= 0; n = text.read(buffer, held, CHUNK - held)) {
      held += n;
      if (held == CHUNK) {
        int end = chunkEnd(buffer);
        add(new String(buffer, 0, end));
        System.arraycopy(buffer, end, buffer, 0, held - end);
        held -= end;
      }
    }
    add(new String(buffer, 0, held));
  }

  private static int chunkEnd(char[] buffer) {
    int end = buffer.length;
    while (end > 0 && buffer[end - 1] != '\n') {
      end--;
    }
    boolean split = end == 0 && Character.isHighSurrogate(buffer[buffer.length - 1]);
    return end > 0 ? end : buffer.length - (split ? 1 : 0);
  }

  private void count(CodePoints text, int from, int to) {
    words.merge(new String(text.points(), from, to - from), 1L, Long::sum);
  }

  /** Forgets words from the rarest on until half of the room is free. */
  private void forgetRarest() {
    for (long least = 1; words.size() > settings.mostWords / 2; least++) {
      long count = least;
      words.values().removeIf(n -> n <= count);
    }
  }

  /** Learns the merges from what has been counted. */
  public TrainedVocabulary train() {
    int target = settings.size - settings.special.size();
    MergeLearner learner = new MergeLearner(target, settings.leastCount);
    words.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> learner.addWord(e.getKey().getBytes(StandardCharsets.UTF_8), e.getValue()));
    learner.learn(settings.progress, settings.special.size());
    return new TrainedVocabulary(
        learner.pieces(), learner.merges(), settings.special, settings.preTokenizer);
  }
}
