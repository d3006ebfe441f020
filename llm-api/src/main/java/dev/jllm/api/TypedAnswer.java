package dev.jllm.api;

import dev.jllm.api.spi.ModelProviders;

/** Reads an answer as a value of a Java type, and tells why it cannot. */
final class TypedAnswer {
  private static final int SHOWN = 200;

  private TypedAnswer() {}

  static <T> T read(GenerationResult result, Class<T> type) {
    String text = result.text();
    if (isCut(result)) {
      throw new AnswerFormatException(
          "the answer is no " + type.getName() + ": " + reason(result) + end(text), text);
    }
    try {
      return ModelProviders.find().jsonBinding().read(text, type);
    } catch (RuntimeException e) {
      String what = result.finishReason() == FinishReason.END ? e.getMessage() : reason(result, e);
      throw new AnswerFormatException(
          "the answer is no " + type.getName() + ": " + what + end(text), text, e);
    }
  }

  /** Whether a number at the end may lack digits: what looks complete then is not known to be. */
  private static boolean isCut(GenerationResult result) {
    String text = result.text().trim();
    boolean early =
        result.finishReason() != FinishReason.END
            && result.finishReason() != FinishReason.FORMAT_COMPLETE;
    return early && (text.isEmpty() || Character.isDigit(text.charAt(text.length() - 1)));
  }

  private static String reason(GenerationResult result, RuntimeException e) {
    return result.finishReason() == FinishReason.FORMAT_COMPLETE
        ? String.valueOf(e.getMessage())
        : reason(result);
  }

  private static String reason(GenerationResult result) {
    int tokens = result.usage().newTokens();
    return switch (result.finishReason()) {
      case LENGTH ->
          "it was cut off after "
              + tokens
              + " tokens, by maxNewTokens or the end of the context; allow more, or bound the"
              + " lengths in what you ask for";
      case TIMEOUT ->
          "the timeout passed after " + tokens + " tokens; give more time or ask for less";
      case CANCELLED -> "it was cancelled after " + tokens + " tokens";
      case STOP -> "a stop string ended it; drop the stop strings, the format ends by itself";
      case TOOL_CALLS -> "the model calls tools instead; run them and send their results first";
      default -> "it is empty";
    };
  }

  private static String end(String text) {
    if (text.isEmpty()) {
      return "";
    }
    String shown = text.length() <= SHOWN ? text : "…" + text.substring(text.length() - SHOWN);
    return " (the answer ends: " + shown + ")";
  }
}
