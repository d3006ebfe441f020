package dev.jllm.samples.bench.results;

import java.util.List;
import java.util.Locale;

/** The results as bars in an SVG: prompts on the left, decoding on the right, each to its scale. */
final class ResultsPicture {
  private static final int ROW = 40;
  private static final int TOP = 70;
  private static final int LABEL = 130;
  private static final int BAR = 250;
  private static final int VALUES = 90;
  private static final String OWN = "#c2410c";
  private static final String PEER = "#94a3b8";

  private ResultsPicture() {}

  /** The picture of the measurements with {@code threads} threads at {@code depth}. */
  static String of(List<Measurement> all, int threads, int depth) {
    List<Measurement> shown =
        all.stream().filter(m -> m.threads() == threads && m.depth() == depth).toList();
    List<String> models = shown.stream().map(Measurement::model).distinct().toList();
    int width = LABEL + 2 * (BAR + VALUES) + 20;
    int height = TOP + models.size() * ROW + 14;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
            width,
            height,
            width,
            height));
    svg.append(
        String.format(
            Locale.ROOT, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height));
    String title = shown.isEmpty() ? "nothing measured" : ResultsTable.title(shown.get(0));
    text(svg, 10, 22, "start", "bold", "#111827", "Tokens a second. " + title);
    legend(svg, width - 190);
    text(svg, LABEL, 58, "start", "bold", "#111827", "prompt");
    text(svg, LABEL + BAR + VALUES, 58, "start", "bold", "#111827", "decode");
    for (int i = 0; i < models.size(); i++) {
      int y = TOP + i * ROW;
      text(svg, LABEL - 8, y + 21, "end", "normal", "#111827", models.get(i));
      for (Measurement m : shown) {
        if (m.model().equals(models.get(i))) {
          boolean prompt = m.phase().equals("prompt");
          bars(svg, prompt ? LABEL : LABEL + BAR + VALUES, y, m, scale(shown, m.phase()));
        }
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static double scale(List<Measurement> shown, String phase) {
    double most = 0;
    for (Measurement m : shown) {
      if (m.phase().equals(phase)) {
        most = Math.max(most, Math.max(m.own(), m.peer()));
      }
    }
    return BAR / Math.max(1e-9, most);
  }

  private static void bars(StringBuilder svg, int x, int y, Measurement m, double scale) {
    bar(svg, x, y, m.own() * scale, OWN, "jllm " + m.line());
    bar(svg, x, y + 16, m.peer() * scale, PEER, "llama.cpp " + m.line());
    String own = String.format(Locale.ROOT, "%.1f (%.2f×)", m.own(), m.ratio());
    text(svg, x + m.own() * scale + 4, y + 11, "start", "normal", "#111827", own);
    String peer = String.format(Locale.ROOT, "%.1f", m.peer());
    text(svg, x + m.peer() * scale + 4, y + 27, "start", "normal", "#475569", peer);
  }

  private static void bar(
      StringBuilder svg, int x, int y, double width, String colour, String title) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"><title>%s</title>"
                + "</rect>\n",
            x,
            y,
            width,
            colour,
            escaped(title)));
  }

  private static void legend(StringBuilder svg, int x) {
    bar(svg, x, 12, 14, OWN, "jllm");
    text(svg, x + 20, 23, "start", "normal", "#111827", "jllm");
    bar(svg, x + 70, 12, 14, PEER, "llama.cpp");
    text(svg, x + 90, 23, "start", "normal", "#111827", "llama.cpp");
  }

  private static void text(
      StringBuilder svg, double x, int y, String anchor, String weight, String fill, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" font-weight=\"%s\" fill=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            weight,
            fill,
            escaped(text)));
  }

  private static String escaped(String s) {
    return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
