package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The table of docs/formats.md. */
final class FormatsPage {
  private FormatsPage() {}

  /**
   * A line of the table.
   *
   * @param largestError NaN where none is stated
   * @param typicalError as a part, NaN where none is stated
   */
  record Line(
      int id,
      int block,
      int bytes,
      double bits,
      boolean written,
      double largestError,
      double typicalError) {}

  static Map<GgmlType, Line> read() throws IOException {
    Map<GgmlType, Line> lines = new EnumMap<>(GgmlType.class);
    for (String line : Files.readAllLines(Path.of("..", "docs", "formats.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length != 11
          || cells[2].isBlank()
          || !Character.isDigit(cells[2].trim().charAt(0))) {
        continue;
      }
      for (int i = 0; i < cells.length; i++) {
        cells[i] = cells[i].trim();
      }
      lines.put(
          GgmlType.valueOf(cells[1]),
          new Line(
              Integer.parseInt(cells[2]),
              Integer.parseInt(cells[3]),
              Integer.parseInt(cells[4]),
              Double.parseDouble(cells[5]),
              cells[6].equals("yes"),
              number(cells[7]),
              number(cells[8].replace(" %", "")) / 100));
    }
    return lines;
  }

  private static double number(String cell) {
    return cell.equals("–") ? Double.NaN : Double.parseDouble(cell);
  }
}
