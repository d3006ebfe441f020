package dev.jllm.core.token;

/**
 * What a token is, as a set of bits. The first six stand for the token types of the GGUF format;
 * more than one can be set, since loading adds {@link #CONTROL} or {@link #UNUSED} to tokens whose
 * text says so.
 */
public final class TokenAttributes {
  /** Stands for text that the vocabulary cannot express. */
  public static final int UNKNOWN = 1;

  /** Reserved, never produced by training. */
  public static final int UNUSED = 1 << 1;

  /** Ordinary text. */
  public static final int NORMAL = 1 << 2;

  /** Steers the model; text becomes such a token only where the caller trusts it. */
  public static final int CONTROL = 1 << 3;

  /** Added by the publisher: recognised in any text before everything else. */
  public static final int USER_DEFINED = 1 << 4;

  /** One byte, for text that has no token of its own. */
  public static final int BYTE = 1 << 5;

  /** ASCII white space to the left of the token is dropped. */
  public static final int STRIP_LEFT = 1 << 7;

  /** ASCII white space to the right of the token is dropped. */
  public static final int STRIP_RIGHT = 1 << 8;

  private TokenAttributes() {}

  /** The attribute of a {@code tokenizer.ggml.token_type} value, 0 for an undefined type. */
  static int ofType(int type) {
    return switch (type) {
      case 1 -> NORMAL;
      case 2 -> UNKNOWN;
      case 3 -> CONTROL;
      case 4 -> USER_DEFINED;
      case 5 -> UNUSED;
      case 6 -> BYTE;
      default -> 0;
    };
  }
}
