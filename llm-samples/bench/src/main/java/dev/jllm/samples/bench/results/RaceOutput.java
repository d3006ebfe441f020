package dev.jllm.samples.bench.results;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the table that a race of both engines prints: a head {@code | model | threads | prompt 512
 * at 0: … | decode 64 at 0: … |} and rows {@code | 1b-Q8_0.gguf | 2 | 155.8 / 138.5, **1.13** |
 * 30.6 / 28.8, **1.06** |}.
 */
final class RaceOutput {
  private static final Pattern HEAD =
      Pattern.compile("\\| model \\| threads \\| prompt (\\d+) at (\\d+):.*\\| decode (\\d+) at.*");

  private static final String CELL = " ([0-9.]+) / ([0-9.]+), \\*\\*([0-9.]+)\\*\\* \\|";
  private static final Pattern ROW =
      Pattern.compile("\\| (\\S+?)(?:\\.gguf)? \\| (\\d+) \\|" + CELL + CELL);

  private RaceOutput() {}

  /** The measurements in {@code lines}; other lines are skipped. */
  static List<Measurement> read(List<String> lines) {
    List<Measurement> all = new ArrayList<>();
    int prompt = 0;
    int decode = 0;
    int depth = 0;
    for (String line : lines) {
      Matcher head = HEAD.matcher(line.trim());
      Matcher row = ROW.matcher(line.trim());
      if (head.matches()) {
        prompt = Integer.parseInt(head.group(1));
        depth = Integer.parseInt(head.group(2));
        decode = Integer.parseInt(head.group(3));
      } else if (row.matches()) {
        if (prompt == 0) {
          throw new IllegalArgumentException("a row comes before the table's head: " + line);
        }
        all.add(measurement(row, depth, "prompt", prompt, 3));
        all.add(measurement(row, depth, "decode", decode, 6));
      }
    }
    return all;
  }

  private static Measurement measurement(
      Matcher row, int depth, String phase, int tokens, int group) {
    return new Measurement(
        row.group(1),
        Integer.parseInt(row.group(2)),
        depth,
        phase,
        tokens,
        Double.parseDouble(row.group(group)),
        Double.parseDouble(row.group(group + 1)),
        Double.parseDouble(row.group(group + 2)));
  }
}
