package dev.jllm.core.engine;

import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationCancelledException;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Tool;
import dev.jllm.api.ToolCall;
import dev.jllm.api.ToolDefinition;
import dev.jllm.api.ToolException;
import dev.jllm.api.ToolPolicy;
import dev.jllm.core.chat.tools.ArgumentCheck;
import dev.jllm.core.json.Json;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the tools of a request within the limits of its policy. What goes wrong in a tool is told to
 * the model, which can then try otherwise; so is what does not fit the tool's schema, which never
 * reaches the tool.
 */
final class ToolRunner {
  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private final Set<String> offered = new HashSet<>();
  private final ToolPolicy policy;
  private final Interruption interruption;
  private int rounds;

  ToolRunner(GenerationRequest request, Interruption interruption) {
    for (ToolDefinition definition : request.toolDefinitions()) {
      offered.add(definition.name());
    }
    for (Tool tool : request.tools()) {
      this.tools.put(tool.definition().name(), tool);
    }
    this.policy = request.toolPolicy();
    this.interruption = interruption;
  }

  /**
   * Whether the engine is to answer these calls: it has tools, and none of the calls is for a tool
   * that the caller runs. (A tool that nobody has is answered with an error.)
   */
  boolean canRun(List<ToolCall> calls) {
    for (ToolCall call : calls) {
      if (!tools.containsKey(call.name()) && offered.contains(call.name())) {
        return false;
      }
    }
    return !calls.isEmpty() && !tools.isEmpty();
  }

  void nextRound() {
    if (++rounds > policy.maxRounds()) {
      throw new ToolException(
          "the model called tools in more than "
              + policy.maxRounds()
              + " rounds without an answer; allow more by ToolPolicy.withMaxRounds");
    }
  }

  String run(ToolCall call) {
    Tool tool = tools.get(call.name());
    if (tool == null) {
      return error("there is no tool named " + call.name() + "; there are " + tools.keySet());
    }
    String problem = ArgumentCheck.problem(tool.definition().parametersSchema(), call.arguments());
    if (problem != null) {
      return error("the arguments do not fit the tool's schema: " + problem);
    }
    if (!policy.approval().test(call)) {
      return error("the user did not allow this call");
    }
    FutureTask<String> task = new FutureTask<>(() -> tool.call(call.arguments()));
    Thread thread = new Thread(task, "jllm-tool-" + call.name());
    thread.setDaemon(true);
    thread.start();
    try {
      long nanos = Math.min(policy.timeout().toNanos(), interruption.nanosLeft());
      return await(task, nanos);
    } catch (TimeoutException e) {
      task.cancel(true);
      return error("the call took longer than " + policy.timeout());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof Error fatal) {
        throw fatal;
      }
      return error(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new GenerationCancelledException("interrupted while a tool ran", e);
    }
  }

  /** Waits in short turns, so that a cancelled generation does not wait for its tool. */
  private String await(FutureTask<String> task, long nanos)
      throws ExecutionException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + nanos;
    while (true) {
      long left = deadline - System.nanoTime();
      try {
        return task.get(
            Math.max(0, Math.min(left, TimeUnit.MILLISECONDS.toNanos(50))), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (interruption.reason() == FinishReason.CANCELLED) {
          task.cancel(true);
          throw new GenerationCancelledException("cancelled while a tool ran", e);
        }
        if (left <= 0) {
          throw e;
        }
      }
    }
  }

  private static String error(String message) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("error", message);
    return Json.write(map);
  }
}
