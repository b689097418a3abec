package org.halocline.cosmology.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A module in PTX and what its text says of itself.
 *
 * @param version of the instruction set, such as {@code 7.8}
 * @param target the architecture that it was made for, such as {@code sm_70}
 * @param kernels by name: the type of each parameter, such as {@code u64}, {@code f32}, or {@code b8[16]} for a
 * structure
 */
public record PtxModule(String text, String version, String target, Map<String, List<String>> kernels) {
  private static final String RESOURCE = "/org/halocline/cosmology/cuda/halocline.ptx";
  private static final Pattern VERSION = Pattern.compile("(?m)^\\.version\\s+(\\d+\\.\\d+)");
  private static final Pattern TARGET = Pattern.compile("(?m)^\\.target\\s+(\\w+)");
  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)\\s*(?:\\(([^)]*)\\))?");
  private static final Pattern PARAMETER = Pattern
      .compile("\\.param\\s[^,]*?\\.([a-z]\\d+)\\s[^,]*?\\w+(\\[\\d+])?\\s*$");

  public PtxModule {
    kernels = Map.copyOf(kernels);
  }

  /**
   * The module that this build carries.
   *
   * @throws UnavailableException if it carries none
   */
  public static PtxModule shipped() throws UnavailableException {
    try (InputStream in = PtxModule.class.getResourceAsStream(RESOURCE)) {
      if (in == null)
        throw new UnavailableException(RESOURCE + " is missing from this build: make it with src/main/cuda/make-ptx");
      return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UnavailableException(RESOURCE + " cannot be read: " + e, e);
    }
  }

  /** @throws IllegalArgumentException if it is no PTX */
  public static PtxModule parse(String text) {
    Map<String, List<String>> kernels = new TreeMap<>();
    for (Matcher entry = ENTRY.matcher(text); entry.find();)
      kernels.put(entry.group(1), entry.group(2) == null ? List.of() : parameters(entry.group(2)));
    return new PtxModule(text, first(VERSION, text), first(TARGET, text), kernels);
  }

  private static List<String> parameters(String list) {
    List<String> types = new ArrayList<>();
    for (String declaration : list.split(",")) {
      Matcher parameter = PARAMETER.matcher(declaration);
      if (parameter.find())
        types.add(parameter.group(1) + (parameter.group(2) == null ? "" : parameter.group(2)));
    }
    return List.copyOf(types);
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find())
      throw new IllegalArgumentException("not PTX: nothing matches " + pattern);
    return matcher.group(1);
  }

  public byte[] bytes() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
