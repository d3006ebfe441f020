package dev.jllm.samples.cli;

/** Whether a person looks at the output. */
final class Terminals {
  private Terminals() {}

  /** Whether stdin and stdout are a terminal that can move its cursor. */
  static boolean interactive() {
    String term = System.getenv("TERM");
    return System.console() != null && isTerminal() && term != null && !term.equals("dumb");
  }

  /** From JDK 22 on a console exists even where the output is a file; it can be asked. */
  private static boolean isTerminal() {
    try {
      return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
