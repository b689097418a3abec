package org.halocline.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The arrows between the modules: ops → sampler → domain → runtime → transport, and domain → cosmology. A module sees what
 * lies along its arrows and nothing else of Halocline.
 */
@Timeout(300)
class ArchitectureTest {

  private static final String BASE = "org.halocline.";
  private static final List<String> MODULES = List.of("transport", "cosmology", "runtime", "domain", "sampler", "ops");
  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("org.halocline");
  }

  @ParameterizedTest
  @CsvSource({"transport, ''", "cosmology, ''", "runtime, transport", "domain, runtime transport cosmology",
      "sampler, domain runtime transport cosmology", "ops, sampler domain runtime transport cosmology"})
  void shouldSeeOnlyTheModulesAlongItsArrows(String module, String seen) {
    List<String> unseen = new ArrayList<>(MODULES);
    unseen.remove(module);
    unseen.removeAll(List.of(seen.split(" ")));
    assertFalse(
        classes.that(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(BASE + module + ".."))
            .isEmpty(),
        module + " has no classes: is it on the class path?");
    if (!unseen.isEmpty()) {
      noClasses().that().resideInAPackage(BASE + module + "..").should().dependOnClassesThat()
          .resideInAnyPackage(unseen.stream().map(name -> BASE + name + "..").toArray(String[]::new)).check(classes);
    }
  }

  @Test
  void shouldHaveNoCyclesBetweenModules() {
    slices().matching(BASE + "(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void shouldKeepActorsAndTransportOutOfTheNumerics() {
    noClasses().that().resideInAPackage(BASE + "cosmology..").should().dependOnClassesThat()
        .resideInAnyPackage("org.apache.pekko..", "io.aeron..", "org.agrona..").check(classes);
  }

  @Test
  void shouldKeepActorsOutOfTheTransport() {
    noClasses().that().resideInAPackage(BASE + "transport..").should().dependOnClassesThat()
        .resideInAnyPackage("org.apache.pekko..").check(classes);
  }

  @Test
  void shouldKeepAeronBehindTheTransport() {
    noClasses().that().resideOutsideOfPackage(BASE + "transport..").should().dependOnClassesThat()
        .resideInAnyPackage("io.aeron..").check(classes);
  }

  @Test
  void shouldNameThingsForWhatTheyAre() {
    classes().should().haveNameNotMatching(".*(Util|Utils|Manager|Helper|Impl)$").check(classes);
  }
}
