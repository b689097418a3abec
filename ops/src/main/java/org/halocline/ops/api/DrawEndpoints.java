package org.halocline.ops.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.halocline.ops.http.Answers;
import org.halocline.ops.http.Call;
import org.halocline.ops.http.Endpoint;
import org.halocline.ops.http.Refusal;
import org.halocline.sampler.diagnostics.Summary;

/** What the chains of a job have drawn so far: traces thinned for a plot, and how well the chains agree. */
final class DrawEndpoints {
  private static final int USUAL_POINTS = 400;
  private static final int MOST_POINTS = 5000;
  private static final int MOST_CHAINS = 64;
  private static final int LEAST_FOR_DIAGNOSTICS = 8;

  /**
   * @param rHat
   *          rank-normalised split-R̂ over the draws that all chains have; NaN before there are enough
   */
  record Diagnosis(String name, double mean, double sd, double rHat, double essBulk, double essTail) {}

  /**
   * @param draws
   *          how many there are
   * @param numbers
   *          of those shown
   * @param values
   *          by parameter
   */
  record Trace(int chain, int draws, int[] numbers, Map<String, double[]> values) {}

  private final NodeApi api;

  DrawEndpoints(NodeApi api) {
    this.api = api;
  }

  List<Endpoint> all() {
    return List.of(api.relay().endpoint("GET", NodeApi.ROOT + "/jobs/{id}/draws", Endpoint.Access.READ, this::draws));
  }

  private HttpResponse draws(Call call) throws Relay.Unseen, Refusal, InterruptedException, IOException {
    Path directory = FileEndpoints.directory(api, call.segment("id"));
    int points = (int) call.query("points", USUAL_POINTS, 2, MOST_POINTS);
    List<DrawTable> chains = new ArrayList<>();
    List<Trace> traces = new ArrayList<>();
    for (int chain = 0; chain < MOST_CHAINS; chain++) {
      Path file = directory.resolve("chain-" + chain + ".csv");
      if (!Files.isRegularFile(file))
        continue;
      DrawTable table = DrawTable.read(file);
      chains.add(table);
      traces.add(thinned(chain, table, points));
    }
    return Answers.ok(Map.of("parameters", diagnoses(chains), "chains", traces));
  }

  private static Trace thinned(int chain, DrawTable table, int points) {
    int stride = Math.max(1, Math.ceilDiv(table.size(), points));
    int[] numbers = java.util.stream.IntStream.range(0, table.size()).filter(i -> i % stride == 0).toArray();
    Map<String, double[]> values = new LinkedHashMap<>();
    for (String name : table.parameters()) {
      double[] all = table.column(name);
      values.put(name, Arrays.stream(numbers).mapToDouble(i -> all[i]).toArray());
    }
    return new Trace(chain, table.size(), numbers, values);
  }

  private static List<Diagnosis> diagnoses(List<DrawTable> chains) {
    if (chains.isEmpty())
      return List.of();
    int common = chains.stream().mapToInt(DrawTable::size).min().orElse(0);
    return chains.getFirst().parameters().stream().map(name -> {
      double[][] draws = chains.stream().map(chain -> Arrays.copyOf(chain.column(name), common))
          .toArray(double[][]::new);
      if (common < LEAST_FOR_DIAGNOSTICS)
        return new Diagnosis(name, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
      Summary summary = Summary.of(name, draws);
      return new Diagnosis(name, summary.mean(), summary.sd(), summary.rHat(), summary.bulkSize(), summary.tailSize());
    }).toList();
  }
}
