package org.halocline.cosmology.cuda.driver;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for a cuFFT that this driver can run: first that of CUDA 11, then those of CUDA 13 and 12. {@value #PROPERTY},
 * or else the environment's {@value #ENVIRONMENT}, names one library, or folders to look in instead of the usual ones,
 * such as the {@code nvidia} folder that pip makes.
 */
public final class CufftSearch {
  /** The system property that names a library or folders, apart by colons. */
  public static final String PROPERTY = "halocline.cufft";
  /** The environment variable that does. */
  public static final String ENVIRONMENT = "HALOCLINE_CUFFT";

  private static final String NAME = "libcufft.so.";
  /** Where libraries lie below a named folder: a CUDA installation's, and pip's for CUDA 11 and 12 and for 13. */
  private static final List<String> BELOW = List.of("", "lib64", "lib", "cufft/lib", "cu13/lib", "nvidia/cufft/lib",
      "nvidia/cu13/lib", "lib/x86_64-linux-gnu");

  private final Map<String, String> properties;
  private final Map<String, String> environment;
  private final int driver;
  private final List<String> refusals = new ArrayList<>();

  /**
   * A library and how it was chosen.
   *
   * @param refusals why those before it were not taken
   */
  public record Found(FourierLibrary library, List<String> refusals) {
    public Found {
      refusals = List.copyOf(refusals);
    }
  }

  /** The generations of cuFFT by the number in their names, in the order in which they are tried. */
  private enum Generation {
    CUDA_11(10, 11000), CUDA_13(12, 13000), CUDA_12(11, 12000);

    private final int soname;
    private final int driver;

    Generation(int soname, int driver) {
      this.soname = soname;
      this.driver = driver;
    }

    private String file() {
      return NAME + soname;
    }
  }

  /**
   * @param properties {@value #PROPERTY} and {@code java.library.path}
   * @param environment {@value #ENVIRONMENT}, LD_LIBRARY_PATH, CUDA_HOME, CUDA_PATH
   * @param driver the newest CUDA version that the driver knows
   */
  public CufftSearch(Map<String, String> properties, Map<String, String> environment, int driver) {
    this.properties = Map.copyOf(properties);
    this.environment = Map.copyOf(environment);
    this.driver = driver;
  }

  /** With this process's properties and environment. */
  public static CufftSearch here(int driver) {
    String named = System.getProperty(PROPERTY, "");
    String path = System.getProperty("java.library.path", "");
    return new CufftSearch(Map.of(PROPERTY, named, "java.library.path", path), System.getenv(), driver);
  }

  /** @throws UnavailableException with the reason for each that was refused, and what to install */
  public Found find() throws UnavailableException {
    List<Path> folders = folders();
    for (Generation generation : Generation.values()) {
      Optional<FourierLibrary> found = first(generation, folders);
      if (found.isPresent())
        return new Found(found.get(), refusals);
    }
    throw new UnavailableException("no cuFFT: " + String.join("; ", refusals) + ". Install CUDA's libcufft, or pip's "
        + "nvidia-cufft-cu12, and name its folder with -D" + PROPERTY + " or " + ENVIRONMENT);
  }

  private Optional<FourierLibrary> first(Generation generation, List<Path> folders) {
    List<Path> files = folders.stream().map(folder -> candidate(folder, generation)).flatMap(Optional::stream)
        .distinct().toList();
    if (files.isEmpty())
      refusals.add(generation.file() + " is in none of the folders");
    for (Path file : files) {
      if (driver < generation.driver) {
        refusals.add(file + " needs a driver for CUDA " + generation.driver / 1000 + ", this one is for "
            + driver / 1000 + "." + driver % 1000 / 10);
        continue;
      }
      Optional<FourierLibrary> library = bind(file);
      if (library.isPresent())
        return library;
    }
    return Optional.empty();
  }

  @SuppressWarnings("restricted")
  private Optional<FourierLibrary> bind(Path file) {
    try {
      return Optional.of(ForeignCufft.load(file, SymbolLookup.libraryLookup(file, Arena.global())));
    } catch (IllegalArgumentException e) {
      refusals.add(file + " cannot be loaded: " + e.getMessage());
      return Optional.empty();
    } catch (UnavailableException e) {
      refusals.add(e.getMessage());
      return Optional.empty();
    }
  }

  /** A library of this generation in a folder, or the named file itself. */
  private static Optional<Path> candidate(Path place, Generation generation) {
    if (Files.isRegularFile(place))
      return place.getFileName().toString().startsWith(generation.file()) ? real(place) : Optional.empty();
    Path file = place.resolve(generation.file());
    return Files.isRegularFile(file) ? real(file) : Optional.empty();
  }

  private static Optional<Path> real(Path file) {
    try {
      return Optional.of(file.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private List<Path> folders() {
    String named = properties.getOrDefault(PROPERTY, "");
    if (named.isEmpty())
      named = environment.getOrDefault(ENVIRONMENT, "");
    Set<Path> folders = new LinkedHashSet<>();
    if (!named.isEmpty()) {
      paths(named).forEach(path -> below(path, folders));
      return List.copyOf(folders);
    }
    folders.addAll(paths(properties.getOrDefault("java.library.path", "")));
    folders.addAll(paths(environment.getOrDefault("LD_LIBRARY_PATH", "")));
    for (String home : List.of("CUDA_HOME", "CUDA_PATH"))
      paths(environment.getOrDefault(home, "")).forEach(path -> below(path, folders));
    installations().forEach(path -> below(path, folders));
    folders.add(Path.of("/usr/lib/x86_64-linux-gnu"));
    folders.add(Path.of("/usr/lib64"));
    return List.copyOf(folders);
  }

  private static void below(Path path, Set<Path> folders) {
    for (String sub : BELOW)
      folders.add(path.resolve(sub));
  }

  /** /usr/local/cuda, then the versions beside it, newest first. */
  private static List<Path> installations() {
    Path local = Path.of("/usr/local");
    try (Stream<Path> entries = Files.list(local)) {
      return entries.filter(path -> path.getFileName().toString().startsWith("cuda"))
          .sorted(Comparator.<Path, Boolean>comparing(path -> !path.endsWith("cuda"))
              .thenComparing(Comparator.reverseOrder()))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private List<Path> paths(String list) {
    List<Path> paths = new ArrayList<>();
    for (String entry : list.split(":")) {
      if (entry.isEmpty())
        continue;
      try {
        paths.add(Path.of(entry).toAbsolutePath());
      } catch (InvalidPathException e) {
        refusals.add("\"" + entry + "\" is no path: " + e.getMessage());
      }
    }
    return paths;
  }
}
