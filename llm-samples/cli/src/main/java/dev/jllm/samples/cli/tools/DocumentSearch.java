package dev.jllm.samples.cli.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.api.EmbedOptions;
import dev.jllm.api.Model;
import dev.jllm.api.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds passages in the text files of a folder by meaning: passages and question become vectors by
 * the model itself, and those with the largest cosine are shown. The index is made at the first
 * question.
 */
public final class DocumentSearch {
  private static final int MAX_FILES = 200;
  private static final long MAX_BYTES = 1 << 20;

  /** Characters of a passage, at most; whole paragraphs where they fit. */
  private static final int PASSAGE = 400;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private record Passage(String file, String text, float[] vector) {}

  private final Supplier<Model> model;
  private final Path folder;
  private @Nullable List<Passage> index;

  /**
   * A search in the files directly in {@code folder}.
   *
   * @param model asked for at the first question
   */
  public DocumentSearch(Supplier<Model> model, Path folder) {
    this.model = model;
    this.folder = folder;
  }

  /** The search as a tool. */
  public Tool tool() {
    return Tool.of(
        "search_documents",
        "Finds passages in the user's documents that have to do with a question.",
        """
        {"type": "object", "properties": {
         "query": {"type": "string", "description": "What to look for."},
         "count": {"type": "integer", "minimum": 1, "maximum": 10,
          "description": "How many passages, 3 if not given."}},
         "required": ["query"]}""",
        arguments -> {
          JsonNode asked = MAPPER.readTree(arguments);
          return search(asked.path("query").asText(), asked.path("count").asInt(3));
        });
  }

  /** The best passages as a JSON array of file, text and score, best first. */
  String search(String query, int count) {
    float[] question = model.get().embed(query).get(0);
    List<Passage> best = new ArrayList<>(index());
    best.sort(Comparator.comparingDouble(p -> -cosine(p.vector(), question)));
    ArrayNode found = MAPPER.createArrayNode();
    for (Passage passage : best.subList(0, Math.min(count, best.size()))) {
      ObjectNode one = found.addObject();
      one.put("file", passage.file());
      one.put("text", passage.text());
      one.put("score", Math.round(1000 * cosine(passage.vector(), question)) / 1000.0);
    }
    return found.toString();
  }

  private synchronized List<Passage> index() {
    List<Passage> made = index;
    if (made == null) {
      made = new ArrayList<>();
      for (Path file : files()) {
        for (String text : passages(file)) {
          float[] vector = model.get().embed(List.of(text), EmbedOptions.defaults()).get(0);
          made.add(new Passage(file.getFileName().toString(), text, vector));
        }
      }
      index = made;
    }
    return made;
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> !f.getFileName().toString().startsWith("."))
          .filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
          .filter(f -> f.toFile().length() <= MAX_BYTES)
          .sorted()
          .limit(MAX_FILES)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the documents in " + folder + " cannot be listed", e);
    }
  }

  /** Paragraphs, short ones together; none of a file that is no text. */
  private static List<String> passages(Path file) {
    List<String> passages = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    try {
      for (String paragraph : Files.readString(file).split("\\R\\s*\\R")) {
        if (open.length() + paragraph.length() > PASSAGE && open.length() > 0) {
          passages.add(open.toString());
          open.setLength(0);
        }
        open.append(open.length() > 0 ? "\n\n" : "").append(paragraph.strip());
        while (open.length() > PASSAGE) {
          passages.add(open.substring(0, PASSAGE));
          open.delete(0, PASSAGE);
        }
      }
    } catch (MalformedInputException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("the document " + file + " cannot be read", e);
    }
    if (!open.toString().isBlank()) {
      passages.add(open.toString());
    }
    return passages;
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
