package dev.jllm.core.token;

import dev.jllm.core.token.split.CodePoints;
import dev.jllm.core.token.split.Splitter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Byte pair encoding (Sennrich et al. 2016, arXiv:1508.07909) by ranked merges within the words
 * that a pre-tokenizer cuts. Most vocabularies write text byte by byte in {@link ByteAlphabet};
 * some (Gemma 4) merge characters and fall back to tokens {@code <0xXX>}.
 */
final class BpeEncoder implements Encoder {
  private static final int SPACE_MARK = 0x2581;

  private final Splitter splitter;
  private final PieceIndex index;
  private final int tokens;
  private final MergeTable merges;
  private final boolean wholeWords;
  private final boolean wholeLineFeeds;
  private final boolean raw;
  private final boolean escapeSpaces;

  /** Byte-level: the piece of each byte's character. Raw: the token {@code <0xXX>} of each byte. */
  private final int[] bytePieces = new int[256];

  /** Raw: the piece of each character plus 2, or 0 where it has not been looked up yet. */
  private final int[] characterPieces;

  private final WordCache cache = new WordCache();

  BpeEncoder(Vocabulary vocabulary, MergeTable merges, PreTokenizers.PreTokenizer preTokenizer) {
    this.merges = merges;
    index = vocabulary.index();
    tokens = vocabulary.size();
    splitter = preTokenizer.splitter();
    wholeWords = preTokenizer.has(PreTokenizers.WHOLE_WORDS);
    wholeLineFeeds = preTokenizer.has(PreTokenizers.GEMMA);
    escapeSpaces = preTokenizer.has(PreTokenizers.RAW);
    raw = escapeSpaces || preTokenizer.has(PreTokenizers.DROP_SPACES);
    characterPieces = new int[raw ? 0x10000 : 0];
    for (int b = 0; b < 256; b++) {
      bytePieces[b] =
          raw
              ? index.find(ByteTokens.text(b))
              : findPiece(String.valueOf(ByteAlphabet.character(b)));
    }
  }

  @Override
  public void encode(String text, int from, int to, boolean afterSpecial, TokenBuffer out) {
    CodePoints points = CodePoints.of(text, from, to);
    if (escapeSpaces) {
      points.replace(' ', SPACE_MARK);
    }
    new Session(from, out).encode(points);
  }

  /** The id of a piece, be it a token or one that occurs in merges only, or -1. */
  private int findPiece(String piece) {
    int id = index.find(piece);
    return id >= 0 ? id : merges.findExtra(piece);
  }

  /** The piece of one character, or -1; looked up once for those of the basic plane. */
  private int characterPiece(int c) {
    if (c >= characterPieces.length) {
      return findPiece(text(c));
    }
    int known = characterPieces[c];
    if (known == 0) {
      known = findPiece(text(c)) + 2;
      characterPieces[c] = known;
    }
    return known - 2;
  }

  private static String text(int codePoint) {
    return new String(Character.toChars(codePoint));
  }

  /** One stretch of text being encoded. */
  private final class Session extends PairMerger {
    private final TokenBuffer out;

    /** The source character at which the next word starts. */
    private int source;

    private char[] characters = new char[64];

    Session(int source, TokenBuffer out) {
      this.source = source;
      this.out = out;
    }

    void encode(CodePoints points) {
      splitter.split(points, 0, points.size(), this::word);
    }

    private void word(CodePoints text, int from, int to) {
      int[] points = text.points();
      if (to - from > WordCache.LONGEST) {
        source = encodeWord(points, from, to, source);
        return;
      }
      int hash = WordCache.hash(points, from, to);
      WordCache.Entry entry = cache.find(hash, points, from, to);
      if (entry != null) {
        out.addAll(entry.ids, entry.ends, source);
        source += length(points, from, to);
        return;
      }
      int first = out.size();
      int start = source;
      source = encodeWord(points, from, to, start);
      int[] ends = out.ends(first);
      for (int i = 0; i < ends.length; i++) {
        ends[i] -= start;
      }
      cache.put(
          new WordCache.Entry(hash, Arrays.copyOfRange(points, from, to), out.ids(first), ends));
    }

    private int length(int[] points, int from, int to) {
      int length = to - from;
      for (int i = from; i < to; i++) {
        length += points[i] >>> 16 == 0 ? 0 : 1;
      }
      return length;
    }

    /** Appends the tokens of one word and returns the source position behind it. */
    private int encodeWord(int[] points, int from, int to, int start) {
      int end = start + length(points, from, to);
      if (wholeWords || wholeLineFeeds && points[from] == '\n') {
        int id = findWhole(points, from, to);
        if (id >= 0) {
          out.add(id, end);
          return end;
        }
      }
      int n = raw ? characters(points, from, to, start) : bytes(points, from, to, start);
      merge(n);
      for (int i = 0; i >= 0; i = next[i]) {
        emit(ids[i], ends[i]);
      }
      return end;
    }

    /** Makes a symbol of each byte. */
    private int bytes(int[] points, int from, int to, int start) {
      reserve(Math.multiplyExact(to - from, 4));
      int n = 0;
      int position = start;
      for (int i = from; i < to; i++) {
        int c = points[i];
        position += c >>> 16 == 0 ? 1 : 2;
        int before = n;
        n = Utf8.symbols(c, bytePieces, ids, n);
        Arrays.fill(ends, before, n, position);
      }
      return n;
    }

    /** Makes a symbol of each character; one without a piece is -1 less its code point. */
    private int characters(int[] points, int from, int to, int start) {
      reserve(to - from);
      int position = start;
      for (int i = from; i < to; i++) {
        int c = points[i];
        position += c >>> 16 == 0 ? 1 : 2;
        int piece = characterPiece(c);
        ids[i - from] = piece >= 0 ? piece : -1 - c;
        ends[i - from] = position;
      }
      return to - from;
    }

    private int findWhole(int[] points, int from, int to) {
      if (characters.length < 4 * (to - from)) {
        characters = new char[4 * (to - from)];
      }
      int n = 0;
      for (int i = from; i < to; i++) {
        n =
            raw
                ? n + Character.toChars(points[i], characters, n)
                : Utf8.characters(points[i], characters, n);
      }
      int hash = 0;
      for (int i = 0; i < n; i++) {
        hash = 31 * hash + characters[i];
      }
      return index.find(characters, 0, n, hash);
    }

    @Override
    int pair(int left, int right) {
      int slot = merges.find(ids[left], ids[right]);
      if (slot < 0) {
        return NO_PAIR;
      }
      mergedId = merges.result(slot);
      return merges.rank(slot);
    }

    private void emit(int id, int end) {
      if (id >= 0 && id < tokens) {
        out.add(id, end);
      } else if (raw) {
        emitBytes(id < 0 ? text(-1 - id) : merges.extra(id), end);
      } else if (id >= 0) {
        emitCharacters(merges.extra(id), end);
      }
    }

    /** A piece that is no token falls apart into the tokens of its bytes, where there are any. */
    private void emitBytes(String piece, int end) {
      byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
      for (byte b : bytes) {
        int id = bytePieces[b & 255];
        if (id >= 0) {
          out.add(id, end);
        }
      }
    }

    /** Of a byte-level piece that is no token only its ASCII characters have tokens. */
    private void emitCharacters(String piece, int end) {
      for (int i = 0; i < piece.length(); i++) {
        int id = piece.charAt(i) < 0x80 ? index.find(piece.substring(i, i + 1)) : -1;
        if (id >= 0) {
          out.add(id, end);
        }
      }
    }
  }
}
