package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.GrammarException;
import dev.jllm.api.ResponseFormat;
import dev.jllm.api.Sampling;
import dev.jllm.core.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResponseFormatTest extends WithDemoModel {
  private static final String PERSON =
      "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":20},"
          + "\"age\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":150}},"
          + "\"required\":[\"name\",\"age\"],\"additionalProperties\":false}";

  private static GenerationResult answer(ResponseFormat format, long seed) {
    return model.generate(
        GenerationRequest.builder()
            .user("Tell me about Anna.")
            .responseFormat(format)
            .sampling(Sampling.builder().temperature(2).topK(0).topP(1).minP(0).build())
            .seed(seed)
            .maxNewTokens(200)
            .build());
  }

  @Test
  void jsonUnderASchemaIsAlwaysValid() {
    for (int seed = 0; seed < 20; seed++) {
      GenerationResult r = answer(ResponseFormat.jsonSchema(PERSON), seed);
      assertTrue(
          r.finishReason() == FinishReason.FORMAT_COMPLETE || r.finishReason() == FinishReason.END,
          r::toString);
      Map<?, ?> person = (Map<?, ?>) Json.parse(r.text());
      assertEquals(List.of("name", "age"), List.copyOf(person.keySet()), r.text());
      double age = ((Number) person.get("age")).doubleValue();
      assertTrue(age >= 0 && age <= 150, r.text());
    }
  }

  @Test
  void choicesExpressionsAndGrammarsHold() {
    for (int seed = 0; seed < 10; seed++) {
      String choice = answer(ResponseFormat.choice("yes", "no", "maybe"), seed).text();
      assertTrue(List.of("yes", "no", "maybe").contains(choice), choice);
      String date = answer(ResponseFormat.regex("[0-9]{4}-[0-9]{2}-[0-9]{2}"), seed).text();
      assertTrue(date.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}"), date);
      String list =
          answer(ResponseFormat.grammar("root ::= (\"- \" [a-z]{1,8} \"\\n\"){2}"), seed).text();
      assertTrue(list.matches("(- [a-z]{1,8}\n){2}"), list);
    }
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    assertEquals(
        answer(ResponseFormat.jsonSchema(PERSON), 5).text(),
        answer(ResponseFormat.jsonSchema(PERSON), 5).text());
  }

  @Test
  void whatCannotBeUsedIsRefused() {
    assertThrows(GrammarException.class, () -> answer(ResponseFormat.grammar("root ::= x"), 1));
    assertThrows(GrammarException.class, () -> answer(ResponseFormat.regex("(a"), 1));
    assertThrows(GrammarException.class, () -> answer(ResponseFormat.jsonSchema("{"), 1));
  }
}
