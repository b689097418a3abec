package org.halocline.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.halocline.runtime.LocalMessage;
import org.halocline.runtime.WireMessage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The arrows between the modules: ops → sampler → domain → runtime → transport, and domain → cosmology. A module sees
 * the modules along its arrows and nothing else of Halocline. Packages are small and use each other in one direction;
 * messages carry no code.
 */
@Timeout(300)
class ArchitectureTest {

  private static final String BASE = "org.halocline.";
  private static final List<String> MODULES = List.of("transport", "cosmology", "runtime", "domain", "sampler", "ops");
  private static final Pattern TESTS = Pattern.compile(".*/test(-classes)?/org/halocline/.*");
  private static final int MOST_FILES = 15;
  /** Packages of more than {@link #MOST_FILES} files. A package that has no more must leave this list. */
  private static final Set<String> LARGE = Set.of();
  /** Packages that use each other in a circle. A package that no longer does must leave this list. */
  private static final Set<String> IN_CYCLES = Set.of();
  /** Messages that carry code. A message that no longer does must leave this list. */
  private static final Set<String> CARRY_CODE = Set.of();
  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes = new ClassFileImporter().withImportOption(where -> !where.matches(TESTS)).importPackages("org.halocline");
  }

  @ParameterizedTest
  @CsvSource({"transport, ''", "cosmology, ''", "runtime, transport", "domain, runtime transport cosmology",
      "sampler, domain runtime transport cosmology", "ops, sampler domain runtime transport cosmology"})
  void shouldSeeOnlyTheModulesAlongItsArrows(String module, String seen) {
    List<String> unseen = new ArrayList<>(MODULES);
    unseen.remove(module);
    unseen.removeAll(List.of(seen.split(" ")));
    assertFalse(
        classes.that(JavaClass.Predicates.resideInAPackage(BASE + module + ".."))
            .isEmpty(),
        module + " has no classes: is it on the class path?");
    if (!unseen.isEmpty())
      noClasses().that().resideInAPackage(BASE + module + "..").should().dependOnClassesThat()
          .resideInAnyPackage(unseen.stream().map(name -> BASE + name + "..").toArray(String[]::new)).check(classes);
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

  @Test
  void shouldHaveNoCyclesBetweenPackages() {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass one : classes)
      one.getDirectDependenciesFromSelf().stream().map(dependency -> dependency.getTargetClass().getPackageName())
          .filter(used -> used.startsWith(BASE) && !used.equals(one.getPackageName()))
          .forEach(used -> uses.computeIfAbsent(one.getPackageName(), _ -> new TreeSet<>()).add(used));
    Set<String> circular = uses.keySet().stream().filter(from -> reached(from, uses).contains(from))
        .map(ArchitectureTest::inside).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(IN_CYCLES), circular);
  }

  private static Set<String> reached(String from, Map<String, Set<String>> uses) {
    Set<String> reached = new TreeSet<>();
    List<String> left = new ArrayList<>(uses.get(from));
    while (!left.isEmpty()) {
      String next = left.removeLast();
      if (reached.add(next))
        left.addAll(uses.getOrDefault(next, Set.of()));
    }
    return reached;
  }

  @Test
  void shouldKeepPackagesSmall() {
    Map<String, Long> files = classes.stream().filter(one -> one.isTopLevelClass() && !isPackageInfo(one))
        .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    Set<String> large = files.keySet().stream().filter(name -> files.get(name) > MOST_FILES)
        .map(ArchitectureTest::inside).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(LARGE), large, files::toString);
  }

  private static boolean isPackageInfo(JavaClass one) {
    return one.getSimpleName().equals("package-info");
  }

  private static String inside(String packageName) {
    return packageName.substring(BASE.length());
  }

  @Test
  void shouldSendNoCodeInMessages() {
    Set<String> carriers = classes.stream()
        .filter(one -> one.isAssignableTo(LocalMessage.class) || one.isAssignableTo(WireMessage.class))
        .filter(one -> one.getFields().stream().map(field -> field.getRawType()).anyMatch(ArchitectureTest::isCode))
        .map(JavaClass::getName).map(ArchitectureTest::inside).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(CARRY_CODE), carriers);
  }

  private static boolean isCode(JavaClass type) {
    return type.isEquivalentTo(Runnable.class) || type.isEquivalentTo(Callable.class)
        || type.getPackageName().equals("java.util.function");
  }
}
