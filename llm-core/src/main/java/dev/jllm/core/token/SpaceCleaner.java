package dev.jllm.core.token;

/**
 * Takes out the spaces that some vocabularies put before punctuation and into contractions. Three
 * passes, each over the outcome of the one before, in place.
 */
final class SpaceCleaner {
  private SpaceCleaner() {}

  /** Cleans the first {@code size} bytes and returns how many are left. */
  static int clean(byte[] text, int size) {
    return contractions(text, loneApostrophes(text, punctuation(text, size)));
  }

  /** {@code " ?" " !" " ." " ,"} lose their space. */
  private static int punctuation(byte[] text, int size) {
    int n = Math.min(size, 1);
    for (int i = 1; i < size; i++) {
      byte x = text[i];
      if (text[i - 1] == ' ' && (x == '?' || x == '!' || x == '.' || x == ',')) {
        n--;
      }
      text[n++] = x;
    }
    return n;
  }

  /** {@code " ' "} loses both spaces. */
  private static int loneApostrophes(byte[] text, int size) {
    int n = Math.min(size, 1);
    for (int i = 1; i < size; i++) {
      byte x = text[i];
      if (x == '\'' && i + 1 < size && text[i - 1] == ' ' && text[i + 1] == ' ') {
        n--;
        text[++i] = 0;
      }
      text[n++] = x;
    }
    return n;
  }

  /** {@code " 's" " 'm" " 're" " 've"} lose their space. */
  private static int contractions(byte[] text, int size) {
    int n = Math.min(size, 1);
    for (int i = 1; i < size; i++) {
      byte x = text[i];
      if (text[i - 1] == ' ' && x == '\'' && i + 1 < size) {
        byte first = text[i + 1];
        boolean two = first == 's' || first == 'm';
        boolean three = (first == 'r' || first == 'v') && i + 2 < size && text[i + 2] == 'e';
        if (two || three) {
          n--;
        }
      }
      text[n++] = x;
    }
    return n;
  }
}
