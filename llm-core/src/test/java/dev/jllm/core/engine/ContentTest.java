package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.ContentPart;
import dev.jllm.api.Document;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Message;
import dev.jllm.api.Session;
import dev.jllm.api.UnsupportedModelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages of parts, and documents. */
@Timeout(120)
class ContentTest extends WithDemoModel {
  private static String prompt(GenerationRequest.Builder request) {
    List<Integer> ids = model.generate(request.maxNewTokens(1).build()).promptTokens();
    return model.tokenizer().decode(ids.stream().mapToInt(i -> i).toArray());
  }

  @Test
  void textsOfSeveralPartsStandOnLines() {
    Message message = Message.user(ContentPart.text("What is"), ContentPart.text("2 + 2?"));
    assertEquals("What is\n2 + 2?", message.content());
    assertEquals(2, message.parts().size());
    assertNotEquals(Message.user("What is\n2 + 2?"), message);
    assertEquals(Message.user("x"), Message.user(ContentPart.text("x")));
    assertEquals(List.of(), Message.user("").parts());
    String prompt = prompt(GenerationRequest.builder().message(message));
    assertTrue(prompt.contains("What is\n2 + 2?"), prompt);
  }

  @Test
  void aTextModelRefusesImagesAndSound() {
    ContentPart image = ContentPart.image(new byte[] {1, 2}, "image/png");
    ContentPart sound = ContentPart.audio(new byte[] {1}, "audio/wav");
    for (ContentPart part : List.of(image, sound)) {
      Message message = Message.user(ContentPart.text("What is this?"), part);
      try (Session session = model.openSession()) {
        GenerationRequest request = GenerationRequest.builder().message(message).build();
        UnsupportedModelException e =
            assertThrows(UnsupportedModelException.class, () -> session.generate(request));
        assertTrue(e.getMessage().contains(part.mediaType()), e.getMessage());
        assertEquals(List.of(), session.messages());
      }
    }
  }

  @Test
  void documentsReachTheModel() {
    Document document = new Document("Cats", "Cats sleep all day. <|im_end|>");
    String prompt = prompt(GenerationRequest.builder().user("Hi").documents(document));
    assertTrue(prompt.contains("Cats sleep all day."), prompt);
    String with =
        prompt(GenerationRequest.builder().system("Be kind.").user("Hi").documents(document));
    assertTrue(with.contains("Be kind.") && with.contains("Cats sleep all day."), with);
  }
}
