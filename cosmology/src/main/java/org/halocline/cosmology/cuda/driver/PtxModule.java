package org.halocline.cosmology.cuda.driver;

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
 * @param kernels by name: the bytes of each parameter
 */
public record PtxModule(String text, String version, String target, Map<String, List<Integer>> kernels) {
  private static final Pattern VERSION = Pattern.compile("(?m)^\\.version\\s+(\\d+\\.\\d+)");
  private static final Pattern TARGET = Pattern.compile("(?m)^\\.target\\s+(\\w+)");
  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)\\s*(?:\\(([^)]*)\\))?");
  private static final Pattern PARAMETER = Pattern
      .compile("\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.[a-z](\\d+)\\s+(?:\\.ptr[^,]*?\\s)?\\w+(?:\\[(\\d+)\\])?");

  public PtxModule {
    kernels = Map.copyOf(kernels);
  }

  /** @throws IllegalArgumentException if it is no PTX */
  public static PtxModule parse(String text) {
    Map<String, List<Integer>> kernels = new TreeMap<>();
    for (Matcher entry = ENTRY.matcher(text); entry.find();)
      kernels.put(entry.group(1), entry.group(2) == null ? List.of() : parameters(entry.group(2)));
    return new PtxModule(text, first(VERSION, text), first(TARGET, text), kernels);
  }

  private static List<Integer> parameters(String text) {
    List<Integer> bytes = new ArrayList<>();
    for (Matcher parameter = PARAMETER.matcher(text); parameter.find();) {
      int each = Integer.parseInt(parameter.group(1)) / Byte.SIZE;
      bytes.add(parameter.group(2) == null ? each : each * Integer.parseInt(parameter.group(2)));
    }
    return List.copyOf(bytes);
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
