package org.halocline.ops.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Parameter;
import org.halocline.ops.http.Refusal;
import org.halocline.runtime.config.Problem;
import org.halocline.sampler.diagnostics.Summary;
import org.halocline.sampler.draws.Draws;

/** What the chains of a job have drawn so far: traces thinned for a plot, and how well the chains agree. */
final class DrawEndpoints {
  private static final int USUAL_POINTS = 400;
  private static final Parameter POINTS = Parameter.query("points", 2, 5000,
      "At most so many points of each trace; " + USUAL_POINTS + " where left out.");
  private static final int MOST_CHAINS = 64;
  private static final int LEAST_FOR_DIAGNOSTICS = 8;
  /** All chains together; the memory of a node belongs to its lanes. */
  private static final int MOST_VALUES = 1_000_000;
  private static final int LEAST_ROWS = 200;
  private static final int MOST_ROWS = 20_000;
  private static final int MOST_FILES = 10_000;

  /** @param rHat rank-normalised split-R̂ over the draws that all chains have; NaN before there are enough */
  record Diagnosis(String name, double mean, double sd, double rHat, double essBulk, double essTail) {}

  /**
   * @param draws how many there are
   * @param numbers of those shown
   * @param values by parameter
   */
  record Trace(int chain, int draws, int[] numbers, Map<String, double[]> values) {}

  private record JobDraws(List<Diagnosis> parameters, List<Trace> chains,
      @JsonPropertyDescription("How many chains there are; some of many are shown.") int ofChains) {}

  /**
   * What was read, for as long as the files stay as they are.
   *
   * @param state of the folder and its files, and how many points were asked for
   */
  private record Known(String state, JobDraws answer) {}

  private final NodeApi api;
  private final ReentrantLock reading = new ReentrantLock();
  private Optional<Known> known = Optional.empty();

  DrawEndpoints(NodeApi api) {
    this.api = api;
  }

  List<Endpoint> all() {
    return List.of(api.proxy()
        .endpoint("GET", NodeApi.ROOT + "/jobs/{id}/draws", Endpoint.Access.READ,
            "The draws of the chains so far: traces, and how well the chains agree.", this::draws)
        .takes(POINTS).answers(200, JobDraws.class).refuses(Refusal.NOT_FOUND));
  }

  private HttpResponse draws(Call call) throws Refusal, InterruptedException, IOException {
    Path directory = FileEndpoints.directory(api, call.segment("id"));
    int points = (int) call.number(POINTS).orElse(USUAL_POINTS);
    reading.lock(); // one at a time: several would take the memory of several
    try {
      List<Path> files = new ArrayList<>();
      int chains = 0;
      StringBuilder state = new StringBuilder().append(directory).append(' ').append(points);
      for (int chain = 0; chain < MOST_FILES && (chain < MOST_CHAINS || chains == chain); chain++) {
        if (!Files.exists(directory.resolve(name(chain))))
          continue;
        chains++;
        if (files.size() == MOST_CHAINS)
          continue;
        Path file = FileEndpoints.resolve(directory, name(chain));
        files.add(file);
        state.append(' ').append(chain).append(' ').append(Files.size(file)).append(' ')
            .append(Files.getLastModifiedTime(file).toMillis());
      }
      if (known.isEmpty() || !known.get().state.contentEquals(state))
        known = Optional.of(new Known(state.toString(), read(files, chains, points)));
      return Answers.ok(known.get().answer);
    } finally {
      reading.unlock();
    }
  }

  private static String name(int chain) {
    return "chain-" + chain + ".csv";
  }

  private static JobDraws read(List<Path> files, int chains, int points) throws IOException, Refusal {
    List<Draws> tables = new ArrayList<>();
    List<Trace> traces = new ArrayList<>();
    int most = MOST_ROWS;
    for (Path file : files) {
      Draws draws = read(file, most);
      if (tables.isEmpty()) {
        most = Math.clamp(MOST_VALUES / Math.max(1, files.size() * draws.parameters().size()), LEAST_ROWS, MOST_ROWS);
        draws = read(file, most);
      }
      tables.add(draws);
      traces.add(thinned(Integer.parseInt(file.getFileName().toString().replaceAll("\\D", "")), draws, points));
    }
    return new JobDraws(diagnoses(tables), traces, chains);
  }

  /** @throws Refusal when the file is not what a chain writes */
  static Draws read(Path file, int most) throws IOException, Refusal {
    try (FilePart part = FilePart.open(file)) {
      return Draws.glance(part, part.endsWith('\n'), most);
    } catch (Draws.NotDrawsException e) {
      throw new Refusal(Refusal.FAILED, new Problem("draws", String.valueOf(file.getFileName()),
          "is not what a chain writes: " + e.getMessage(),
          "see who else writes into the run directory; fetch gives the file as it is"));
    }
  }

  private static double[] values(Draws chain, String name) {
    if (chain.columns().contains(name))
      return chain.column(name);
    double[] none = new double[chain.size()];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  private static Trace thinned(int chain, Draws draws, int points) {
    int stride = Math.max(1, Math.ceilDiv(draws.size(), points));
    int[] numbers = java.util.stream.IntStream.range(0, draws.size()).filter(i -> i % stride == 0).toArray();
    Map<String, double[]> values = new LinkedHashMap<>();
    for (String name : draws.parameters()) {
      double[] all = draws.column(name);
      values.put(name, Arrays.stream(numbers).mapToDouble(i -> all[i]).toArray());
    }
    return new Trace(chain, draws.made(), Arrays.stream(numbers).map(draws::number).toArray(), values);
  }

  private static List<Diagnosis> diagnoses(List<Draws> chains) {
    if (chains.isEmpty())
      return List.of();
    int common = chains.stream().mapToInt(Draws::size).min().orElse(0);
    return chains.getFirst().parameters().stream().map(name -> {
      double[][] draws = chains.stream().map(chain -> Arrays.copyOf(values(chain, name), common))
          .toArray(double[][]::new);
      if (common < LEAST_FOR_DIAGNOSTICS)
        return new Diagnosis(name, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
      Summary summary = Summary.of(name, draws);
      return new Diagnosis(name, summary.mean(), summary.sd(), summary.rHat(), summary.bulkSize(), summary.tailSize());
    }).toList();
  }
}
