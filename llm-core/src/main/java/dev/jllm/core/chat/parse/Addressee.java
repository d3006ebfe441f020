package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.OutputFormat.Header;

/**
 * Whom a message addresses, by its header.
 *
 * @param recipient the recipient as the header names it; empty where it names none
 * @param tool the recipient as a tool's name
 * @param toReader whether the text is meant to be read
 * @param thinks whether the text is thoughts
 */
record Addressee(String recipient, String tool, boolean toReader, boolean thinks) {
  private static final String CHANNEL = "<|channel|>";

  static Addressee of(Header header, String text) {
    boolean named = header.recipientMark().isEmpty();
    int to = named ? 0 : text.lastIndexOf(header.recipientMark());
    String recipient =
        to < 0 ? "" : firstWord(text.substring(to + header.recipientMark().length()));
    boolean toReader = recipient.isEmpty() || header.content().contains(recipient);
    // What is meant for a tool that nobody offered is no answer.
    boolean thinks = !named && !toReader;
    for (String name : header.reasoning()) {
      thinks |= recipient.equals(name) || text.contains(CHANNEL + name);
    }
    String tool =
        !header.functionPrefix().isEmpty() && recipient.startsWith(header.functionPrefix())
            ? recipient.substring(header.functionPrefix().length())
            : recipient;
    return new Addressee(recipient, tool, toReader, thinks);
  }

  private static String firstWord(String text) {
    String trimmed = text.trim();
    for (int i = 0; i < trimmed.length(); i++) {
      char c = trimmed.charAt(i);
      if (c == '<' || Literal.isSpace(c)) {
        return trimmed.substring(0, i);
      }
    }
    return trimmed;
  }
}
