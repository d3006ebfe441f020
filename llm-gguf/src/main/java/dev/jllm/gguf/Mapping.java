package dev.jllm.gguf;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** Mapped memory that can be given back before the garbage collector finds out. */
abstract class Mapping {
  /** The first JDK with {@code java.lang.foreign}. */
  private static final int ARENAS = 22;

  private static final boolean HAS_ARENAS = version() >= ARENAS;

  private static int version() {
    String version = System.getProperty("java.specification.version", "0");
    try {
      return Integer.parseInt(version);
    } catch (NumberFormatException e) {
      return 0; // "0.9" is Android, "1.8" an old JDK.
    }
  }

  /** The means of this JVM. */
  static Mapping create() {
    return HAS_ARENAS ? new InArena() : new Plain();
  }

  /** Maps a part of a file, read-only. */
  abstract ByteBuffer map(FileChannel channel, long from, long length) throws IOException;

  /**
   * Gives the memory back.
   *
   * @param unread whether nobody will ever read the buffers again; if not, only a JVM that notices
   *     such reads gives the memory back now
   */
  abstract void release(boolean unread);

  /**
   * With an arena, whose buffers throw {@link IllegalStateException} once it is closed. By
   * reflection, as the classes are compiled for older versions.
   */
  private static final class InArena extends Mapping {
    private static final Method MAP;
    private static final Method AS_BUFFER;
    private static final Method OPEN;

    static {
      try {
        Class<?> arena = Class.forName("java.lang.foreign.Arena");
        OPEN = arena.getMethod("ofShared");
        MAP =
            FileChannel.class.getMethod(
                "map", FileChannel.MapMode.class, long.class, long.class, arena);
        AS_BUFFER = Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer");
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final AutoCloseable arena;

    InArena() {
      try {
        arena = (AutoCloseable) OPEN.invoke(null);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    ByteBuffer map(FileChannel channel, long from, long length) throws IOException {
      try {
        Object segment = MAP.invoke(channel, FileChannel.MapMode.READ_ONLY, from, length, arena);
        return (ByteBuffer) AS_BUFFER.invoke(segment);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new IOException(e.getCause());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    void release(boolean unread) {
      try {
        arena.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * With {@code sun.misc.Unsafe.invokeCleaner} (module {@code jdk.unsupported}, no flags needed),
   * after which a read crashes the JVM. Where there is no such thing, as on Android, the garbage
   * collector unmaps.
   */
  private static final class Plain extends Mapping {
    private final List<ByteBuffer> buffers = new ArrayList<>();

    @Override
    ByteBuffer map(FileChannel channel, long from, long length) throws IOException {
      ByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, from, length);
      buffers.add(buffer);
      return buffer;
    }

    @Override
    void release(boolean unread) {
      if (unread) {
        try {
          Class<?> type = Class.forName("sun.misc.Unsafe");
          Method clean = type.getMethod("invokeCleaner", ByteBuffer.class);
          Field instance = type.getDeclaredField("theUnsafe");
          instance.setAccessible(true);
          for (ByteBuffer buffer : buffers) {
            clean.invoke(instance.get(null), buffer);
          }
        } catch (ReflectiveOperationException | RuntimeException e) {
          // Left to the garbage collector.
        }
      }
      buffers.clear();
    }
  }
}
