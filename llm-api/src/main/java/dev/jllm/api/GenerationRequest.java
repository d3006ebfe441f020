package dev.jllm.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What to generate, and how: either a conversation ({@link Builder#messages}, written down by the
 * model's chat template) or a raw {@link Builder#prompt} that the model continues. Immutable.
 */
public final class GenerationRequest {
  private final List<Message> messages;
  private final List<Document> documents;
  private final @Nullable String prompt;
  private final boolean promptMayHoldControlTokens;
  private final List<ToolDefinition> toolDefinitions;
  private final List<Tool> tools;
  private final @Nullable Sampling sampling;
  private final ResponseFormat responseFormat;
  private final ToolChoice toolChoice;
  private final ToolPolicy toolPolicy;
  private final Thinking thinking;
  private final int maxNewTokens;
  private final List<String> stop;
  private final boolean ignoreEndOfGeneration;
  private final @Nullable Long seed;
  private final int topLogprobs;
  private final @Nullable Duration timeout;
  private final Map<String, Object> templateVariables;
  private final List<Supplier<? extends LogitsProcessor>> logitsProcessors;

  private GenerationRequest(Builder b) {
    messages = List.copyOf(b.messages);
    documents = List.copyOf(b.documents);
    prompt = b.prompt;
    promptMayHoldControlTokens = b.promptMayHoldControlTokens;
    toolDefinitions = List.copyOf(b.toolDefinitions);
    tools = List.copyOf(b.tools);
    sampling = b.sampling;
    responseFormat = b.responseFormat;
    toolChoice = b.toolChoice;
    toolPolicy = b.toolPolicy;
    thinking = b.thinking;
    maxNewTokens = b.maxNewTokens;
    stop = List.copyOf(b.stop);
    ignoreEndOfGeneration = b.ignoreEndOfGeneration;
    seed = b.seed;
    topLogprobs = b.topLogprobs;
    timeout = b.timeout;
    templateVariables = Collections.unmodifiableMap(new LinkedHashMap<>(b.templateVariables));
    logitsProcessors = List.copyOf(b.logitsProcessors);
  }

  /** A builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** A request with one user message. */
  public static GenerationRequest user(String text) {
    return builder().user(text).build();
  }

  /** A builder with the values of this. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.messages.addAll(messages);
    b.documents.addAll(documents);
    b.prompt = prompt;
    b.promptMayHoldControlTokens = promptMayHoldControlTokens;
    b.toolDefinitions.addAll(toolDefinitions);
    b.tools.addAll(tools);
    b.sampling = sampling;
    b.responseFormat = responseFormat;
    b.toolChoice = toolChoice;
    b.toolPolicy = toolPolicy;
    b.thinking = thinking;
    b.maxNewTokens = maxNewTokens;
    b.stop.addAll(stop);
    b.ignoreEndOfGeneration = ignoreEndOfGeneration;
    b.seed = seed;
    b.topLogprobs = topLogprobs;
    b.timeout = timeout;
    b.templateVariables.putAll(templateVariables);
    b.logitsProcessors.addAll(logitsProcessors);
    return b;
  }

  /** The conversation; empty if there is a {@link #prompt()}. */
  public List<Message> messages() {
    return messages;
  }

  /** Texts to answer from. */
  public List<Document> documents() {
    return documents;
  }

  /** The raw text to continue, or null. */
  public @Nullable String prompt() {
    return prompt;
  }

  /** Whether special strings in {@link #prompt()} become control tokens. */
  public boolean promptMayHoldControlTokens() {
    return promptMayHoldControlTokens;
  }

  /** All tools the model is told of. */
  public List<ToolDefinition> toolDefinitions() {
    return toolDefinitions;
  }

  /** Those of them that the engine runs by itself. */
  public List<Tool> tools() {
    return tools;
  }

  /**
   * How tokens are chosen; by default what the model's file recommends, else {@link
   * Sampling#defaults()}.
   */
  public @Nullable Sampling sampling() {
    return sampling;
  }

  /** What form the answer must have. */
  public ResponseFormat responseFormat() {
    return responseFormat;
  }

  /** Whether the model may, must or must not call tools. */
  public ToolChoice toolChoice() {
    return toolChoice;
  }

  /** How tools are run. */
  public ToolPolicy toolPolicy() {
    return toolPolicy;
  }

  /** Whether and how long the model thinks. */
  public Thinking thinking() {
    return thinking;
  }

  /** Tokens to write at most. */
  public int maxNewTokens() {
    return maxNewTokens;
  }

  /** Strings that end the generation; they are not part of the text. */
  public List<String> stop() {
    return stop;
  }

  /** Whether generation goes on after an end-of-generation token. */
  public boolean ignoreEndOfGeneration() {
    return ignoreEndOfGeneration;
  }

  /** The seed, or null for a random one. */
  public @Nullable Long seed() {
    return seed;
  }

  /** Alternatives to report with each token; -1: no log-probabilities at all. */
  public int topLogprobs() {
    return topLogprobs;
  }

  /** Time for the whole generation, or null for no limit. */
  public @Nullable Duration timeout() {
    return timeout;
  }

  /** Further variables for the chat template. */
  public Map<String, Object> templateVariables() {
    return templateVariables;
  }

  /** Makes the processors of one answer, in the order in which they act. */
  public List<Supplier<? extends LogitsProcessor>> logitsProcessors() {
    return logitsProcessors;
  }

  /** Builds a {@link GenerationRequest}. */
  public static final class Builder {
    private final List<Message> messages = new ArrayList<>();
    private final List<Document> documents = new ArrayList<>();
    private @Nullable String prompt;
    private boolean promptMayHoldControlTokens;
    private final List<ToolDefinition> toolDefinitions = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private @Nullable Sampling sampling;
    private ResponseFormat responseFormat = ResponseFormat.text();
    private ToolChoice toolChoice = ToolChoice.AUTO;
    private ToolPolicy toolPolicy = ToolPolicy.defaults();
    private Thinking thinking = Thinking.unspecified();
    private int maxNewTokens = 512;
    private final List<String> stop = new ArrayList<>();
    private boolean ignoreEndOfGeneration;
    private @Nullable Long seed;
    private int topLogprobs = -1;
    private @Nullable Duration timeout;
    private final Map<String, Object> templateVariables = new LinkedHashMap<>();
    private final List<Supplier<? extends LogitsProcessor>> logitsProcessors = new ArrayList<>();

    private Builder() {}

    /** Appends a system message. */
    public Builder system(String content) {
      return message(Message.system(content));
    }

    /** Appends a user message. */
    public Builder user(String content) {
      return message(Message.user(content));
    }

    /** Appends an assistant message. */
    public Builder assistant(String content) {
      return message(Message.assistant(content));
    }

    /** Appends a message. */
    public Builder message(Message message) {
      messages.add(Objects.requireNonNull(message, "message"));
      return this;
    }

    /** Appends messages. */
    public Builder messages(List<Message> all) {
      all.forEach(this::message);
      return this;
    }

    /**
     * Appends texts to answer from. Templates that know of documents write them down in the form
     * that their model has learnt; for others they are put into the system message.
     */
    public Builder documents(Document... all) {
      Collections.addAll(documents, all);
      return this;
    }

    /** A raw text to continue, without any chat template; special strings in it stay text. */
    public Builder prompt(String text) {
      prompt = Objects.requireNonNull(text, "text");
      promptMayHoldControlTokens = false;
      return this;
    }

    /**
     * A raw text to continue, whose special strings become control tokens: only for trusted text.
     */
    public Builder promptWithControlTokens(String text) {
      prompt = Objects.requireNonNull(text, "text");
      promptMayHoldControlTokens = true;
      return this;
    }

    /** Tools that the engine runs: call, result, and on, until the model answers. */
    public Builder tools(Tool... all) {
      for (Tool tool : all) {
        tools.add(tool);
        toolDefinitions.add(tool.definition());
      }
      return this;
    }

    /** Tools that the caller runs: the result then holds the calls. */
    public Builder toolDefinitions(ToolDefinition... all) {
      Collections.addAll(toolDefinitions, all);
      return this;
    }

    /**
     * How tokens are chosen; by default what the model's file recommends, else {@link
     * Sampling#defaults()}.
     */
    public Builder sampling(Sampling value) {
      sampling = Objects.requireNonNull(value, "sampling");
      return this;
    }

    /** What form the answer must have. */
    public Builder responseFormat(ResponseFormat value) {
      responseFormat = Objects.requireNonNull(value, "responseFormat");
      return this;
    }

    /** Whether the model may, must or must not call tools. */
    public Builder toolChoice(ToolChoice value) {
      toolChoice = Objects.requireNonNull(value, "toolChoice");
      return this;
    }

    /** How tools are run. */
    public Builder toolPolicy(ToolPolicy value) {
      toolPolicy = Objects.requireNonNull(value, "toolPolicy");
      return this;
    }

    /** Whether and how long the model thinks. */
    public Builder thinking(Thinking value) {
      thinking = Objects.requireNonNull(value, "thinking");
      return this;
    }

    /** Tokens to write at most; the prompt does not count. Default 512. */
    public Builder maxNewTokens(int tokens) {
      if (tokens < 0) {
        throw new IllegalArgumentException("maxNewTokens is " + tokens + ", must not be negative");
      }
      maxNewTokens = tokens;
      return this;
    }

    /** Adds strings that end the generation. */
    public Builder stop(String... texts) {
      for (String text : texts) {
        if (text.isEmpty()) {
          throw new IllegalArgumentException("a stop string is empty");
        }
        stop.add(text);
      }
      return this;
    }

    /** Goes on after end-of-generation tokens, for measuring. Default false. */
    public Builder ignoreEndOfGeneration(boolean ignore) {
      ignoreEndOfGeneration = ignore;
      return this;
    }

    /** The same seed gives the same text, on any number of threads. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Reports each token's log-probability and the {@code n} most likely alternatives. */
    public Builder topLogprobs(int n) {
      if (n < 0) {
        throw new IllegalArgumentException("topLogprobs is " + n + ", must not be negative");
      }
      topLogprobs = n;
      return this;
    }

    /** Time for the whole generation. */
    public Builder timeout(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("timeout is " + duration + ", must be positive");
      }
      timeout = duration;
      return this;
    }

    /** A further variable for the chat template: a string, number, boolean, list or map. */
    public Builder templateVariable(String name, Object value) {
      templateVariables.put(name, value);
      return this;
    }

    /**
     * Adds a step of your own before the samplers.
     *
     * @param maker called once for each answer, on the thread that writes it; so that a request can
     *     be used again, and by several threads
     */
    public Builder logitsProcessor(Supplier<? extends LogitsProcessor> maker) {
      logitsProcessors.add(Objects.requireNonNull(maker, "maker"));
      return this;
    }

    /**
     * The request.
     *
     * @throws IllegalArgumentException if it has both a prompt and messages, or neither
     */
    public GenerationRequest build() {
      if (prompt != null && !messages.isEmpty()) {
        throw new IllegalArgumentException(
            "a request has either a prompt or messages, this one has both");
      }
      if (prompt == null && messages.isEmpty()) {
        throw new IllegalArgumentException(
            "a request needs a prompt or messages, this one has neither");
      }
      return new GenerationRequest(this);
    }
  }
}
