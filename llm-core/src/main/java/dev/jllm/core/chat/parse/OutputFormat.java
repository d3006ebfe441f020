package dev.jllm.core.chat.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a family of models marks reasoning, content and tool calls in what it emits.
 *
 * <p>A text is any number of reasoning sections, content, and call sections. White space beside a
 * mark belongs to the mark, so none is written in the marks' ends here.
 *
 * @param reasoning the pairs of marks around thoughts
 * @param hidden marks that only frame content and are never shown
 * @param sections where calls stand
 * @param header how messages within a turn say whom they address, or null
 */
public record OutputFormat(
    List<Reasoning> reasoning,
    List<String> hidden,
    List<CallSection> sections,
    @Nullable Header header) {

  /** No marks: all text is content. */
  public static final OutputFormat PLAIN = new OutputFormat(List.of(), List.of(), List.of(), null);

  /** Copies the lists. */
  public OutputFormat {
    reasoning = List.copyOf(reasoning);
    hidden = List.copyOf(hidden);
    sections = List.copyOf(sections);
  }

  /** Whether {@code text} is a part of any mark; a record's own text holds all of its parts. */
  public boolean mentions(String text) {
    return !text.isEmpty() && toString().contains(text);
  }

  /**
   * Marks around thoughts.
   *
   * @param begin the mark before, never empty
   * @param end the mark after, never empty
   * @param anywhere whether thoughts may begin in the middle of content; if not, the marks are
   *     ordinary text once content was shown
   */
  public record Reasoning(String begin, String end, boolean anywhere) {}

  /**
   * A stretch of text that holds calls: {@code begin (call separator)* end}, where separators are
   * white space, commas and brackets of a list.
   *
   * @param begin the mark before, or empty where calls stand on their own
   * @param end the mark after, or empty
   * @param calls the forms a call may have, the first that fits is taken
   * @param flags see the constants
   */
  public record CallSection(String begin, String end, List<CallForm> calls, int flags) {
    /** Thoughts end where the section begins, even without their own end mark. */
    public static final int ENDS_REASONING = 1;

    /** A call's own begin mark may stand without the section's. */
    public static final int CALLS_ALONE = 2;

    /** Only names of tools that were offered make a call; any other is content. */
    public static final int OFFERED_ONLY = 4;

    /**
     * The begin mark is the beginning of the call itself (a brace), and counts only where content
     * would begin.
     */
    public static final int BARE = 8;

    /** Copies the list. */
    public CallSection {
      calls = List.copyOf(calls);
    }

    /** Whether a flag is set. */
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  /** The kinds of syntax that a call may have. */
  public enum Syntax {
    /** An object that holds name and arguments: {@code {"name": "f", "arguments": {}}}. */
    JSON,
    /** A name, then arguments as a JSON object or in tags. */
    NAMED,
    /** As Python writes a call: {@code f(a=1, b='x')}. */
    PYTHON
  }

  /**
   * One call.
   *
   * @param syntax its kind
   * @param begin the mark before the name or object, or empty
   * @param end the mark after the arguments, or empty
   * @param nameEnds {@code NAMED}: what may follow the name; an opening brace always does
   * @param nameMark {@code NAMED}: what separates an id or kind, then the name; or empty
   * @param idMark {@code NAMED}: what separates the name, then an id; or empty
   * @param tags {@code NAMED}: arguments in tags, or null if they are always JSON
   * @param stringMark the mark around strings in a literal that quotes with a mark of its own, and
   *     writes keys bare; or empty
   * @param nameForm {@code NAMED}: how the model writes the name, {@code %} standing for the name
   *     and {@code #} for a number
   */
  public record CallForm(
      Syntax syntax,
      String begin,
      String end,
      List<String> nameEnds,
      String nameMark,
      String idMark,
      @Nullable Tags tags,
      String stringMark,
      String nameForm) {
    /** Copies the list. */
    public CallForm {
      nameEnds = List.copyOf(nameEnds);
    }

    /** An object that holds name and arguments. */
    public static CallForm json(String begin, String end) {
      return new CallForm(Syntax.JSON, begin, end, List.of(), "", "", null, "", "%");
    }

    /** As Python writes a call. */
    public static CallForm python() {
      return new CallForm(Syntax.PYTHON, "", "", List.of(), "", "", null, "", "%");
    }

    /** A name, then a JSON object. */
    public static CallForm named(String begin, String end, String... nameEnds) {
      return new CallForm(Syntax.NAMED, begin, end, List.of(nameEnds), "", "", null, "", "%");
    }

    /** This form with arguments in tags. */
    public CallForm with(Tags newTags) {
      return new CallForm(
          syntax, begin, end, nameEnds, nameMark, idMark, newTags, stringMark, nameForm);
    }

    /** This form with an id or kind before the mark and the name behind it. */
    public CallForm nameAfter(String mark) {
      return new CallForm(syntax, begin, end, nameEnds, mark, idMark, tags, stringMark, nameForm);
    }

    /** This form with the name before the mark and an id behind it. */
    public CallForm idAfter(String mark) {
      return new CallForm(syntax, begin, end, nameEnds, nameMark, mark, tags, stringMark, nameForm);
    }

    /** This form with strings between marks. */
    public CallForm strings(String mark) {
      return new CallForm(syntax, begin, end, nameEnds, nameMark, idMark, tags, mark, nameForm);
    }

    /** This form with names written otherwise. */
    public CallForm names(String form) {
      return new CallForm(syntax, begin, end, nameEnds, nameMark, idMark, tags, stringMark, form);
    }
  }

  /**
   * Arguments in tags: {@code keyBegin key keyEnd [valueBegin] value valueEnd}, repeated.
   *
   * @param keyBegin the mark before the key
   * @param keyEnd the mark behind the key; attributes may stand before it
   * @param valueBegin the mark before the value, or empty
   * @param valueEnd the mark behind the value
   * @param nested the prefix of every tag where values are themselves made of tags, or empty
   * @param padded whether line breaks frame a value
   * @param attribute the attribute behind the key that tells the value's type: {@code string}
   *     ({@code true} or {@code false}), {@code type} (JSON's name of it), or empty
   */
  public record Tags(
      String keyBegin,
      String keyEnd,
      String valueBegin,
      String valueEnd,
      String nested,
      boolean padded,
      String attribute) {
    /** Values that stand directly behind the key. */
    public static Tags of(String keyBegin, String keyEnd, String valueEnd) {
      return new Tags(keyBegin, keyEnd, "", valueEnd, "", false, "");
    }

    /** Values on lines of their own. */
    public static Tags lines(String keyBegin, String keyEnd, String valueEnd) {
      return new Tags(keyBegin, keyEnd, "", valueEnd, "", true, "");
    }

    /** These tags with an attribute that tells the type. */
    public Tags typed(String name) {
      return new Tags(keyBegin, keyEnd, valueBegin, valueEnd, nested, padded, name);
    }
  }

  /**
   * A message's own header, which says whom it addresses: {@code begin header end text}.
   *
   * @param begins marks that open a header
   * @param end the mark between header and text
   * @param recipientMark what stands before the recipient in the header; empty where the header is
   *     the recipient
   * @param functionPrefix what stands before a tool's name in the recipient, or empty
   * @param reasoning channels and recipients whose text is thoughts
   * @param content recipients whose text is content
   * @param messageEnd what ends a message
   * @param endStays whether the end is itself the beginning of a mark
   * @param thought a whole header of thoughts as the model writes it, or empty
   * @param call a whole header of a call as the model writes it, {@code %} standing for the tool's
   *     name; or empty
   */
  public record Header(
      List<String> begins,
      String end,
      String recipientMark,
      String functionPrefix,
      List<String> reasoning,
      List<String> content,
      String messageEnd,
      boolean endStays,
      String thought,
      String call) {
    /** Copies the lists. */
    public Header {
      begins = List.copyOf(begins);
      reasoning = List.copyOf(reasoning);
      content = List.copyOf(content);
    }
  }
}
