package dev.jllm.core.token;

import dev.jllm.gguf.GgufMetadata;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of tokens by their text alone, since files are often wrong about it: which are
 * control tokens whatever their type says, which end a generation, which swallow white space.
 */
final class KnownTokens {
  private static final Logger LOG = LoggerFactory.getLogger(KnownTokens.class);

  private static final String[] END_OF_GENERATION = {
    "<|eot_id|>",
    "<|im_end|>",
    "<|end|>",
    "<|return|>",
    "<|call|>",
    "<|flush|>",
    "<|calls|>",
    "<end_of_turn>",
    "<|endoftext|>",
    "</s>",
    "<|eom_id|>",
    "<EOT>",
    "_<EOT>",
    "[EOT]",
    "[EOS]",
    "<|end_of_text|>",
    "<end_of_utterance>",
    "<eos>",
    "<turn|>",
    "<|tool_response>",
    "<｜end▁of▁sentence｜>",
    "[e~[",
  };

  /** Channel marks that are shown and recognised in any text. */
  private static final String[] ALWAYS_SHOWN = {
    "<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"
  };

  private KnownTokens() {}

  /**
   * Overrides attributes, finds the tokens with a role, and gathers those that end a generation.
   */
  static void apply(VocabularyReader v) {
    findRoles(v);
    markUnused(v);
    addIfPresent(v, v.get(SpecialToken.FIM_PAD));
    addIfPresent(v, v.get(SpecialToken.FIM_REPOSITORY));
    addIfPresent(v, v.get(SpecialToken.FIM_SEPARATOR));
    for (String text : END_OF_GENERATION) {
      int id = v.index.find(text);
      if (id >= 0) {
        v.endOfGeneration.add(id);
        makeControl(v, id);
      }
    }
    for (String text : ALWAYS_SHOWN) {
      int id = v.index.find(text);
      if (id >= 0) {
        v.attributes[id] = TokenAttributes.USER_DEFINED;
      }
    }
    addIfPresent(v, v.get(SpecialToken.EOS));
    addIfPresent(v, v.get(SpecialToken.EOT));
    addIfPresent(v, v.get(SpecialToken.EOM));
    dropEndOfPart(v);
    dropTextEnd(v);
  }

  private static void findRoles(VocabularyReader v) {
    for (SpecialToken role : SpecialToken.values()) {
      if (v.get(role) != Vocabulary.NONE) {
        continue;
      }
      int id = HashOrder.first(v.texts, v.index, role.texts());
      if (id >= 0) {
        v.set(role, id);
        makeControl(v, id);
      }
    }
  }

  private static void makeControl(VocabularyReader v, int id) {
    if ((v.attributes[id] & TokenAttributes.CONTROL) == 0) {
      LOG.debug("token {} '{}' is not marked as control, but is taken for one", id, v.texts[id]);
      v.attributes[id] |= TokenAttributes.CONTROL;
    }
  }

  private static void markUnused(VocabularyReader v) {
    for (int id = 0; id < v.texts.length; id++) {
      if ((v.attributes[id] & TokenAttributes.CONTROL) != 0 && v.texts[id].contains("unused")) {
        v.attributes[id] |= TokenAttributes.UNUSED;
      }
    }
  }

  private static void addIfPresent(VocabularyReader v, int id) {
    if (id != Vocabulary.NONE) {
      v.endOfGeneration.add(id);
    }
  }

  /** Where messages have parts, {@code <|end|>} ends a part and not the generation. */
  private static void dropEndOfPart(VocabularyReader v) {
    boolean call = ends(v, "<|call|>") || ends(v, "<|calls|>");
    if (call && ends(v, "<|end|>") && (ends(v, "<|return|>") || ends(v, "<|flush|>"))) {
      int id = v.index.find("<|end|>");
      v.endOfGeneration.remove(id);
      v.attributes[id] = TokenAttributes.USER_DEFINED;
    }
  }

  /** Where tools answer within a turn, {@code </s>} is ordinary text. */
  private static void dropTextEnd(VocabularyReader v) {
    if (ends(v, "<|tool_response>") && ends(v, "</s>")) {
      int id = v.index.find("</s>");
      v.endOfGeneration.remove(id);
      v.attributes[id] = TokenAttributes.NORMAL;
    }
  }

  private static boolean ends(VocabularyReader v, String text) {
    int id = v.index.find(text);
    return id >= 0 && v.endOfGeneration.contains(id);
  }

  /** Sets which tokens swallow white space beside them, by the names of models that need it. */
  static void strip(VocabularyReader v, GgufMetadata metadata) {
    String name = metadata.string("general.name", "").toLowerCase(Locale.ROOT);
    String pre = metadata.string("tokenizer.ggml.pre", "");
    String architecture = metadata.string("general.architecture", "");
    if (containsAny(pre, "jina-v2-de", "jina-v2-es", "jina-v2-code")
        || containsAny(architecture, "nomic-bert-moe", "jina-bert-v3")) {
      add(v, "<mask>", TokenAttributes.STRIP_LEFT);
    } else if (containsAny(name, "phi-3", "phi3")) {
      Set<String> excepted = Set.of("<unk>", "<s>", "<|endoftext|>");
      for (int id = 0; id < v.texts.length; id++) {
        int special =
            TokenAttributes.CONTROL | TokenAttributes.USER_DEFINED | TokenAttributes.UNKNOWN;
        if ((v.attributes[id] & special) != 0 && !excepted.contains(v.texts[id])) {
          v.attributes[id] |= TokenAttributes.STRIP_RIGHT;
        }
      }
      add(v, "</s>", TokenAttributes.STRIP_RIGHT);
    } else if (containsAny(name, "modern-bert")) {
      add(v, "[MASK]", TokenAttributes.STRIP_LEFT);
    }
  }

  private static void add(VocabularyReader v, String text, int attribute) {
    int id = v.index.find(text);
    if (id >= 0) {
      v.attributes[id] |= attribute;
    }
  }

  private static boolean containsAny(String text, String... parts) {
    for (String part : parts) {
      if (text.contains(part)) {
        return true;
      }
    }
    return false;
  }
}
