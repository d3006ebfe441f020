package dev.jllm.samples.cli;

import dev.jllm.api.Generation;
import dev.jllm.api.GenerationListener;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.Message;
import dev.jllm.api.Model;
import dev.jllm.api.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jllm chat}: a conversation. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = "Holds a conversation; an empty line or the end of the input ends it.")
final class ChatCommand implements Callable<Integer> {
  @Mixin ModelOptions model = new ModelOptions();
  @Mixin SamplingOptions sampling = new SamplingOptions();

  @Option(names = "--system", paramLabel = "TEXT", description = "Instructions to the model.")
  @Nullable String system;

  @Option(names = "-n", paramLabel = "N", description = "Tokens of a reply at most (default 1024).")
  int tokens = 1024;

  @Override
  public Integer call() throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Model loaded = model.load();
        Session session = loaded.openSession()) {
      while (true) {
        out.print("> ");
        out.flush();
        String line = in.readLine();
        if (line == null || line.isBlank()) {
          return 0;
        }
        reply(session, line, out);
      }
    }
  }

  private void reply(Session session, String line, PrintStream out) {
    GenerationRequest.Builder b = GenerationRequest.builder().maxNewTokens(tokens);
    if (system != null && session.messages().isEmpty()) {
      b.message(Message.system(system));
    }
    sampling.apply(b);
    Generation generation =
        session.submit(
            b.user(line).build(),
            new GenerationListener() {
              @Override
              public void onText(String piece) {
                out.print(piece);
                out.flush();
              }
            });
    try {
      GenerationResult result = generation.result().join();
      if (!result.text().endsWith("\n")) {
        out.println();
      }
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
