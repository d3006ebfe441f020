package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.ContextOverflowException;
import dev.jllm.api.EmbedOptions;
import dev.jllm.api.Model;
import dev.jllm.core.testing.DemoModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Vectors of texts by the demo model. */
@Timeout(120)
class EmbeddingTest extends WithDemoModel {
  private static final String TEXT = "Once upon a time there was a cat.";

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void vectorsHaveLengthOneAndTellTextsApart() {
    List<float[]> v = model.embed(TEXT, "Once upon a time there was a dog.", "What is 2 + 2?");
    assertEquals(3, v.size());
    for (float[] one : v) {
      assertEquals(model.info().embeddingLength(), one.length);
      assertEquals(1, dot(one, one), 1e-5);
    }
    assertTrue(dot(v.get(0), v.get(1)) > dot(v.get(0), v.get(2)));
    assertArrayEquals(v.get(0), model.embed(TEXT).get(0));
  }

  @Test
  void poolingIsWhatItSays() {
    EmbedOptions raw = EmbedOptions.defaults().withNormalized(false);
    float[] first = one(raw.withPooling(EmbedOptions.Pooling.CLS), TEXT);
    float[] last = one(raw.withPooling(EmbedOptions.Pooling.LAST), TEXT);
    float[] mean = one(raw.withPooling(EmbedOptions.Pooling.MEAN), TEXT);
    assertArrayEquals(mean, one(raw, TEXT), "the file names none");
    assertTrue(dot(first, last) / Math.sqrt(dot(first, first) * dot(last, last)) < 0.999);
    // Of a model that looks back alone, the first token's vector does not depend on the rest (of
    // the same length: kernels may round otherwise for another number of rows).
    String other = TEXT.replace("time", "cat");
    assertEquals(model.tokenizer().count(TEXT), model.tokenizer().count(other));
    assertArrayEquals(first, one(raw.withPooling(EmbedOptions.Pooling.CLS), other), 1e-4f);
  }

  private static float[] one(EmbedOptions options, String text) {
    return model.embed(List.of(text), options).get(0);
  }

  @Test
  void longTextsAreTakenInStepsAndTooLongOnesRefused() {
    try (Model wide =
        Model.loader(DemoModel.path()).threads(2).contextLength(3 * Engine.CHUNK).load()) {
      String text = TEXT;
      while (wide.tokenizer().count(text) <= Engine.CHUNK) {
        text = text + " " + TEXT;
      }
      float[] vector = wide.embed(text).get(0);
      assertEquals(1, dot(vector, vector), 1e-4);
    }
    String tooLong = (TEXT + " ").repeat(model.info().contextLength());
    assertThrows(ContextOverflowException.class, () -> model.embed(tooLong));
  }

  @Test
  void aClosedModelEmbedsNothing() {
    Model closed = DemoModel.load();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.embed("x"));
  }
}
