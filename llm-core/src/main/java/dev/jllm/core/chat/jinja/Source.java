package dev.jllm.core.chat.jinja;

/** A template's text with line ends as {@code \n}, the last one dropped. */
record Source(String text) {
  static Source of(String template) {
    String s = template;
    if (s.indexOf('\r') >= 0) {
      s = s.replace("\r\n", "\n").replace('\r', '\n');
    }
    return new Source(s.endsWith("\n") ? s.substring(0, s.length() - 1) : s);
  }

  /** The error with line and column of {@code position}. */
  JinjaException place(JinjaException e, int position) {
    int line = 1;
    int start = 0;
    int end = Math.min(position, text.length());
    for (int i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) {
      line++;
      start = i + 1;
    }
    return e.at(line, position - start + 1);
  }
}
