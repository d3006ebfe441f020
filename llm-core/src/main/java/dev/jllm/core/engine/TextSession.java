package dev.jllm.core.engine;

import dev.jllm.api.Answers;
import dev.jllm.api.ContextOverflowException;
import dev.jllm.api.FinishReason;
import dev.jllm.api.Generation;
import dev.jllm.api.GenerationListener;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.GenerationStream;
import dev.jllm.api.Message;
import dev.jllm.api.ResponseFormat;
import dev.jllm.api.Session;
import dev.jllm.api.TokenLogprob;
import dev.jllm.api.ToolCall;
import dev.jllm.api.ToolChoice;
import dev.jllm.core.sample.SamplerChain;
import dev.jllm.core.sample.SplitRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A conversation or text with its cache. */
final class TextSession implements Session {
  private final ModelParts parts;
  private final int contextLength;
  private final TokenState state;
  private final List<Message> messages;
  private final AtomicReference<@Nullable Interruption> running = new AtomicReference<>();

  /** Grows with each rewind, so that checkpoints of what was rewound are recognised. */
  private final List<Mark> marks = new ArrayList<>();

  private volatile boolean closed;

  TextSession(ModelParts parts, int contextLength) {
    this(parts, contextLength, new TokenState(parts.engine()), new ArrayList<>());
  }

  private TextSession(
      ModelParts parts, int contextLength, TokenState state, List<Message> messages) {
    this.parts = parts;
    this.contextLength = contextLength;
    this.state = state;
    this.messages = messages;
  }

  /** See {@link dev.jllm.api.SessionOptions#reservedTokens}. */
  void reserve(int tokenCount) {
    state.reserve(tokenCount);
  }

  private record Mark(int tokenCount, int messageCount) implements Checkpoint {}

  @Override
  public GenerationResult send(Message message) {
    return generate(GenerationRequest.builder().message(message).build());
  }

  @Override
  public GenerationResult generate(GenerationRequest request) {
    Interruption interruption = new Interruption(request.timeout());
    begin(interruption);
    try {
      return work(request, interruption, Sink.NONE);
    } finally {
      end(interruption);
    }
  }

  @Override
  public Answers generateMany(GenerationRequest request, int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n is " + n + ", must be at least 1");
    }
    Interruption interruption = new Interruption(request.timeout());
    begin(interruption);
    try {
      Long seed = request.seed();
      SplitRandom seeds = new SplitRandom(seed == null ? SplitRandom.unpredictableSeed() : seed);
      GenerationRequest.Builder each =
          request.toBuilder().topLogprobs(Math.max(0, request.topLogprobs()));
      int[] text = request.prompt() == null ? null : continuation(request);
      TextSession base = copy();
      base.prepare(text == null ? conversation(request) : text, request, interruption);
      List<GenerationResult> all = new ArrayList<>();
      for (int i = 0; i < n && (i == 0 || interruption.reason() == null); i++) {
        GenerationRequest one = each.seed(seeds.split(i).nextLong()).build();
        TextSession fork = base.copy();
        all.add(
            text == null
                ? fork.work(one, interruption, Sink.NONE)
                : fork.continueText(text, one, interruption, Sink.NONE));
      }
      return new SampledAnswers(List.copyOf(all));
    } finally {
      end(interruption);
    }
  }

  /** The conversation with the request's messages. */
  private int[] conversation(GenerationRequest request) {
    List<Message> all = new ArrayList<>(messages);
    all.addAll(request.messages());
    return parts.conversation().prompt(all, request).ids();
  }

  /**
   * Computes all of the prompt but its last token, which each answer computes for its logits: no
   * cache has to go back, and those of windows and recurrent states could not.
   */
  private void prepare(int[] prompt, GenerationRequest request, Interruption interruption) {
    if (prompt.length >= 2 && prompt.length < contextLength) {
      state.become(Arrays.copyOf(prompt, prompt.length - 1));
      new Prefill(state, request, interruption, Sink.NONE)
          .run(prompt.length - 1, new float[parts.engine().vocabularySize()]);
    }
  }

  private TextSession copy() {
    return new TextSession(parts, contextLength, state.fork(), new ArrayList<>(messages));
  }

  @Override
  public GenerationStream stream(GenerationRequest request) {
    Interruption interruption = new Interruption(request.timeout());
    begin(interruption);
    QueueStream stream = new QueueStream(interruption);
    parts.background(
        () -> {
          try {
            stream.complete(work(request, interruption, stream));
          } catch (Throwable e) {
            stream.fail(e);
          } finally {
            end(interruption);
          }
        });
    return stream;
  }

  @Override
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    Interruption interruption = new Interruption(request.timeout());
    begin(interruption);
    SubmittedGeneration generation = new SubmittedGeneration(interruption, listener);
    parts.background(
        () -> {
          try {
            generation.complete(work(request, interruption, new ListenerSink(listener)));
          } catch (Throwable e) {
            generation.fail(e);
          } finally {
            end(interruption);
          }
        });
    return generation;
  }

  private void begin(Interruption interruption) {
    checkOpen();
    if (!running.compareAndSet(null, interruption)) {
      throw new IllegalStateException(
          "the session is busy with another generation; wait for it, cancel it, or fork the"
              + " session");
    }
    try {
      parts.lifetime().enter(interruption);
    } catch (RuntimeException e) {
      running.set(null);
      throw e;
    }
  }

  private void end(Interruption interruption) {
    parts.lifetime().exit(interruption);
    running.set(null);
  }

  private void checkOpen() {
    parts.lifetime().checkOpen();
    if (closed) {
      throw new IllegalStateException("the session is closed; open another one");
    }
  }

  private GenerationResult work(GenerationRequest request, Interruption interruption, Sink sink) {
    if (request.prompt() != null) {
      return continueText(request, interruption, sink);
    }
    int before = messages.size();
    messages.addAll(request.messages());
    boolean answered = false;
    try {
      ToolRunner tools = new ToolRunner(request, interruption);
      // A demand is for the first answer: with the results at hand the model must be free to end.
      GenerationRequest afterCalls =
          request.toolChoice().equals(ToolChoice.NONE)
              ? request
              : request.toBuilder().toolChoice(ToolChoice.AUTO).build();
      GenerationResult result = answer(request, interruption, sink);
      while (result.finishReason() == FinishReason.TOOL_CALLS
          && tools.canRun(result.toolCalls())
          && interruption.reason() == null) {
        tools.nextRound();
        for (ToolCall call : result.toolCalls()) {
          String text = tools.run(call);
          sink.toolResult(call, text);
          messages.add(Message.tool(call, text));
        }
        result = answer(afterCalls, interruption, sink);
      }
      answered = true;
      return result;
    } finally {
      if (!answered) {
        // A failed request leaves the conversation as it was, so that it can be sent again.
        messages.subList(before, messages.size()).clear();
      }
    }
  }

  private GenerationResult answer(GenerationRequest request, Interruption interruption, Sink sink) {
    Conversation.Prompt prompt = parts.conversation().prompt(messages, request);
    OfferedCalls calls = prompt.calls();
    boolean free = request.responseFormat().kind() == ResponseFormat.Kind.TEXT;
    Constraint constraint =
        calls != null && (free || calls.demanded())
            ? parts.constraints().of(calls)
            : parts.constraint(request);
    GenerationResult result =
        complete(prompt.ids(), request, constraint, prompt.output(), interruption, sink);
    messages.add(result.message());
    return result;
  }

  private GenerationResult continueText(
      GenerationRequest request, Interruption interruption, Sink sink) {
    return continueText(continuation(request), request, interruption, sink);
  }

  private GenerationResult continueText(
      int[] prompt, GenerationRequest request, Interruption interruption, Sink sink) {
    return complete(
        prompt, request, parts.constraint(request), new PlainOutput(), interruption, sink);
  }

  /** The text of the session with the request's prompt. */
  private int[] continuation(GenerationRequest request) {
    String prompt = request.prompt() == null ? "" : request.prompt();
    IntList ids = state.tokens().copy();
    ids.addAll(
        parts.tokenizer().encode(prompt, ids.size() == 0, request.promptMayHoldControlTokens()));
    return ids.toArray();
  }

  private GenerationResult complete(
      int[] prompt,
      GenerationRequest request,
      @Nullable Constraint constraint,
      OutputReader output,
      Interruption interruption,
      Sink sink) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException(
          "the prompt is empty and this model has no token that begins a text; give at least one"
              + " character");
    }
    if (prompt.length >= contextLength) {
      throw new ContextOverflowException(
          "the prompt has "
              + prompt.length
              + " tokens, but the context holds "
              + contextLength
              + " and at least one more is needed; shorten the prompt or load the model with a"
              + " larger contextLength");
    }
    SamplerChain sampler = parts.sampler(request, contextLength);
    Completion completion =
        new Completion(
            parts.engine(),
            parts.tokenizer(),
            state,
            request,
            sampler,
            constraint,
            output,
            contextLength,
            interruption,
            sink);
    return completion.run(prompt);
  }

  @Override
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  @Override
  public int tokenCount() {
    return state.tokens().size();
  }

  @Override
  public List<Integer> tokens() {
    return state.tokens().toList(0);
  }

  @Override
  public Session fork() {
    checkIdle();
    return copy();
  }

  @Override
  public Checkpoint checkpoint() {
    checkIdle();
    Mark mark = new Mark(state.tokens().size(), messages.size());
    marks.add(mark);
    return mark;
  }

  @Override
  public void rewind(Checkpoint checkpoint) {
    checkIdle();
    int index = -1;
    for (int i = 0; i < marks.size(); i++) {
      if (marks.get(i) == checkpoint) {
        index = i;
      }
    }
    if (index < 0) {
      throw new IllegalArgumentException(
          "the checkpoint is another session's, or of a state that was itself rewound");
    }
    Mark mark = marks.get(index);
    marks.subList(index + 1, marks.size()).clear();
    state.cut(mark.tokenCount());
    messages.subList(mark.messageCount(), messages.size()).clear();
  }

  @Override
  public List<TokenLogprob> score(String text) {
    Interruption interruption = new Interruption(null);
    begin(interruption);
    try {
      return new Scorer(parts, contextLength, interruption).score(state, text);
    } finally {
      end(interruption);
    }
  }

  private void checkIdle() {
    checkOpen();
    if (running.get() != null) {
      throw new IllegalStateException(
          "the session is busy with a generation; wait for it or cancel it");
    }
  }

  @Override
  public void close() {
    closed = true;
    Interruption current = running.get();
    if (current != null) {
      current.cancel();
    }
  }
}
