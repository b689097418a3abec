package org.halocline.sampler.model.own;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.runtime.config.Settings;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.ModelPlan.LatentGrid;
import org.halocline.sampler.model.cost.DryRank;
import org.halocline.sampler.model.Reading;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.ppl.Evaluation;
import org.halocline.sampler.ppl.Handlers;
import org.halocline.sampler.ppl.LatentField;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.ppl.Trace;
import org.halocline.sampler.tape.Lifetimes;
import org.halocline.sampler.tape.RankScope;

/**
 * What a run without numbers finds of a user's program.
 *
 * @param domain the grid that the ranks share: the largest that the model uses
 * @param fields the latent fields, in the order of the program
 * @param priors of the latent numbers, by the name of each, in the order of the program
 * @param arrays lengths of the arrays that the program names
 * @param files that the model asked for
 * @param products files that a draw from the priors makes
 */
record Discovery(Mesh domain, List<LatentGrid> fields, Map<String, ScalarDistribution> priors,
    Map<String, int[]> arrays, List<Path> files, List<String> products) {
  /** Of a model without fields: it runs on one rank. */
  private static final Mesh SMALLEST = new Mesh(1, 1, 2, 1, 1, 1);

  private static final String FILE = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}";

  /**
   * A model made and run without numbers on one rank.
   *
   * @param constants bytes of the fields that the model allocated when it was made: data above all
   * @param latents bytes of its latent fields
   * @param operations bytes of the fields that its operations borrow, by operation
   * @param own bytes of the fields that its operations allocated for themselves
   * @param drawn bytes of the fields that a draw from the priors allocates
   * @param staging native memory for exchanges, bytes
   * @param products files that a draw from the priors makes
   */
  record DryModel(Potential potential, Evaluation evaluation, Lifetimes lifetimes, ModelInput input, long constants,
      long latents, Map<String, Long> operations, long own, long drawn, long staging, List<String> products) {}

  /**
   * Makes and runs a model; empty where it noted a problem when it was made.
   *
   * @throws ModelClass.UnusableException if the class cannot be made or its program fails
   */
  static Optional<Discovery> of(ModelClass maker, Settings settings, Reading reading)
      throws ModelClass.UnusableException {
    Optional<DryModel> run = run(maker, settings, reading, Decomposition.even(SMALLEST, 1, 1), 0);
    if (run.isEmpty())
      return Optional.empty();
    Potential potential = run.get().potential;
    List<LatentGrid> fields = new ArrayList<>();
    for (LatentField field : potential.fields()) {
      if (fields.stream().anyMatch(other -> other.site().equals(field.name())))
        throw new ModelClass.UnusableException("has a site '" + field.name() + "' of two white noises",
            "give each a site of its own", null);
      fields.add(new LatentGrid(field.name(), field.name(), field.decomposition().mesh()));
    }
    Map<String, ScalarDistribution> priors = new LinkedHashMap<>();
    for (int i = 0; i < potential.names().size(); i++)
      priors.put(potential.names().get(i), potential.priors().get(i));
    Map<String, int[]> arrays = new LinkedHashMap<>();
    run.get().evaluation.arrays().forEach((name, values) -> arrays.put(name, new int[]{values.length}));
    Mesh domain = Stream.concat(run.get().input.meshes().stream(), fields.stream().map(LatentGrid::mesh))
        .max(Comparator.comparingLong(Mesh::size)).orElse(SMALLEST);
    for (String product : run.get().products)
      if (!product.matches(FILE))
        throw new ModelClass.UnusableException("has a site '" + product.substring(0, product.lastIndexOf('.'))
            + "', which is no name of a file", "name sites by letters, digits, dots, dashes and underscores", null);
    return Optional.of(new Discovery(domain, List.copyOf(fields), priors, arrays, run.get().input.files(),
        run.get().products));
  }

  /** Makes and runs a model on one rank of a domain; empty where it noted a problem when it was made. */
  static Optional<DryModel> run(ModelClass maker, Settings settings, Reading reading, Decomposition decomposition,
      int rank) throws ModelClass.UnusableException {
    try (DryRank dry = new DryRank(decomposition, rank)) {
      RankScope scope = dry.scope();
      int before = settings.problems().size();
      ModelInput input = new ModelInput(settings, scope, reading);
      Model made = maker.make(input);
      if (settings.problems().size() > before)
        return Optional.empty();
      long constants = dry.fieldBytes();
      Planned model = new Planned(made, new Lifetimes());
      Potential potential = Potential.of(model, scope);
      long latents = potential.fields().stream().mapToLong(field -> Float.BYTES * (long) field.position().size()).sum();
      List<Field.Floats> gradients = potential.fields().stream().map(LatentField::position).toList();
      double[] u = new double[potential.names().size()];
      model.lifetimes.start();
      potential.evaluate(u, gradients, gradients);
      model.lifetimes.finish();
      scope.forgetScratch();
      long discovered = dry.fieldBytes();
      Evaluation evaluation = potential.evaluate(u, gradients, gradients);
      Map<String, Long> operations = scope.allocated();
      long borrowed = operations.values().stream().mapToLong(Long::longValue).sum();
      long staging = dry.stagingBytes();
      scope.forgetScratch();
      long evaluated = dry.fieldBytes();
      Trace drawn = Handlers.trace(Handlers.seed(made, new NoiseKey(0, NoiseKey.Purpose.TRUTH)), scope);
      return Optional.of(new DryModel(potential, evaluation, model.lifetimes, input, constants, latents, operations,
          evaluated - discovered - borrowed, dry.fieldBytes() - evaluated, staging, OwnModel.products(drawn)));
    } catch (IllegalArgumentException | IllegalStateException wrong) {
      throw new ModelClass.UnusableException(
          "has a program that cannot be run: " + wrong.getMessage() + place(maker, wrong),
          "correct the program", wrong);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError | OutOfMemoryError failed) {
      throw new ModelClass.UnusableException(
          "has a program that fails: " + ModelClass.text(failed) + place(maker, failed), "correct the program", failed);
    }
  }

  /** Where in the user's code it happened. */
  private static String place(ModelClass maker, Throwable failed) {
    for (StackTraceElement element : failed.getStackTrace())
      if (element.getClassName().startsWith(maker.name()))
        return " (" + element.getFileName() + ":" + element.getLineNumber() + ")";
    return "";
  }

  /** A model whose fields' lifetimes are known, or are being found. */
  record Planned(Model made, Lifetimes lifetimes) implements Model {
    @Override
    public void run(Program p) {
      made.run(p);
    }
  }
}
