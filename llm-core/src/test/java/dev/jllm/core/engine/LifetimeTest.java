package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.ContextOverflowException;
import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationStream;
import dev.jllm.api.Model;
import dev.jllm.api.ModelFormatException;
import dev.jllm.api.Sampling;
import dev.jllm.api.UnsupportedModelException;
import dev.jllm.core.testing.DemoModel;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LifetimeTest {
  @TempDir Path folder;

  @Test
  void nothingWorksAfterClosing() {
    Model model = DemoModel.load();
    model.close();
    model.close();
    for (Runnable use :
        List.<Runnable>of(
            () -> model.generate("Hi"),
            model::info,
            model::tokenizer,
            model::diagnostics,
            model::openSession)) {
      IllegalStateException e = assertThrows(IllegalStateException.class, use::run);
      assertTrue(e.getMessage().contains("closed"), e.getMessage());
    }
  }

  @Test
  void closingWhileOthersGenerateIsSafe() {
    for (int round = 0; round < 3; round++) {
      Model model = DemoModel.load();
      List<GenerationStream> streams = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        streams.add(
            model.stream(
                GenerationRequest.builder()
                    .prompt("Once")
                    .maxNewTokens(450)
                    .ignoreEndOfGeneration(true)
                    .build()));
      }
      streams.get(0).next();
      model.close();
      for (GenerationStream stream : streams) {
        try {
          assertEquals(FinishReason.CANCELLED, stream.result().finishReason());
        } catch (dev.jllm.api.GenerationCancelledException beforeTheFirstToken) {
          assertTrue(beforeTheFirstToken.getMessage().contains("cancelled"));
        }
      }
    }
  }

  @Test
  void loadsFromAPartOfAFile() throws Exception {
    byte[] bytes = Files.readAllBytes(DemoModel.path());
    Path asset = folder.resolve("assets.bin");
    byte[] padded = new byte[bytes.length + 777];
    System.arraycopy(bytes, 0, padded, 500, bytes.length);
    Files.write(asset, padded);
    try (FileChannel channel = FileChannel.open(asset, StandardOpenOption.READ);
        Model model = Model.loader(channel, 500, bytes.length).load()) {
      GenerationRequest request =
          GenerationRequest.builder()
              .prompt("Once upon a time")
              .sampling(Sampling.greedy())
              .maxNewTokens(4)
              .build();
      assertEquals(", there was a", model.generate(request).text());
    }
  }

  @Test
  void reportsTheProgressOfLoading() {
    List<Double> fractions = new ArrayList<>();
    Model.loader(DemoModel.path()).onProgress(fractions::add).load().close();
    assertEquals(0.0, fractions.get(0));
    assertEquals(1.0, fractions.get(fractions.size() - 1));
    List<Double> sorted = new ArrayList<>(fractions);
    sorted.sort(null);
    assertEquals(sorted, fractions);
  }

  @Test
  void badFilesAreNamed() throws Exception {
    Path text = folder.resolve("text.gguf");
    Files.writeString(text, "This is no model, it is a text of some length.");
    assertTrue(
        assertThrows(ModelFormatException.class, () -> Model.load(text))
            .getMessage()
            .contains("text.gguf"));
    Path cut = folder.resolve("cut.gguf");
    byte[] bytes = Files.readAllBytes(DemoModel.path());
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    assertThrows(ModelFormatException.class, () -> Model.load(cut));
    Path missing = folder.resolve("missing.gguf");
    assertTrue(
        assertThrows(UncheckedIOException.class, () -> Model.load(missing))
            .getMessage()
            .contains("no such file"));
  }

  @Test
  void anUnknownArchitectureIsNamed() throws Exception {
    byte[] bytes = Files.readAllBytes(DemoModel.path());
    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("llama");
    bytes[at] = 'x';
    Path file = folder.resolve("xlama.gguf");
    Files.write(file, bytes);
    UnsupportedModelException e =
        assertThrows(UnsupportedModelException.class, () -> Model.load(file));
    assertTrue(e.getMessage().contains("xlama"), e.getMessage());
    assertTrue(e.getMessage().contains("qwen3"), "supported ones are listed: " + e.getMessage());
    System.arraycopy("rwkv7".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, bytes, at, 5);
    Files.write(file, bytes);
    e = assertThrows(UnsupportedModelException.class, () -> Model.load(file));
    assertTrue(e.getMessage().contains("'rwkv7' is not supported: recurrent"), e.getMessage());
  }

  @Test
  void badRequestsAreRefused() {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> Sampling.builder().temperature(-1))
            .getMessage()
            .contains("temperature is -1.0"));
    assertThrows(IllegalArgumentException.class, () -> GenerationRequest.builder().build());
    try (Model model = DemoModel.load()) {
      assertTrue(
          assertThrows(
                  IllegalArgumentException.class,
                  () -> model.generate(GenerationRequest.builder().prompt("").build()))
              .getMessage()
              .contains("the prompt is empty"));
      assertTrue(
          assertThrows(
                  ContextOverflowException.class,
                  () ->
                      model.generate(
                          GenerationRequest.builder().prompt("a b ".repeat(900)).build()))
              .getMessage()
              .contains("the context holds 512"));
    }
  }
}
