package dev.jllm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The house's plan: each package of llm-core imports only earlier ones. */
class PackageOrderTest {
  private static final String ROOT = "dev.jllm.core.";

  private static final List<String> ORDER =
      List.of(
          "json", "quant", "kernel", "tensor", "token", "arch", "cache", "block", "model", "sample",
          "grammar", "chat", "engine");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.jllm.core");

  @Test
  void everyPackageHasAPlaceInTheOrder() {
    Set<String> found = new TreeSet<>();
    for (JavaClass c : CLASSES) {
      found.add(top(c));
    }
    assertEquals(new TreeSet<>(ORDER), found);
  }

  @Test
  void packagesImportOnlyEarlierOnes() {
    List<String> wrong = new ArrayList<>();
    for (JavaClass c : CLASSES) {
      for (Dependency d : c.getDirectDependenciesFromSelf()) {
        JavaClass target = d.getTargetClass();
        if (target.getPackageName().startsWith(ROOT)
            && ORDER.indexOf(top(target)) > ORDER.indexOf(top(c))) {
          wrong.add(d.getDescription());
        }
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }

  @Test
  void thereAreNoCyclesBetweenPackages() {
    SlicesRuleDefinition.slices()
        .matching("dev.jllm.core.(**)")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  private static String top(JavaClass c) {
    String rest = c.getPackageName().substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
