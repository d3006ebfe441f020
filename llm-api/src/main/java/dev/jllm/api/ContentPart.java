package dev.jllm.api;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A part of a message: text, an image or sound. Immutable. */
public final class ContentPart {
  /** The kinds of parts. */
  public enum Kind {
    /** Text. */
    TEXT,
    /** An encoded image. */
    IMAGE,
    /** Encoded sound. */
    AUDIO
  }

  private final Kind kind;
  private final String text;
  private final byte[] data;

  private ContentPart(Kind kind, String text, byte[] data) {
    this.kind = kind;
    this.text = Objects.requireNonNull(text, "text");
    this.data = data.clone();
  }

  /** A text. */
  public static ContentPart text(String text) {
    return new ContentPart(Kind.TEXT, text, new byte[0]);
  }

  /**
   * An encoded image, for models that see.
   *
   * @param mediaType such as {@code image/png}
   */
  public static ContentPart image(byte[] data, String mediaType) {
    return new ContentPart(Kind.IMAGE, mediaType, data);
  }

  /**
   * Encoded sound, for models that hear.
   *
   * @param mediaType such as {@code audio/wav}
   */
  public static ContentPart audio(byte[] data, String mediaType) {
    return new ContentPart(Kind.AUDIO, mediaType, data);
  }

  /** What it is. */
  public Kind kind() {
    return kind;
  }

  /** The text; empty where it is none. */
  public String text() {
    return kind == Kind.TEXT ? text : "";
  }

  /** The media type of an image or sound; empty for text. */
  public String mediaType() {
    return kind == Kind.TEXT ? "" : text;
  }

  /** The bytes of an image or sound; none for text. */
  public byte[] data() {
    return data.clone();
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ContentPart p
        && kind == p.kind
        && text.equals(p.text)
        && Arrays.equals(data, p.data);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, text, Arrays.hashCode(data));
  }

  @Override
  public String toString() {
    return kind == Kind.TEXT ? text : kind + " (" + text + ", " + data.length + " bytes)";
  }
}
