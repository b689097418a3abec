package org.halocline.sampler.distribution;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a distribution as job files write it, such as {@code uniform(0.1, 0.5)}. */
public final class DistributionParser {
  /** The forms there are, for messages. */
  public static final String FORMS = "uniform(low, high), normal(mean, sd), truncated-normal(mean, sd, low, high) or log-normal(mean, sd)";

  private static final Pattern CALL = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_-]*)\\s*\\(([^()]*)\\)\\s*");
  private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

  private DistributionParser() {}

  /** A text that is no distribution; the message says what is wrong with it. */
  public static final class BadDistributionException extends Exception {
    private static final long serialVersionUID = 1;

    BadDistributionException(String message) {
      super(message);
    }
  }

  /** @throws BadDistributionException if the text names no distribution, or one with impossible numbers */
  public static ScalarDistribution parse(String text) throws BadDistributionException {
    Matcher call = CALL.matcher(text);
    if (!call.matches())
      throw new BadDistributionException("'" + text + "' is not a distribution; write " + FORMS);
    String name = call.group(1);
    List<Double> numbers = numbers(text, call.group(2));
    int wanted = switch (name) {
      case "uniform", "normal", "log-normal" -> 2;
      case "truncated-normal" -> 4;
      default -> throw new BadDistributionException("no distribution is called '" + name + "'; write " + FORMS);
    };
    if (numbers.size() != wanted)
      throw new BadDistributionException(
          name + " takes " + wanted + " numbers, but '" + text.strip() + "' has " + numbers.size());
    try {
      return switch (name) {
        case "uniform" -> new Uniform(numbers.get(0), numbers.get(1));
        case "normal" -> new Normal(numbers.get(0), numbers.get(1));
        case "log-normal" -> new LogNormal(numbers.get(0), numbers.get(1));
        default -> new TruncatedNormal(numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3));
      };
    } catch (IllegalArgumentException impossible) {
      throw new BadDistributionException("'" + text.strip() + "': " + impossible.getMessage());
    }
  }

  private static List<Double> numbers(String text, String list) throws BadDistributionException {
    List<Double> numbers = new ArrayList<>();
    if (list.isBlank())
      return numbers;
    for (String part : list.split(",", -1)) {
      String number = part.strip();
      if (!NUMBER.matcher(number).matches() || !Double.isFinite(Double.parseDouble(number)))
        throw new BadDistributionException("'" + number + "' in '" + text.strip() + "' is not a finite number");
      numbers.add(Double.parseDouble(number));
    }
    return numbers;
  }
}
