package dev.jllm.samples.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point: {@code jllm COMMAND …}. */
@Command(
    name = "jllm",
    mixinStandardHelpOptions = true,
    version = "jllm 0.1.0-SNAPSHOT",
    description = "Runs large language models inside the JVM. Without -m, a small demo model.",
    subcommands = {
      // One line a command, in alphabetical order.
      BenchCommand.class,
      ChatCommand.class,
      DequantizeCommand.class,
      EmbedCommand.class,
      GenerateCommand.class,
      GrammarCommand.class,
      InspectCommand.class,
      JinjaCommand.class,
      LogitsCommand.class,
      ParseCommand.class,
      PerplexityCommand.class,
      QuantizeCommand.class,
      RenderCommand.class,
      SampleCommand.class,
      TokenizeCommand.class,
    })
public final class Jllm implements Runnable {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Shows the stack trace of an error.")
  boolean verbose;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which command to run.");
  }

  /** Exit status 0 on success, 1 for an error that was explained, 2 for wrong usage. */
  public static void main(String[] args) {
    Jllm jllm = new Jllm();
    System.exit(commandLine(jllm).execute(args));
  }

  static CommandLine commandLine(Jllm jllm) {
    return new CommandLine(jllm)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              if (jllm.verbose) {
                e.printStackTrace(command.getErr());
              } else {
                command.getErr().println("jllm: " + explained(e).replaceAll("\\s+", " "));
              }
              command.getErr().flush();
              return 1;
            });
  }

  /** One line of what went wrong; of files, with their names. */
  private static String explained(Exception e) {
    Throwable t = e instanceof UncheckedIOException u && causeAlone(u) ? u.getCause() : e;
    if (t instanceof NoSuchFileException f) {
      return "there is no file or folder " + f.getFile();
    }
    if (t instanceof AccessDeniedException f) {
      return f.getFile() + " may not be read or written";
    }
    if (t instanceof FileAlreadyExistsException f) {
      return f.getFile() + " is there already";
    }
    return t.getMessage() == null ? t.toString() : t.getMessage();
  }

  /** Whether an exception says no more than its cause. */
  private static boolean causeAlone(UncheckedIOException e) {
    return e.getMessage() == null || e.getMessage().equals(e.getCause().toString());
  }
}
