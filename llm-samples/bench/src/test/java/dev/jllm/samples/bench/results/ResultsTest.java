package dev.jllm.samples.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The page and the picture say what the file of results says. */
class ResultsTest {
  private static final Path DOCS = Path.of("..", "..", "docs");

  @Test
  void tableAndPictureAgreeWithTheFile() throws IOException {
    List<Measurement> all = Results.read(DOCS);
    assertFalse(all.isEmpty());
    String page = Files.readString(DOCS.resolve("benchmarks.md"));
    assertEquals(Results.page(page, all), page, "make the page anew with Results");
    assertEquals(
        Results.picture(all),
        Files.readString(DOCS.resolve("benchmarks.svg")),
        "make the picture anew with Results");
  }

  @Test
  void ratiosAreThoseOfTheSpeeds() throws IOException {
    for (Measurement m : Results.read(DOCS)) {
      assertTrue(m.phase().equals("prompt") || m.phase().equals("decode"), m.line());
      // Of several rounds the ratio is the median of their ratios.
      assertEquals(m.own() / m.peer(), m.ratio(), 0.1 * m.ratio(), m.line());
    }
  }

  @Test
  void pictureIsXmlWithABarForEachNumber() throws Exception {
    List<Measurement> all =
        List.of(
            Measurement.parse("1b-A<B,2,0,prompt,512,100.0,50.0,2.00"),
            Measurement.parse("1b-A<B,2,0,decode,64,10.0,20.0,0.50"),
            Measurement.parse("1b-A<B,1,0,decode,64,11.0,21.0,0.52"));
    var svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(Results.picture(all))));
    List<String> widths = new ArrayList<>();
    var bars = svg.getElementsByTagName("rect");
    for (int i = 0; i < bars.getLength(); i++) {
      if (bars.item(i).getTextContent().contains(",")) {
        widths.add(bars.item(i).getAttributes().getNamedItem("width").getNodeValue());
      }
    }
    assertEquals(List.of("250.0", "125.0", "125.0", "250.0"), widths);
  }

  @Test
  void raceOutputTakesThePlaceOfOlderNumbers() {
    List<Measurement> all = new ArrayList<>();
    all.add(Measurement.parse("1b-Q8_0,2,0,decode,64,1.0,2.0,0.50"));
    Results.merge(
        all,
        RaceOutput.read(
            List.of(
                "| model | threads | prompt 512 at 0: jllm / llama.cpp, ratio | decode 64 at 0:"
                    + " jllm / llama.cpp, ratio |",
                "| --- | --- | --- | --- |",
                "| 1b-Q8_0.gguf | 2 | 155.8 / 138.5, **1.13** | 30.6 / 28.8, **1.06** |",
                "geometric mean: prompt 1.13, decode 1.06; least: prompt 1.13, decode 1.06")));
    assertEquals(
        List.of("1b-Q8_0,2,0,decode,64,30.6,28.8,1.06", "1b-Q8_0,2,0,prompt,512,155.8,138.5,1.13"),
        all.stream().map(Measurement::line).toList());
  }

  @Test
  void linesThatAreNoneAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> Measurement.parse("a,b"));
    assertThrows(
        IllegalArgumentException.class, () -> Measurement.parse("1b,two,0,decode,64,1.0,2.0,0.50"));
  }
}
