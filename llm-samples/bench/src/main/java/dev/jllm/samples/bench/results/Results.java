package dev.jllm.samples.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps {@code benchmarks/results.csv}, the tables of {@code benchmarks.md} and the picture {@code
 * benchmarks.svg} in a folder of documents in step.
 *
 * <pre>{@code
 * java -cp llm-samples/bench/target/jllm-bench.jar dev.jllm.samples.bench.results.Results docs [RACE.md ...]
 * }</pre>
 *
 * <p>Each RACE.md holds what a race printed; its rows take the place of older ones of the same
 * model, threads, depth and phase. Without any, table and picture are made anew from the file.
 */
public final class Results {
  private static final String BEGIN = "<!-- results of benchmarks/results.csv -->\n";
  private static final String END = "<!-- end of results -->\n";

  private Results() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      System.err.println("usage: Results DOCS [RACE.md ...]");
      System.exit(2);
    }
    Path docs = Path.of(args[0]);
    List<Measurement> all = read(docs);
    for (int i = 1; i < args.length; i++) {
      merge(all, RaceOutput.read(Files.readAllLines(Path.of(args[i]))));
    }
    write(docs, all);
    System.out.println(all.size() + " measurements in " + docs);
  }

  private static Path data(Path docs) {
    return docs.resolve("benchmarks").resolve("results.csv");
  }

  /** The measurements of the file, in its order. */
  static List<Measurement> read(Path docs) throws IOException {
    List<Measurement> all = new ArrayList<>();
    for (String line : Files.readAllLines(data(docs))) {
      if (!line.isBlank() && !line.equals(Measurement.HEADER)) {
        all.add(Measurement.parse(line));
      }
    }
    return all;
  }

  /** Newer measurements take the place of older ones; others follow at the end. */
  static void merge(List<Measurement> all, List<Measurement> newer) {
    for (Measurement m : newer) {
      int at = 0;
      while (at < all.size() && !all.get(at).sameAs(m)) {
        at++;
      }
      if (at < all.size()) {
        all.set(at, m);
      } else {
        all.add(m);
      }
    }
  }

  /** Writes the file, the tables and the picture. */
  static void write(Path docs, List<Measurement> all) throws IOException {
    StringBuilder csv = new StringBuilder(Measurement.HEADER).append('\n');
    all.forEach(m -> csv.append(m.line()).append('\n'));
    Files.writeString(data(docs), csv);
    Path page = docs.resolve("benchmarks.md");
    Files.writeString(page, page(Files.readString(page), all));
    Files.writeString(docs.resolve("benchmarks.svg"), picture(all));
  }

  /** The picture: the first table's numbers. */
  static String picture(List<Measurement> all) {
    Measurement first = all.get(0);
    return ResultsPicture.of(all, first.threads(), first.depth());
  }

  /** The page with the tables between its marks made anew. */
  static String page(String page, List<Measurement> all) {
    int from = page.indexOf(BEGIN);
    int to = page.indexOf(END);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("the page lacks the marks " + BEGIN + " and " + END);
    }
    return page.substring(0, from + BEGIN.length())
        + ResultsTable.of(all)
        + "\n"
        + page.substring(to);
  }
}
