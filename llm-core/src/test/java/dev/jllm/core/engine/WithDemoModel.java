package dev.jllm.core.engine;

import dev.jllm.api.Model;
import dev.jllm.core.testing.DemoModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests that share one loaded demo model, class by class. */
abstract class WithDemoModel {
  static Model model;

  @BeforeAll
  static void load() {
    model = DemoModel.load();
  }

  @AfterAll
  static void close() {
    model.close();
  }
}
