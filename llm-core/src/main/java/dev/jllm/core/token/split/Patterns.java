package dev.jllm.core.token.split;

import static dev.jllm.core.token.unicode.Unicode.LETTER;
import static dev.jllm.core.token.unicode.Unicode.MARK;
import static dev.jllm.core.token.unicode.Unicode.NUMBER;
import static dev.jllm.core.token.unicode.Unicode.PUNCTUATION;
import static dev.jllm.core.token.unicode.Unicode.SPACE;
import static dev.jllm.core.token.unicode.Unicode.SYMBOL;

import dev.jllm.core.token.split.Rules.Tail;

/**
 * The pre-tokenizers' patterns, each a composition of {@link Rules} and, where one model needs its
 * own, of {@link SpecialRules}. The patterns are those of the models' own tokenizers as llama.cpp
 * v0.5.0 applies them, which is what GGUF files are made for: classes of letters are not told apart
 * by case beyond ASCII, for instance.
 */
public final class Patterns {
  private static final CodePointSet KANA_AND_HAN = CodePointSet.of("4E00-9FA5 3040-309F 30A0-30FF");
  private static final CodePointSet HAN_HANGUL_AND_MORE =
      CodePointSet.of("4E00-9FA5 800-4E00 AC00-D7FF");
  private static final CodePointSet CASED_LETTERS =
      CodePointSet.of(
          "41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376 377 "
              + "37B-37D 37F 386 388-38A 38C 38E-3A1 3A3-3F5 3F7-481 48A-52F 531-556 "
              + "10A0-10C5 13A0-13F5 13F8-13FD 1C90-1CBA 1CBD-1CBF 1D00-1D2B 1D6B-1D77 "
              + "1D79-1D9A 1E00-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D "
              + "1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE 1FC2-1FC4 1FC6-1FCC 1FD0-1FD3 1FD6-1FDB "
              + "1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 2115 2119-211D 2124 2126 "
              + "2128 212A-212D 212F-2134 2139 213C-213F 2145-2149 214E 2183 2184 2C00-2C7B "
              + "2C7E-2CE4 2CEB-2CEE 2CF2 2CF3 A640-A66D A680-A69B A722-A76F A771-A787 "
              + "A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F "
              + "104B0-104D3 104D8-104FB 10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943");
  private static final CodePointSet WIDE_PUNCTUATION =
      CodePointSet.of("21-2F 3A-7E FF01-FF0F FF1A-FF5E 2018-201F 3000-3002");
  private static final CodePointSet SENTENCE_MARKS =
      CodePointSet.of("28 7C 2E 2C 21 3F 2026 3002 FF0C 3001 964 6D4 60C 29");
  private static final CodePointSet EAST_ASIAN =
      CodePointSet.of(
          "4E00-9FFF 3400-4DBF 8C48-FAFF 3040-309F 30A0-30FF FF65-FF9F 2F00-2FDF "
              + "E40-E7F E80-EFF 1780-17FF 1000-109F AA60-AA7F A9E0-A9FF AC00-D7AF 1100-11FF");
  private static final CodePointSet HANGUL = CodePointSet.of("AC00-D7A3 3131-318E");
  private static final CodePointSet CHINESE_MARKS =
      CodePointSet.of("FF01 2026 201C 201D 2018 2019 2014 FF1A FF1B FF0C 3001-303F FE30-FE4F");
  private static final CodePointSet BOPOMOFO = CodePointSet.of("3105-312F");

  private static final int WORDS_AND_SPACE = SPACE | LETTER | NUMBER;

  private static final Splitter NUMBERS_FROM_THE_RIGHT = SpecialRules::numbersFromTheRight;

  /** GPT-2: contractions, then words, numbers and other signs, each with its leading space. */
  public static final Splitter GPT2 = rules(Rules.GPT2);

  /** Llama 3: numbers by threes from the left. */
  public static final Splitter LLAMA3 = words(Rules.numbers(3));

  /** Qwen 2: every digit for itself. */
  public static final Splitter QWEN2 = words(Rules.numbers(1));

  /** MiniCPM 5: numbers by threes, then the pattern of Llama 3. */
  public static final Splitter MINICPM5 =
      rules(Rules.numbers(3)).then(words(Rules.numbers(Integer.MAX_VALUE >> 1)));

  /** Jais 2: Llama 3 but for white space, which is cut into powers of two. */
  public static final Splitter JAIS2 =
      rules(
          Rules::contractionAnyCase,
          Rules.word(LETTER | NUMBER, LETTER),
          Rules.numbers(3),
          Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.LINE_ENDS),
          Rules::lineEnds,
          SpecialRules::halvedSpaces);

  /** Qwen 3.5: marks belong to words. */
  public static final Splitter QWEN35 =
      rules(
          Rules::contractionAnyCase,
          Rules.word(LETTER | NUMBER, LETTER | MARK),
          Rules.numbers(1),
          Rules.spaceAndOthers(WORDS_AND_SPACE | MARK, Tail.LINE_ENDS),
          Rules::lineEnds,
          Rules::spacesBeforeSpace,
          Rules::spaces);

  /** Qwen 2 without contractions. */
  public static final Splitter UFAKZEKA =
      rules(
          Rules.word(LETTER | NUMBER, LETTER),
          Rules.numbers(1),
          Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.LINE_ENDS),
          Rules::lineEnds,
          Rules::spacesBeforeSpace,
          Rules::spaces);

  /** Bailing: also a lone {@code 'D} is a contraction; as Qwen 2 otherwise. */
  public static final Splitter BAILING = QWEN2;

  /** Seed-Coder: signs do not take the line ends behind them. */
  public static final Splitter SEED_CODER =
      rules(
          Rules::contractionAnyCase,
          Rules.word(LETTER | NUMBER, LETTER),
          Rules.numbers(1),
          Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.NONE),
          Rules::lineEnds,
          Rules::spacesBeforeSpace,
          Rules::spaces);

  /** Tekken: a capital begins a new word. */
  public static final Splitter TEKKEN =
      rules(
          SpecialRules.casedWord(LETTER, false),
          Rules.numbers(1),
          Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.LINE_ENDS_AND_SLASHES),
          Rules::lineEnds,
          Rules::spacesBeforeSpace,
          Rules::spaces);

  /** GPT-4o: as Tekken, with contractions behind words and numbers by threes. */
  public static final Splitter GPT4O = gpt4o(SpecialRules.casedWord(LETTER, true));

  /** Granite's multilingual embeddings: GPT-4o with marks as parts of words. */
  public static final Splitter GRANITE_MULTILINGUAL =
      gpt4o(SpecialRules.casedWord(LETTER | MARK, true));

  /** Tiny Aya: numbers by threes from the right, then words with marks and contractions. */
  public static final Splitter TINY_AYA =
      NUMBERS_FROM_THE_RIGHT.then(gpt4o(Rules.wordAndContraction(LETTER | NUMBER, LETTER | MARK)));

  /** EXAONE MoE: single spaces between letters do not end a word. */
  public static final Splitter EXAONE_MOE =
      rules(
          Rules::contractionAnyCase,
          SpecialRules::spacedWord,
          Rules.numbers(1),
          Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.ONE_LINE_END_OR_SLASH),
          Rules::lineEnds,
          Rules::spacesBeforeSpace,
          Rules::spaces);

  /** Kimi K2: runs of Han, and words that hold none. */
  public static final Splitter KIMI_K2 =
      rules(
          SpecialRules::han,
          SpecialRules::wordWithoutHan,
          Rules.numbers(3),
          Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.LINE_ENDS),
          Rules::lineEnds,
          Rules::spacesBeforeSpace,
          Rules::spaces,
          (text, at, to) -> at + 1);

  /** StarCoder: every digit for itself, then GPT-2. */
  public static final Splitter STARCODER = rules(Rules.numbers(1)).then(GPT2);

  /** Falcon: runs of punctuation, then GPT-2, then numbers by threes. */
  public static final Splitter FALCON =
      rules(SpecialRules.punctuation("$+<=>^~|`"))
          .then(GPT2)
          .then(rules(SpecialRules::threeAsciiDigits));

  /** What applies where a file names no pre-tokenizer. */
  public static final Splitter DEFAULT =
      rules(SpecialRules.punctuation("$+<=>^~|"))
          .then(GPT2)
          .then(rules(Rules.run(NUMBER)))
          .then(rules(SpecialRules::threeAsciiDigits));

  /** BLOOM: anything but white space and marks that end a clause. */
  public static final Splitter BLOOM = rules(SENTENCE_MARKS.spaceAndOthers());

  /** Viking: BLOOM, then every digit for itself. */
  public static final Splitter VIKING = BLOOM.then(rules(Rules.numbers(1)));

  /** DeepSeek LLM. */
  public static final Splitter DEEPSEEK_LLM =
      rules(Rules.one("\r\n"))
          .then(rules(CASED_LETTERS.anySpaceAndRun()))
          .then(rules(WIDE_PUNCTUATION.anySpaceAndRun()))
          .then(rules(SpecialRules::spacesAtEnd))
          .then(rules(HAN_HANGUL_AND_MORE.run()))
          .then(rules(Rules.run(NUMBER)));

  /** DeepSeek Coder. */
  public static final Splitter DEEPSEEK_CODER =
      rules(Rules.one("\r\n"))
          .then(rules(Rules.anySpaceAndRun(LETTER)))
          .then(rules(Rules.anySpaceAndRun(PUNCTUATION)))
          .then(rules(HAN_HANGUL_AND_MORE.run()))
          .then(rules(Rules.numbers(1)));

  private static final Splitter DEEPSEEK3_WORDS =
      rules(
          SpecialRules::signAndAsciiWord,
          Rules.word(LETTER | PUNCTUATION | SYMBOL, LETTER | MARK),
          Rules.spaceAndRun(PUNCTUATION | SYMBOL, Tail.LINE_ENDS),
          Rules::lineEnds,
          Rules::spacesBeforeSpace,
          Rules::spaces);

  /** DeepSeek V3. */
  public static final Splitter DEEPSEEK3 =
      rules(Rules.numbers(3)).then(rules(KANA_AND_HAN.run())).then(DEEPSEEK3_WORDS);

  /** Spark 2.5: DeepSeek V3 but for line ends and a last cut at every digit. */
  public static final Splitter SPARK =
      rules(Rules.numbers(3))
          .then(rules(KANA_AND_HAN.run()))
          .then(
              rules(
                  SpecialRules::signAndAsciiWord,
                  Rules.word(LETTER | PUNCTUATION | SYMBOL, LETTER | MARK),
                  Rules.spaceAndRun(PUNCTUATION | SYMBOL, Tail.NONE),
                  Rules.one("\r\n"),
                  Rules::spacesBeforeSpace,
                  Rules::spaces))
          .then(rules(Rules.numbers(1)));

  /** AFMoE: numbers by threes from the right, East Asian scripts, then DeepSeek V3's words. */
  public static final Splitter AFMOE =
      NUMBERS_FROM_THE_RIGHT.then(rules(EAST_ASIAN.run())).then(DEEPSEEK3_WORDS);

  /** Youtu: East Asian scripts each for itself, then words with marks. */
  public static final Splitter YOUTU =
      rules(HANGUL.run(), CHINESE_MARKS.run(), BOPOMOFO.run(), KANA_AND_HAN.run())
          .then(
              rules(
                  Rules.wordAndContraction(LETTER | NUMBER, LETTER | MARK),
                  Rules.numbers(1),
                  Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.LINE_ENDS_AND_SLASHES),
                  Rules::lineEnds,
                  Rules::spacesBeforeSpace,
                  Rules::spaces));

  /** Chameleon: tokens that stand for images, pairs of spaces, digits, punctuation, then GPT-2. */
  public static final Splitter CHAMELEON =
      rules(SpecialRules::sentinel)
          .then(rules(SpecialRules::imageToken))
          .then(rules(SpecialRules::indentation))
          .then(rules(Rules.numbers(1)))
          .then(rules(SpecialRules.onePunctuation("$+<=>^`|~")))
          .then(GPT2);

  /** SuperBPE: cuts only inside numbers, by threes from the right. */
  public static final Splitter SUPERBPE =
      rules(Rules.run(NUMBER)).then(SpecialRules::beforeThreeDigits);

  /** Runs of line feeds, and what is between them. */
  public static final Splitter LINES =
      rules(
          (text, at, to) -> {
            boolean feed = text.at(at) == '\n';
            int end = at;
            while (end < to && text.at(end) == '\n' == feed) {
              end++;
            }
            return end;
          });

  /** Laguna: lines, then Qwen 2. */
  public static final Splitter LAGUNA = LINES.then(QWEN2);

  /** Whatever stands between white space. */
  public static final Splitter WHITESPACE =
      rules((text, at, to) -> Rules.some(at, text.skipNot(at, to, SPACE)));

  private Patterns() {}

  private static Splitter rules(Rule... rules) {
    return new RuleSplitter(rules);
  }

  private static Splitter words(Rule numbers) {
    return rules(
        Rules::contractionAnyCase,
        Rules.word(LETTER | NUMBER, LETTER),
        numbers,
        Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.LINE_ENDS),
        Rules::lineEnds,
        Rules::spacesBeforeSpace,
        Rules::spaces);
  }

  private static Splitter gpt4o(Rule word) {
    return rules(
        word,
        Rules.numbers(3),
        Rules.spaceAndOthers(WORDS_AND_SPACE, Tail.LINE_ENDS_AND_SLASHES),
        Rules::lineEnds,
        Rules::spacesBeforeSpace,
        Rules::spaces);
  }
}
