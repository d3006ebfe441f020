package dev.jllm.core.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.gguf.GgufMetadata;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
  private static final String TEXT = "low low low low lower lower newest newest newest widest\n";

  @Test
  void learnsTheMostFrequentPairsFirst() {
    BpeTrainer trainer = BpeTrainer.settings().vocabularySize(262).start();
    trainer.add(TEXT);
    TrainedVocabulary learnt = trainer.train();
    assertEquals(List.of("l o", "lo w", "Ġ low", "e s", "es t"), learnt.merges());
    assertEquals(261, learnt.pieces().size());
  }

  @Test
  void whatItLearnsIsAVocabulary() {
    List<String> seen = new ArrayList<>();
    BpeTrainer trainer =
        BpeTrainer.settings()
            .vocabularySize(270)
            .specialTokens(List.of("<|endoftext|>", "<|im_end|>"))
            .progress((done, target, piece, count) -> seen.add(done + "/" + target))
            .start();
    trainer.add(TEXT);
    TextTokenizer tokenizer = Tokenizers.of(new GgufMetadata(trainer.train().metadata()));
    int[] ids = tokenizer.encode(TEXT + "<|im_end|>", false, true);
    assertEquals(TEXT + "<|im_end|>", tokenizer.decode(ids, 0, ids.length, false, true));
    assertTrue(ids.length < TEXT.length() / 2, () -> ids.length + " tokens");
    assertEquals("259/270", seen.get(0));
    assertTrue(tokenizer.vocabulary().isEndOfGeneration(ids[ids.length - 1]));
  }

  /** The order in which texts come, and how they are read, changes nothing. */
  @Property(tries = 30)
  void sameTextSameMerges(
      @ForAll @Size(max = 30) List<@AlphaChars @StringLength(max = 6) String> words)
      throws IOException {
    BpeTrainer lines = BpeTrainer.settings().vocabularySize(300).start();
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      lines.add(word + "\n");
      text.append(word).append('\n');
    }
    BpeTrainer stream = BpeTrainer.settings().vocabularySize(300).start();
    stream.add(new StringReader(text.toString()));
    assertEquals(
        new ArrayList<>(lines.train().merges()).stream().filter(m -> !m.contains("Ċ")).toList(),
        new ArrayList<>(stream.train().merges()).stream().filter(m -> !m.contains("Ċ")).toList());
  }

  @Test
  void longStreamsAreReadInChunks() throws IOException {
    String text = TEXT.repeat(8000) + "x".repeat(10_000);
    BpeTrainer trainer = BpeTrainer.settings().vocabularySize(280).start();
    trainer.add(new StringReader(text));
    assertEquals("l o", trainer.train().merges().get(0));
  }

  @Test
  void rareWordsAreForgottenWhenThereAreTooMany() {
    BpeTrainer trainer = BpeTrainer.settings().vocabularySize(258).mostWords(100).start();
    for (int i = 0; i < 1000; i++) {
      trainer.add("common x" + (char) ('a' + i % 26) + (char) ('a' + i / 26));
    }
    assertArrayEquals(new Object[] {"c o"}, trainer.train().merges().toArray());
  }

  @Test
  void refusesWhatCannotBe() {
    assertThrows(
        IllegalArgumentException.class, () -> BpeTrainer.settings().preTokenizer("gemma4").start());
    assertThrows(
        IllegalArgumentException.class, () -> BpeTrainer.settings().vocabularySize(256).start());
  }
}
