package org.halocline.cosmology.cuda.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The CUDA sources as a shared library of this machine, compiled once for each content into the module's target folder.
 */
@SuppressWarnings("restricted")
final class HostLibrary {
  private static final List<String> FLAGS = List.of("-x", "c++", "-std=c++17", "-O2", "-ffp-contract=off",
      "-fno-fast-math", "-fPIC", "-shared", "-ftls-model=initial-exec", "-Wall", "-Wextra", "-Werror");

  private static HostLibrary loaded;
  private static String reason = "";

  /** A kernel: what it is called with, a letter each. */
  record Kernel(MethodHandle run, String types) {}

  private final SymbolLookup symbols;
  private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();

  private HostLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** Empty where there is no compiler; {@link #reason()} then says so. */
  static synchronized Optional<HostLibrary> find() {
    if (loaded == null && reason.isEmpty())
      try {
        Path sources = sources();
        Path library = compiled(sources);
        loaded = new HostLibrary(SymbolLookup.libraryLookup(library, Arena.global()));
      } catch (NoCompilerException e) {
        reason = e.getMessage();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    return Optional.ofNullable(loaded);
  }

  static synchronized String reason() {
    return reason;
  }

  private static final class NoCompilerException extends Exception {
    private static final long serialVersionUID = 1;

    NoCompilerException(IOException cause) {
      super("g++ cannot be run, so the CUDA sources are not compiled for this machine: " + cause.getMessage(), cause);
    }
  }

  /** Above the classes, wherever they were started from. */
  private static Path sources() {
    try {
      Path at = Path.of(HostLibrary.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (; at != null; at = at.getParent())
        if (Files.isRegularFile(at.resolve("src/main/cuda/halocline.cu")))
          return at.resolve("src");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("no src/main/cuda above the test classes");
  }

  private static Path compiled(Path sources) throws IOException, NoCompilerException {
    Path folder = Files.createDirectories(sources.resolveSibling("target").resolve("cuda-host"));
    Path library = folder.resolve("halocline-" + digest(sources) + ".so");
    if (Files.exists(library))
      return library;
    Path made = Files.createTempFile(folder, "making", ".so");
    Path log = Files.createTempFile(folder, "making", ".log");
    List<String> command = Stream.of(Stream.of("g++"), FLAGS.stream(),
        Stream.of("-I" + sources.resolve("test/cuda"), "-o", made.toString(),
            sources.resolve("main/cuda/halocline.cu").toString()))
        .flatMap(words -> words).toList();
    try {
      Process process = start(command, log);
      int status = process.waitFor();
      if (status != 0)
        throw new IllegalStateException(
            String.join(" ", command) + " ended with " + status + ":\n" + Files.readString(log));
      Files.move(made, library, StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while compiling", e);
    } finally {
      Files.deleteIfExists(made);
      Files.deleteIfExists(log);
    }
    return library;
  }

  private static Process start(List<String> command, Path log) throws NoCompilerException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new NoCompilerException(e);
    }
  }

  private static String digest(Path sources) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(String.join(" ", FLAGS).getBytes());
      try (Stream<Path> files = Stream.concat(Files.list(sources.resolve("main/cuda")),
          Files.list(sources.resolve("test/cuda")))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList())
          digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Kernel kernel(String name) {
    return kernels.computeIfAbsent(name, this::load);
  }

  private Kernel load(String name) {
    Linker linker = Linker.nativeLinker();
    MemorySegment run = symbol("run_" + name);
    MethodHandle types = linker.downcallHandle(symbol("types_" + name), FunctionDescriptor.of(ValueLayout.ADDRESS));
    try {
      MemorySegment letters = (MemorySegment) types.invokeExact();
      return new Kernel(
          linker.downcallHandle(run,
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)),
          letters.reinterpret(Long.MAX_VALUE).getString(0));
    } catch (Throwable e) {
      throw new IllegalStateException("kernel " + name, e);
    }
  }

  private MemorySegment symbol(String name) {
    return symbols.find(name).orElseThrow(() -> new IllegalArgumentException("no " + name + " in the CUDA sources"));
  }
}
