package dev.jllm.samples.bench.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as tables in Markdown, one for each number of threads and depth. */
final class ResultsTable {
  private ResultsTable() {}

  /** All tables, in the order of the file. */
  static String of(List<Measurement> all) {
    StringBuilder text = new StringBuilder();
    List<Measurement> heads = new ArrayList<>();
    for (Measurement m : all) {
      if (heads.stream().noneMatch(m::sameTable)) {
        heads.add(m);
        table(all.stream().filter(m::sameTable).toList(), text);
      }
    }
    return text.toString();
  }

  private static void table(List<Measurement> rows, StringBuilder text) {
    Measurement first = rows.get(0);
    text.append('\n').append(title(first));
    text.append(":\n\n| | prompt: jllm / llama.cpp | ratio | decode: jllm / llama.cpp | ratio |\n");
    text.append("|---|---|---|---|---|\n");
    List<String> models = rows.stream().map(Measurement::model).distinct().toList();
    for (String model : models) {
      List<Measurement> own = rows.stream().filter(m -> m.model().equals(model)).toList();
      text.append("| ").append(model).append(" |");
      cells(own, "prompt", text);
      cells(own, "decode", text);
      text.append('\n');
    }
    for (String shape : rows.stream().map(Measurement::shape).distinct().toList()) {
      List<Measurement> own = rows.stream().filter(m -> m.shape().equals(shape)).toList();
      if (own.stream().map(Measurement::model).distinct().count() > 1) {
        text.append("| geometric mean of ").append(shape).append(" |");
        mean(own, "prompt", text);
        mean(own, "decode", text);
        text.append('\n');
      }
    }
  }

  /** What the numbers of a table have in common. */
  static String title(Measurement m) {
    return (m.threads() == 1 ? "One thread" : m.threads() + " threads")
        + (m.depth() == 0 ? ", empty context" : ", behind " + m.depth() + " tokens");
  }

  private static void cells(List<Measurement> rows, String phase, StringBuilder text) {
    for (Measurement m : rows) {
      if (m.phase().equals(phase)) {
        text.append(
            String.format(Locale.ROOT, " %.1f / %.1f | **%.2f** |", m.own(), m.peer(), m.ratio()));
        return;
      }
    }
    text.append(" | |");
  }

  private static void mean(List<Measurement> rows, String phase, StringBuilder text) {
    double sum = 0;
    int n = 0;
    for (Measurement m : rows) {
      if (m.phase().equals(phase)) {
        sum += Math.log(m.ratio());
        n++;
      }
    }
    text.append(n == 0 ? " | |" : String.format(Locale.ROOT, " | **%.2f** |", Math.exp(sum / n)));
  }
}
