package org.halocline.sampler.prior;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.interval.Beta;
import org.halocline.sampler.distribution.interval.TruncatedNormal;
import org.halocline.sampler.distribution.interval.Uniform;
import org.halocline.sampler.distribution.scalar.Cauchy;
import org.halocline.sampler.distribution.scalar.Exponential;
import org.halocline.sampler.distribution.scalar.Gamma;
import org.halocline.sampler.distribution.scalar.HalfCauchy;
import org.halocline.sampler.distribution.scalar.HalfNormal;
import org.halocline.sampler.distribution.scalar.InverseGamma;
import org.halocline.sampler.distribution.scalar.Laplace;
import org.halocline.sampler.distribution.scalar.LogNormal;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.distribution.scalar.StudentT;

/** Reads a distribution as job files write it, such as {@code uniform(0.1, 0.5)}. */
public final class DistributionParser {
  private record Form(String name, List<String> numbers, Function<double[], ScalarDistribution> make)
      implements
        PriorForm {
    @Override
    public ScalarDistribution of(double[] given) {
      return make.apply(given);
    }
  }

  private static final Map<String, PriorForm> TABLE = table();
  private static final Pattern CALL = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_-]*)\\s*\\(([^()]*)\\)\\s*");
  private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

  private DistributionParser() {}

  private static Map<String, PriorForm> table() {
    Map<String, PriorForm> table = new LinkedHashMap<>();
    List<PriorForm> own = List.of(new Form("uniform", List.of("low", "high"), n -> new Uniform(n[0], n[1])),
        new Form("normal", List.of("mean", "sd"), n -> new Normal(n[0], n[1])),
        new Form("truncated-normal", List.of("mean", "sd", "low", "high"),
            n -> new TruncatedNormal(n[0], n[1], n[2], n[3])),
        new Form("log-normal", List.of("mean", "sd"), n -> new LogNormal(n[0], n[1])),
        new Form("half-normal", List.of("sd"), n -> new HalfNormal(n[0])),
        new Form("cauchy", List.of("location", "scale"), n -> new Cauchy(n[0], n[1])),
        new Form("half-cauchy", List.of("scale"), n -> new HalfCauchy(n[0])),
        new Form("student-t", List.of("freedom", "location", "scale"), n -> new StudentT(n[0], n[1], n[2])),
        new Form("exponential", List.of("rate"), n -> new Exponential(n[0])),
        new Form("gamma", List.of("shape", "rate"), n -> new Gamma(n[0], n[1])),
        new Form("inverse-gamma", List.of("shape", "scale"), n -> new InverseGamma(n[0], n[1])),
        new Form("beta", List.of("a", "b"), n -> new Beta(n[0], n[1])),
        new Form("laplace", List.of("location", "scale"), n -> new Laplace(n[0], n[1])));
    own.forEach(form -> table.put(form.name(), form));
    ServiceLoader.load(PriorForm.class, PriorForm.class.getClassLoader())
        .forEach(form -> table.putIfAbsent(form.name(), form));
    return table;
  }

  /** The forms there are, for messages. */
  public static String forms() {
    List<String> forms = TABLE.values().stream()
        .map(form -> form.name() + "(" + String.join(", ", form.numbers()) + ")").toList();
    int last = forms.size() - 1;
    return String.join(", ", forms.subList(0, last)) + " or " + forms.get(last);
  }

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
      throw new BadDistributionException("'" + text + "' is not a distribution; write " + forms());
    String name = call.group(1);
    List<Double> numbers = numbers(text, call.group(2));
    PriorForm form = TABLE.get(name);
    if (form == null)
      throw new BadDistributionException("no distribution is called '" + name + "'; write " + forms());
    if (numbers.size() != form.numbers().size())
      throw new BadDistributionException(
          name + " takes " + form.numbers().size() + " numbers, but '" + text.strip() + "' has " + numbers.size());
    try {
      return form.of(numbers.stream().mapToDouble(number -> number).toArray());
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
