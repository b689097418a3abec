package org.halocline.sampler.kernel;

import java.util.List;
import java.util.ServiceLoader;

/** The samplers that there are: this module's and those of other jars, by name. */
public final class Samplers {
  /** The sampler of jobs that name none. */
  public static final String USUAL = "hmc";

  private static final List<Sampler> ALL = ServiceLoader.load(Sampler.class, Sampler.class.getClassLoader()).stream()
      .map(ServiceLoader.Provider::get).toList();

  private Samplers() {}

  public static List<Sampler> all() {
    return ALL;
  }

  /** Names for messages and choices. */
  public static List<String> names() {
    return ALL.stream().map(Sampler::name).sorted().toList();
  }

  /** @param name one of {@link #names} */
  public static Sampler named(String name) {
    return ALL.stream().filter(sampler -> sampler.name().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no sampler is called '" + name + "', only " + names()));
  }
}
