package dev.jllm.core.model;

import dev.jllm.core.arch.families.Architectures;
import dev.jllm.core.testing.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The page docs/architectures.md: made of the registry and of what was measured. */
final class ArchitecturesPage {
  static final Path PATH = Path.of("..", "docs", "architectures.md");

  private ArchitecturesPage() {}

  /** Normalised mean square errors against recorded logits, and whether they are small enough. */
  record Measured(double batch, double chunks, double step, boolean good) {}

  /** The measurements that the page lists. */
  static Map<String, Measured> read() throws IOException {
    Map<String, Measured> measured = new TreeMap<>();
    for (String line : Files.readAllLines(PATH)) {
      String[] cells = line.split("\\|");
      if (cells.length == 6 && cells[2].trim().matches("[0-9.]+e[-+][0-9]+|∞")) {
        measured.put(
            cells[1].trim(),
            new Measured(
                number(cells[2]), number(cells[3]), number(cells[4]), cells[5].trim().equals("✓")));
      }
    }
    return measured;
  }

  private static double number(String cell) {
    return cell.trim().equals("∞") ? Double.POSITIVE_INFINITY : Double.parseDouble(cell.trim());
  }

  static void write(Map<String, Measured> measured) throws IOException {
    Files.writeString(PATH, text(measured), StandardCharsets.UTF_8);
  }

  static String text(Map<String, Measured> measured) {
    List<Recipe> recipes = Recipe.all();
    StringBuilder b = new StringBuilder();
    b.append("# Architectures\n\n");
    b.append("Generated from the registry; `mvn test -Djllm.update` writes it anew. ");
    b.append("Names are those of `general.architecture` in GGUF files. A tick stands where every ");
    b.append("recorded model of an architecture gives the logits of llama.cpp.\n\n");
    b.append("| architecture | recorded models | agrees |\n|---|---|---|\n");
    for (String name : Architectures.names()) {
      List<String> models =
          recipes.stream().filter(r -> r.architecture().equals(name)).map(Recipe::name).toList();
      boolean good =
          !models.isEmpty()
              && models.stream().allMatch(x -> measured.containsKey(x) && measured.get(x).good());
      b.append("| ").append(name).append(" | ").append(String.join(", ", models));
      b.append(" | ").append(good ? "✓" : "").append(" |\n");
    }
    b.append("\n").append(Architectures.names().size()).append(" architectures.\n\n");
    b.append("## Not supported\n\n");
    b.append(
        "These are refused when a file is opened, with the reason. So are models of supported ");
    b.append("architectures that carry a head for ranking instead of a vocabulary.\n\n");
    b.append("| architecture | why not |\n|---|---|\n");
    Architectures.refused()
        .forEach(
            (name, why) -> b.append("| ").append(name).append(" | ").append(why).append(" |\n"));
    b.append("\n");
    b.append("## Distance from the reference\n\n");
    b.append("Normalised mean square error of all logits (48 tokens or more) against llama.cpp ");
    b.append("v0.5.0, the better of its plain and its exact-GELU record: in one batch, in chunks ");
    b.append("of 17 tokens, and token by token. Cache in F32.\n\n");
    b.append(
        """
        The record `minimax-m3-moe` was made with flash attention switched off, where llama.cpp leaves the
        choice of blocks out and sees all tokens; with it on, which is its default, it chooses, as jllm
        always does (`minimax-m3-moe--msa`, here with llama.cpp's rounding of sums, which its choice of
        blocks hangs on). Nothing in the file tells the two apart.

        """);
    b.append("| model | one batch | chunks | steps | within the limit |\n|---|---|---|---|---|\n");
    measured.forEach(
        (name, m) ->
            b.append("| ")
                .append(name)
                .append(" | ")
                .append(cell(m.batch()))
                .append(" | ")
                .append(cell(m.chunks()))
                .append(" | ")
                .append(cell(m.step()))
                .append(" | ")
                .append(m.good() ? "✓" : "")
                .append(" |\n"));
    return b.toString();
  }

  private static String cell(double v) {
    return Double.isInfinite(v) ? "∞" : String.format(Locale.ROOT, "%.0e", v);
  }
}
