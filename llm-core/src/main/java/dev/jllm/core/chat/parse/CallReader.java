package dev.jllm.core.chat.parse;

/** Reads one call, in steps, as far as the text goes. */
interface CallReader {
  /** How a step ended. */
  enum Status {
    /** The text ends here; call again with more. */
    MORE,
    /** The call is over; its end mark, if any, is still to come. */
    DONE,
    /** This is no call. */
    FAILED
  }

  /** Reads on from {@code in.at}. */
  Status read(Input in);
}
