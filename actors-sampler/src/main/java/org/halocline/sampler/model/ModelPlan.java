package org.halocline.sampler.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.cosmology.theta.ParameterSpace;
import org.halocline.cosmology.theta.Theta;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.runtime.layout.Sharing;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.sampler.tape.RankScope;

/** A model whose settings passed their checks: what jobs must know of it before it runs. Immutable and thread-safe. */
public interface ModelPlan {

  /** What the draws of an inference call the model. */
  String title();

  /** The grid that the domain's ranks share. */
  Mesh mesh();

  /** Lanes, and how the grid is cut. */
  LayoutSettings layout();

  ParameterSpace space();

  /** The parameters' values in the job: where a model is simulated, and what parameters that are not sampled keep. */
  Theta reference();

  /**
   * Priors of the latent numbers of a program that says its priors itself, by the name of each; empty where the job
   * gives the priors of the {@link #space}.
   */
  default Map<String, ScalarDistribution> ownPriors() {
    return Map.of();
  }

  /** What forbids to simulate a point of the {@link #space}; empty where nothing does. */
  Optional<LimitException> limit(Theta theta);

  /** The latent fields of the program, in its order. */
  List<LatentGrid> fields();

  /**
   * A latent field.
   *
   * @param site its name in the program
   * @param word its name in files
   */
  record LatentGrid(String site, String word, Mesh mesh) {

    /**
     * How the ranks of a domain share the field, see {@link RankScope#cut}.
     */
    public Decomposition over(Decomposition domain) {
      return RankScope.cut(mesh, domain);
    }
  }

  /**
   * Whether the gradient by a latent field can be written in the field's own memory: the reverse pass does not read the
   * field once it has written there.
   */
  default boolean gradientInPlace() {
    return true;
  }

  /** Shapes of the arrays that the program makes, by name. */
  Map<String, int[]> arrays();

  /** Numbers of all arrays together. */
  default long numbersOfArrays() {
    return arrays().values().stream()
        .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b)).sum();
  }

  /** Every file that the model reads. */
  List<Path> inputs();

  /** What is legal but worth saying. */
  List<String> warnings();

  /** A file with the parameters that made mock data, if the job names one. */
  Optional<Path> truth();

  /** Numbers that must be the same where a chain goes on from another job, by full key. */
  Map<String, List<? extends Number>> identity();

  /** What a chain keeps on a rank, but for its latent fields and its data. */
  RankMemory memory(Use use, Decomposition decomposition, int rank);

  /** What the data take on a rank, and what is made of them. */
  List<MemoryPart> dataMemory(Use use, Decomposition decomposition, int rank);

  /** Elements of the largest field that a rank holds. */
  long largestField(Decomposition decomposition, int rank);

  /** How long a forward pass takes, with a gradient its reverse pass too; empty where that is unknown. */
  default OptionalDouble seconds(Forecasts forecasts, Decomposition decomposition, Sharing sharing, boolean gradient) {
    return OptionalDouble.empty();
  }

  /**
   * What passes will take and send.
   *
   * @param passes how many the busiest domain makes
   * @param counted how they were counted, in words; empty where the job says how many
   */
  default Optional<Forecast> forecast(Forecasts forecasts, Decomposition decomposition, Sharing sharing,
      boolean gradient, double passes, String counted) {
    return Optional.empty();
  }

  /** The model on smaller grids of the same shape, largest first; only for reckoning. */
  default Stream<ModelPlan> smaller() {
    return Stream.empty();
  }

  /** How often {@code simulate} and {@code gradient} run, to be timed; the results are those of one run. */
  default int repeat() {
    return 1;
  }

  /** Updates of one particle or cell in one pass, to tell the time of each. */
  default long updates() {
    return mesh().size();
  }

  /** Names of the files that {@link RankModel#write} makes. */
  List<String> products();

  /** Numbers for the summary of a run, by dashed name. */
  default Map<String, Object> facts() {
    return Map.of();
  }

  /**
   * Allocates the model on a rank and reads its data.
   *
   * @param priors of the parameters that the program samples; the others keep their values
   * @throws IOException if a file cannot be read
   */
  RankModel open(Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope) throws IOException;
}
