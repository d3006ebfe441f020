package dev.jllm.samples.cli;

import dev.jllm.core.token.TextAssembler;
import dev.jllm.core.token.TextTokenizer;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Shows tokens on a terminal, each on a background of its own, as tokenizer pages do. */
final class TokenColours {
  /** Pale backgrounds of the 256-colour palette under black letters. */
  private static final int[] BACKGROUNDS = {189, 194, 223, 218, 159};

  private static final int WIDTH = 96;
  private static final String RESET = "\u001b[0m";

  private final TextTokenizer tokenizer;
  private final PrintWriter out;

  TokenColours(TextTokenizer tokenizer, PrintWriter out) {
    this.tokenizer = tokenizer;
    this.out = out;
  }

  /** Prints the pieces and, where {@code withIds}, each one's id beneath it. */
  void print(int[] ids, boolean withIds) {
    if (withIds) {
      printWithIds(ids);
    } else {
      printPieces(ids);
    }
    out.println(ids.length + " tokens");
  }

  /** A character whose bytes are spread over several tokens shows on the last one's background. */
  private void printPieces(int[] ids) {
    TextAssembler assembler = new TextAssembler();
    for (int i = 0; i < ids.length; i++) {
      String text = assembler.append(tokenizer.pieceBytes(ids[i], true));
      paint(i, text.replace("\n", "⏎" + RESET + "\n" + colour(i)));
    }
    String rest = assembler.flush();
    if (!rest.isEmpty()) {
      paint(ids.length, rest);
    }
    out.println();
  }

  private void printWithIds(int[] ids) {
    StringBuilder numbers = new StringBuilder();
    for (int i = 0; i < ids.length; i++) {
      String piece = visible(tokenizer, ids[i]);
      String id = Integer.toString(ids[i]);
      int width = Math.max(piece.codePointCount(0, piece.length()), id.length() + 1);
      if (numbers.length() + width > WIDTH) {
        out.println();
        out.println(numbers);
        numbers.setLength(0);
      }
      paint(i, piece + " ".repeat(width - piece.codePointCount(0, piece.length())));
      numbers.append(id).append(" ".repeat(width - id.length()));
    }
    out.println();
    out.println(numbers);
  }

  private void paint(int i, String text) {
    out.print(colour(i) + text + RESET);
  }

  private static String colour(int i) {
    return "\u001b[30;48;5;" + BACKGROUNDS[i % BACKGROUNDS.length] + "m";
  }

  /** A token's text on one line: line ends and tabs as signs, broken bytes as U+FFFD. */
  static String visible(TextTokenizer tokenizer, int id) {
    return new String(tokenizer.pieceBytes(id, true), StandardCharsets.UTF_8)
        .replace("\n", "⏎")
        .replace("\r", "␍")
        .replace("\t", "⇥");
  }
}
