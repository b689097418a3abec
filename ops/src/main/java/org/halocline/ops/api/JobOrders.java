package org.halocline.ops.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.halocline.ops.http.Parameter;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobFile;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.job.JobSpec;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.store.JobStore;

/**
 * From the body of a POST to an order for the coordinator:
 *
 * <pre>
 * {"name": "survey.conf", "id": "my-survey", "text": "kind = infer …", "inputs": {"maps/observed.npy": "9f86d0…"},
 *  "priority": 0, "most-lanes": 2, "most-restarts": 5, "most-seconds": 3600,
 *  "run-directory": "/shared/runs/a", "resume": false, "given": {"name": "survey.conf", "text": "…"}}
 * </pre>
 *
 * Every value of the job that is the name of an input becomes the path of its blob, whose name is its digest: so the
 * same job is the same, wherever it was sent from, and has the same id where none is given. Only {@code text} must be
 * there. Thread-safe.
 */
final class JobOrders {
  static final Parameter[] KEYS = {Parameter.body("name", String.class, "Of the job file."),
      Parameter.body("id", String.class, "Of the job, where it is not to be made from the job itself.")
          .matching("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
      Parameter.body("text", String.class, "The job file, HOCON or JSON.").always(),
      Parameter.body("inputs", Digests.class,
          "SHA-256 of each input, by its name as it stands in text. The blobs must be there."),
      Parameter.body("priority", -JobTerms.HIGHEST, JobTerms.HIGHEST),
      Parameter.body("most-lanes", 1, Integer.MAX_VALUE),
      Parameter.body("most-restarts", 0, JobTerms.MOST_RESTARTS),
      Parameter.body("most-seconds", 1, JobTerms.LONGEST_SECONDS),
      Parameter.body("run-directory", String.class, "Absolute path that every node sees."),
      Parameter.body("resume", boolean.class, "Whether to go on with the run that is in the run directory."),
      Parameter.body("given", Given.class, "The job file as the user wrote it, where text was made from it.")};
  private static final int MOST_NAME = 200;
  private static final int MOST_INPUTS = 1000;

  private interface Digests extends Map<String, String> {}

  private record Given(Optional<String> name, Optional<String> text) {}

  private final JobKinds kinds;
  private final StateDirectory state;

  JobOrders(JobKinds kinds, StateDirectory state) {
    this.kinds = kinds;
    this.state = state;
  }

  /** @throws Refusal with every problem of body, inputs and job */
  JobOrder order(JsonNode body) throws Refusal {
    Body read = new Body(body);
    read.refuseOthers(Arrays.stream(KEYS).map(Parameter::name).collect(Collectors.toCollection(TreeSet::new)));
    String name = read.name("name", "job.conf");
    Optional<String> text = read.text("text");
    if (text.isEmpty() && read.problems.isEmpty())
      read.problems.add(Problem.of("text", "is missing", "send the job file's text"));
    Map<String, Path> inputs = inputs(read);
    JobTerms terms = new JobTerms((int) read.whole("priority").orElse(0), asInt(read.whole("most-lanes")),
        (int) read.whole("most-restarts").orElse(JobTerms.usual().mostRestarts()), read.whole("most-seconds"));
    read.problems.addAll(terms.validate());
    String directory = read.text("run-directory").orElse("");
    if (!directory.isEmpty() && (!directory.startsWith("/") || directory.indexOf('\0') >= 0))
      read.problems.add(new Problem("run-directory", directory, "is not an absolute path",
          "give one that every node can read, or leave it out"));
    Optional<String> id = read.text("id");
    if (id.isPresent() && !JobStore.isId(id.get()))
      read.problems.add(new Problem("id", plainName(id.get()), "cannot be the id of a job",
          "choose up to 100 letters, digits, dots, dashes and underscores, a letter or digit first"));
    boolean resume = read.flag("resume");
    if (!read.problems.isEmpty())
      throw new Refusal(Refusal.BAD_REQUEST, read.problems);
    JobFile file = orThrow(JobFile.parse(name, state.path(), text.orElseThrow()));
    JobSpec spec = orThrow(kinds.check(withBlobs(file, inputs)).then(job -> job.spec(state.blobs()::digestOf)));
    JsonNode given = body.path("given");
    String givenName = given.path("name").isTextual() ? given.path("name").asText() : name;
    String givenText = given.path("text").isTextual() ? given.path("text").asText() : text.get();
    return new JobOrder(id.map(spec::named).orElse(spec), plainName(givenName), givenText, directory, resume, terms);
  }

  private Map<String, Path> inputs(Body read) {
    Map<String, Path> inputs = new TreeMap<>();
    JsonNode given = read.body.path("inputs");
    if (given.isMissingNode())
      return inputs;
    if (!given.isObject() || given.size() > MOST_INPUTS) {
      read.problems.add(Problem.of("inputs", "must be an object of at most " + MOST_INPUTS + " names and digests",
          "write {\"observed.npy\": \"<its sha256>\"}"));
      return inputs;
    }
    given.properties().forEach(entry -> {
      String digest = entry.getValue().asText();
      if (state.blobs().has(digest))
        inputs.put(entry.getKey(), state.blobs().path(digest));
      else
        read.problems.add(new Problem("inputs." + entry.getKey(), digest, "is no blob of this cluster",
            "PUT the file to " + NodeApi.ROOT + "/blobs/<its sha256> first"));
    });
    return inputs;
  }

  private static JobFile withBlobs(JobFile file, Map<String, Path> inputs) {
    Object replaced = replaced(file.config().root().unwrapped(), inputs);
    return new JobFile(file.name(), file.directory(), file.text(),
        ConfigFactory.empty().withFallback(ConfigValueFactory.fromAnyRef(replaced)));
  }

  private static Object replaced(Object value, Map<String, Path> inputs) {
    return switch (value) {
      case Map<?, ?> block -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        block.forEach((key, inner) -> copy.put(key.toString(), inner == null ? null : replaced(inner, inputs)));
        yield copy;
      }
      case List<?> list -> {
        List<Object> copy = new ArrayList<>();
        list.forEach(inner -> copy.add(inner == null ? null : replaced(inner, inputs)));
        yield copy;
      }
      case String text when inputs.containsKey(text) -> inputs.get(text).toString();
      default -> value;
    };
  }

  private static OptionalInt asInt(OptionalLong number) {
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  private static String plainName(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "-");
    return plain.length() > MOST_NAME ? plain.substring(0, MOST_NAME) : plain;
  }

  private static <T> T orThrow(Checked<T> checked) throws Refusal {
    return switch (checked) {
      case Checked.Valid<T>(T value) -> value;
      case Checked.Invalid<T>(List<Problem> problems) -> throw new Refusal(Refusal.BAD_INPUT, problems);
    };
  }

  /** Reads values and keeps what is wrong with them. */
  private static final class Body {
    private final JsonNode body;
    private final List<Problem> problems = new ArrayList<>();

    Body(JsonNode body) {
      this.body = body;
    }

    void refuseOthers(Set<String> known) {
      body.fieldNames().forEachRemaining(key -> {
        if (!known.contains(key))
          problems.add(new Problem(plainName(key), "", "is not a known key", "known are " + String.join(", ", known)));
      });
    }

    String name(String key, String fallback) {
      return plainName(text(key).filter(name -> !name.isBlank()).orElse(fallback));
    }

    Optional<String> text(String key) {
      return value(key, JsonNode::isTextual, "must be text").map(JsonNode::asText);
    }

    boolean flag(String key) {
      return value(key, JsonNode::isBoolean, "must be true or false").map(JsonNode::asBoolean).orElse(false);
    }

    OptionalLong whole(String key) {
      return value(key, node -> node.isIntegralNumber() && node.canConvertToInt(), "must be a whole number")
          .map(node -> OptionalLong.of(node.asLong())).orElseGet(OptionalLong::empty);
    }

    private Optional<JsonNode> value(String key, java.util.function.Predicate<JsonNode> fits, String bound) {
      JsonNode node = body.path(key);
      if (node.isMissingNode() || node.isNull())
        return Optional.empty();
      if (fits.test(node))
        return Optional.of(node);
      String shown = node.toString();
      problems.add(new Problem(key, shown.length() > 80 ? shown.substring(0, 80) + "…" : shown, bound, "correct it"));
      return Optional.empty();
    }
  }
}
