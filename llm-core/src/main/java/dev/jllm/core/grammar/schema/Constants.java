package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.grammar.regex.DfaExplorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formulas for {@code const} and {@code enum}: numbers by value, objects in any order. */
final class Constants {
  private static final int MAX_DEPTH = 100;

  private final Formulas formulas;
  private final Numbers numbers;

  Constants(Formulas formulas, Numbers numbers) {
    this.formulas = formulas;
    this.numbers = numbers;
  }

  Formula anyOf(List<?> values, String path) {
    List<String> texts = new ArrayList<>();
    List<Formula> options = new ArrayList<>();
    for (Object value : values) {
      if (value instanceof String text) {
        texts.add(text);
      } else {
        options.add(equalTo(value, path));
      }
    }
    options.add(formulas.stringIn(SchemaReader.located(path, () -> DfaExplorer.texts(texts))));
    return formulas.or(options);
  }

  Formula equalTo(@Nullable Object value, String path) {
    return equalTo(value, path, 0);
  }

  private Formula equalTo(@Nullable Object value, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw new GrammarException(path + ": nested deeper than " + MAX_DEPTH);
    }
    if (value == null) {
      return formulas.types(Formula.NULL);
    }
    if (value instanceof Boolean b) {
      return formulas.types(b ? Formula.TRUE : Formula.FALSE);
    }
    if (value instanceof Number number) {
      return formulas.numberIn(
          SchemaReader.located(path, () -> numbers.equalTo(Keywords.decimal(number, path))));
    }
    List<Formula> parts = new ArrayList<>();
    if (value instanceof List<?> list) {
      parts.add(formulas.length(list.size(), list.size()));
      for (int i = 0; i < list.size(); i++) {
        parts.add(formulas.itemsAll(i, i + 1, equalTo(list.get(i), path, depth + 1)));
      }
      return formulas.and(parts);
    }
    if (value instanceof Map<?, ?> map) {
      parts.add(formulas.types(Formula.OBJECT));
      map.forEach(
          (key, member) -> {
            Dfa name = Dfa.text(String.valueOf(key));
            parts.add(formulas.membersSome(name, formulas.all));
            parts.add(formulas.membersAll(name, equalTo(member, path, depth + 1)));
          });
      List<String> names = map.keySet().stream().map(String::valueOf).collect(Collectors.toList());
      parts.add(formulas.membersAll(DfaExplorer.texts(names).complement(), formulas.none));
      return formulas.and(parts);
    }
    return formulas.stringIn(Dfa.text(String.valueOf(value)));
  }
}
