package org.halocline.ops.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.halocline.ops.http.Parameter;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.cluster.JobTerms;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.config.Json;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.config.Settings;
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
record JobOrders(JobKinds kinds, StateDirectory state) {
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

  /** @throws Refusal with every problem of body, inputs and job */
  JobOrder order(JsonNode body) throws Refusal {
    Map<String, Object> values = Json.MAPPER.convertValue(body, new TypeReference<>() {
    });
    values.values().removeIf(Objects::isNull);
    Settings keys = Settings.of(ConfigValueFactory.fromMap(values).toConfig(), state.path());
    String name = keys.text("name").filter(text -> !text.isBlank()).map(JobOrders::plainName).orElse("job.conf");
    Optional<String> text = keys.text("text");
    Map<String, Path> inputs = inputs(keys);
    JobTerms terms = new JobTerms(whole(keys, "priority").orElse(0), whole(keys, "most-lanes"),
        whole(keys, "most-restarts").orElse(JobTerms.usual().mostRestarts()),
        whole(keys, "most-seconds").stream().asLongStream().findFirst());
    terms.validate().forEach(keys::problem);
    String directory = keys.text("run-directory").orElse("");
    if (!directory.isEmpty() && (!directory.startsWith("/") || directory.indexOf('\0') >= 0))
      keys.problem("run-directory", directory, "is not an absolute path",
          "give one that every node can read, or leave it out");
    Optional<String> id = keys.text("id");
    id.filter(given -> !JobStore.isId(given)).ifPresent(
        given -> keys.problem("id", plainName(given), "cannot be the id of a job",
            "choose up to 100 letters, digits, dots, dashes and underscores, a letter or digit first"));
    boolean resume = keys.flag("resume").orElse(false);
    Optional<Settings> given = keys.optionalBlock("given");
    Optional<String> givenName = given.flatMap(block -> block.text("name"));
    Optional<String> givenText = given.flatMap(block -> block.text("text"));
    String job = orThrow(Refusal.BAD_REQUEST, keys.finish(() -> text)).orElseThrow(() -> new Refusal(
        Refusal.BAD_REQUEST, Problem.of("text", "is missing", "send the job file's text")));
    JobFile file = orThrow(Refusal.BAD_INPUT, JobFile.parse(name, state.path(), job));
    JobSpec spec = orThrow(Refusal.BAD_INPUT,
        kinds.check(withBlobs(file, inputs)).then(checked -> checked.spec(state.blobs()::digestOf)));
    return new JobOrder(id.map(spec::named).orElse(spec), plainName(givenName.orElse(name)), givenText.orElse(job),
        directory, resume, terms);
  }

  private static OptionalInt whole(Settings keys, String key) {
    return keys.integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE).stream().mapToInt(Integer::intValue).findFirst();
  }

  private Map<String, Path> inputs(Settings keys) {
    Map<String, Path> inputs = new TreeMap<>();
    keys.optionalBlock("inputs").ifPresent(given -> {
      if (given.keys().size() > MOST_INPUTS)
        keys.problem("inputs", given.keys().size() + " names", "must be an object of at most " + MOST_INPUTS
            + " names and digests", "write {\"observed.npy\": \"<its sha256>\"}");
      for (String name : given.keys())
        given.text(name).ifPresent(digest -> {
          if (state.blobs().has(digest))
            inputs.put(name, state.blobs().path(digest));
          else
            given.problem(name, digest, "is no blob of this cluster",
                "PUT the file to " + NodeApi.ROOT + "/blobs/<its sha256> first");
        });
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

  private static String plainName(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "-");
    return plain.length() > MOST_NAME ? plain.substring(0, MOST_NAME) : plain;
  }

  private static <T> T orThrow(int status, Checked<T> checked) throws Refusal {
    return switch (checked) {
      case Checked.Valid<T>(T value) -> value;
      case Checked.Invalid<T>(List<Problem> problems) -> throw new Refusal(status, problems);
    };
  }
}
