package dev.jllm.samples.bench.results;

import java.util.Locale;

/**
 * One row of the file of results: a model's speed in one phase, beside that of llama.cpp.
 *
 * @param model the shape and the format of the weights, as {@code 1b-Q4_K_M}
 * @param threads threads of both engines
 * @param depth tokens in the cache before
 * @param phase {@code prompt} or {@code decode}
 * @param tokens tokens of the prompt, or decoded
 * @param own tokens a second of jllm
 * @param peer tokens a second of llama.cpp
 * @param ratio of the speeds; where there were several rounds, the median of theirs
 */
record Measurement(
    String model,
    int threads,
    int depth,
    String phase,
    int tokens,
    double own,
    double peer,
    double ratio) {
  static final String HEADER = "model,threads,depth,phase,tokens,jllm,llama.cpp,ratio";

  /** Reads a line of the file. */
  static Measurement parse(String line) {
    String[] f = line.split(",", -1);
    if (f.length != 8) {
      throw new IllegalArgumentException(
          "'" + line + "' has " + f.length + " fields where '" + HEADER + "' has 8");
    }
    try {
      return new Measurement(
          f[0],
          Integer.parseInt(f[1]),
          Integer.parseInt(f[2]),
          f[3],
          Integer.parseInt(f[4]),
          Double.parseDouble(f[5]),
          Double.parseDouble(f[6]),
          Double.parseDouble(f[7]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + line + "': " + e.getMessage(), e);
    }
  }

  /** The line of the file. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%s,%d,%.1f,%.1f,%.2f",
        model,
        threads,
        depth,
        phase,
        tokens,
        own,
        peer,
        ratio);
  }

  /** Whether this is a newer or older measurement of the same. */
  boolean sameAs(Measurement m) {
    return sameRow(m) && phase.equals(m.phase);
  }

  /** Whether both belong to one row of a table. */
  boolean sameRow(Measurement m) {
    return model.equals(m.model) && sameTable(m);
  }

  /** Whether both belong to one table. */
  boolean sameTable(Measurement m) {
    return threads == m.threads && depth == m.depth;
  }

  /** The part of the model's name before the format. */
  String shape() {
    int end = model.indexOf('-');
    return end < 0 ? model : model.substring(0, end);
  }
}
