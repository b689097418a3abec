package org.halocline.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A checkout that holds the real launcher and nothing else that is real: one source file, a Maven that writes two jars
 * and counts its calls, and JDKs that print what they are asked. It lies in a folder with spaces in its name.
 */
record FakeCheckout(Path base) {

  private static final List<String> TOOLS = List.of("bash", "sh", "cat", "chmod", "cksum", "cp", "cut", "dirname",
      "env",
      "find", "flock", "grep", "head", "mkdir", "mv", "readlink", "rm", "sed", "sha256sum", "sleep", "sort", "tail",
      "true",
      "wc", "xargs");

  static FakeCheckout in(Path folder) throws IOException {
    FakeCheckout checkout = new FakeCheckout(folder.resolve("a folder with spaces"));
    Path launcher = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent().resolve("halocline");
    checkout.script(checkout.root().resolve("halocline"), Files.readString(launcher));
    checkout.write(checkout.root().resolve("pom.xml"), "<project/>");
    checkout.write(checkout.root().resolve("ops/pom.xml"), "<project/>");
    checkout.edit("class Main {}");
    Files.createDirectories(checkout.tools());
    for (String tool : TOOLS) {
      Path real = Stream.of("/usr/bin", "/bin", "/usr/local/bin").map(bin -> Path.of(bin, tool)).filter(Files::exists)
          .findFirst()
          .orElseThrow(() -> new IOException("this test needs the command " + tool));
      Files.createSymbolicLink(checkout.tools().resolve(tool), real);
    }
    checkout.script(checkout.tools().resolve("mvn"), """
        #!/bin/bash
        echo "called by $JAVA_HOME" >> "$CHECKOUT/maven-calls"
        echo '[INFO] Building fake 1.0                                [1/1]'
        while [[ -e $CHECKOUT/hold-build ]]; do sleep 0.05; done
        if [[ -e $CHECKOUT/break-build ]]; then echo '[ERROR] Main.java:[1,1] nonsense'; exit 1; fi
        mkdir -p ops/target/launcher/lib
        echo '--add-modules=some.module -Dflag=1' > ops/target/launcher/jvm.flags
        cp ops/src/main/java/Main.java ops/target/launcher/lib/a.jar
        cp ops/src/main/java/Main.java ops/target/ops-1.0.jar
        """);
    return checkout;
  }

  Path root() {
    return base.resolve("check out");
  }

  private Path tools() {
    return base.resolve("tools");
  }

  Path jdks() {
    return base.resolve("jdks");
  }

  void edit(String source) throws IOException {
    write(root().resolve("ops/src/main/java/Main.java"), source);
  }

  /** A JDK (or, without a compiler, a JRE) that prints its arguments, one a line, or the plan that the test wrote. */
  Path jdk(String name, String version, boolean compiler) throws IOException {
    Path jdk = jdks().resolve(name);
    write(jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    script(jdk.resolve("bin/java"), """
        #!/bin/bash
        arguments=" $* "
        case $arguments in
          *' warm-up '*) exit 0 ;;
          *' --plan-memory '*)
            [[ $arguments == *' -Dhalocline.fft=later '* ]] || exit 77
            if [[ -e $CHECKOUT/refuse ]]; then echo 'bad input' >&2; exit 2; fi
            echo '-Xmx321m -Dplanned=1'; exit 0 ;;
        esac
        trap 'echo terminated; exit 143' TERM
        echo "pid $$ in $PWD"
        echo "umask $(umask)"
        printf '%s\\n' "$@"
        [[ ${!#} != env ]] || env
        while [[ -e $CHECKOUT/hold-java ]]; do sleep 0.05; done
        """);
    if (compiler)
      script(jdk.resolve("bin/javac"), "#!/bin/bash\n");
    return jdk;
  }

  /** The launcher, to be started in {@code cwd} by the path {@code command}, with no JDK but the fake ones in reach. */
  ProcessBuilder launcher(Path cwd, Path command, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(
        Stream.concat(Stream.of(command.toString()), Stream.of(arguments)).toList());
    builder.directory(cwd.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools().toString());
    builder.environment().put("HOME", base.resolve("home").toString());
    builder.environment().put("CHECKOUT", base.toString());
    builder.environment().put("HALOCLINE_JDK_FOLDERS", jdks().toString());
    return builder;
  }

  ProcessBuilder launcher(String... arguments) {
    return launcher(base, root().resolve("halocline"), arguments);
  }

  /** Makes the fakes hold, break or refuse, by a file that they look for. */
  void tell(String what) throws IOException {
    write(base.resolve(what), "");
  }

  void untell(String what) throws IOException {
    Files.delete(base.resolve(what));
  }

  void withoutMaven() throws IOException {
    Files.delete(tools().resolve("mvn"));
  }

  void removeTools() throws IOException {
    for (String tool : TOOLS)
      Files.deleteIfExists(tools().resolve(tool));
  }

  long mavenCalls() throws IOException {
    Path calls = base.resolve("maven-calls");
    return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
  }

  /** The folders of complete builds. */
  List<Path> builds() throws IOException {
    Path builds = root().resolve(".halocline/build");
    if (!Files.isDirectory(builds))
      return List.of();
    try (Stream<Path> found = Files.list(builds)) {
      return found.filter(Files::isDirectory).toList();
    }
  }

  private void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void script(Path file, String text) throws IOException {
    write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
