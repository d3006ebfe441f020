package dev.jllm.core.engine;

import dev.jllm.api.LlmException;
import dev.jllm.api.Model;
import dev.jllm.api.Tool;
import dev.jllm.api.UnsupportedModelException;
import dev.jllm.api.spi.JsonBinding;
import dev.jllm.api.spi.LoadOptions;
import dev.jllm.api.spi.ModelProvider;
import dev.jllm.api.spi.ModelSource;
import dev.jllm.core.chat.tools.AnnotatedTools;
import dev.jllm.gguf.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** The engine's entry point, found by {@link java.util.ServiceLoader}. */
public final class JllmModelProvider implements ModelProvider {
  /** For {@link java.util.ServiceLoader}. */
  public JllmModelProvider() {}

  @Override
  public Model load(ModelSource source, LoadOptions options) {
    try {
      GgufFile file = open(source);
      try {
        return new ModelLoading(file, name(source), options).load();
      } catch (Throwable e) {
        file.close();
        throw e;
      }
    } catch (dev.jllm.gguf.ModelFormatException e) {
      String message = String.valueOf(e.getMessage());
      String name = name(source);
      throw new dev.jllm.api.ModelFormatException(
          message.startsWith(name) ? message : name + ": " + message, e);
    } catch (UnsupportedModelException e) {
      String message = String.valueOf(e.getMessage());
      throw new UnsupportedModelException(name(source) + ": " + message, e);
    } catch (UncheckedIOException e) {
      throw unreadable(source, e.getCause());
    }
  }

  @Override
  public List<Tool> annotatedTools(Object target) {
    return AnnotatedTools.of(target);
  }

  @Override
  public JsonBinding jsonBinding() {
    return new JavaTypes();
  }

  private static UncheckedIOException unreadable(ModelSource source, IOException cause) {
    String what =
        cause instanceof NoSuchFileException
            ? "there is no such file"
            : String.valueOf(cause.getMessage());
    String message = "cannot read the model " + name(source) + ": " + what;
    return new UncheckedIOException(message, new IOException(message, cause));
  }

  private static GgufFile open(ModelSource source) {
    if (source instanceof ModelSource.OfPath p) {
      return GgufFile.open(p.path());
    }
    if (source instanceof ModelSource.OfChannel c) {
      return GgufFile.open(c.channel(), c.offset(), c.length());
    }
    throw new LlmException("this engine cannot read a model from " + source);
  }

  private static String name(ModelSource source) {
    return source instanceof ModelSource.OfPath p ? p.path().toString() : "from a channel";
  }
}
