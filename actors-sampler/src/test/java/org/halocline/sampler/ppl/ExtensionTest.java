package org.halocline.sampler.ppl;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.prior.DistributionParser;
import org.halocline.sampler.support.Mean;
import org.halocline.sampler.support.MemoryDomain;
import org.halocline.sampler.support.Mixer;
import org.halocline.sampler.support.Poisson;
import org.halocline.sampler.support.WaitingTime;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Distributions that main code does not know, and programs of several fields. */
@Timeout(300)
class ExtensionTest {
  private static final Mesh MESH = new Mesh(4, 5, 6, 1, 1, 1);
  private static final Mesh OTHER = new Mesh(6, 4, 2, 1, 1, 1);
  private static final NoiseKey KEY = new NoiseKey(5, NoiseKey.Purpose.TEST);

  /** Two numbers with an ordered prior: b = a + a positive step. */
  private record Ordered(ScalarDistribution least, ScalarDistribution step) implements Latent<Scalar> {
    @Override
    public Class<Scalar> type() {
      return Scalar.class;
    }

    @Override
    public Scalar sample(Coordinates coordinates) {
      return coordinates.number(least).plus(coordinates.number(step));
    }

    @Override
    public Scalar misfit(Scalar value, Tape tape) {
      throw new UnsupportedOperationException("an ordered pair is only sampled");
    }
  }

  @Test
  void shouldReadAPriorThatAnotherJarBrings() throws Exception {
    assertEquals(new WaitingTime(2), DistributionParser.parse("waiting-time(2)"));
    assertTrue(DistributionParser.forms().endsWith(" or waiting-time(rate)"), DistributionParser.forms());
    assertTrue(DistributionParser.forms().startsWith("uniform(low, high), normal(mean, sd), truncated-normal(mean, sd, "
        + "low, high), log-normal(mean, sd)"), DistributionParser.forms());
  }

  private static double[] poisson(RankScope scope) {
    Mean mean = new Mean(scope);
    Gathered counts = Gathered.constant(scope.first() ? new double[]{3, 0, 2, 5} : new double[0]);
    Model model = p -> {
      var rate = p.sample("rate", new WaitingTime(1.5));
      var z = p.sample("z", whiteNoise(MESH));
      Distribution<Gathered> seen = new Poisson(p.apply(mean, rate.times(0.2), z).gathered(0));
      p.observe("counts", seen, counts);
    };
    Potential potential = Potential.of(model, scope);
    Field.Floats z = potential.fields().getFirst().position();
    scope.kernels().vectors().normal(z, scope.decomposition(), scope.rank(), KEY);
    scope.kernels().vectors().scale(0.1f, z);
    Field.Floats gradient = scope.kernels().memory().floats(z.size());
    double[] potentials = new double[3];
    for (int i = 0; i < 3; i++)
      potentials[i] = potential.evaluate(new double[]{0.3 + 1e-5 * (i - 1)}, List.of(z), List.of(gradient))
          .potential();
    Evaluation at = potential.evaluate(new double[]{0.3}, List.of(z), List.of(gradient));
    assertEquals((potentials[2] - potentials[0]) / 2e-5, at.gradient()[0], 1e-5);
    assertEquals(at.misfit(), at.likelihood());
    Evaluation once = Potential.once(model, scope, new double[]{0.3}, List.of(z), List.of(gradient));
    assertEquals(at.potential(), once.potential());
    return new double[]{at.potential(), at.gradient()[0]};
  }

  @Test
  void shouldDifferentiateALikelihoodThatMainCodeDoesNotKnow() throws Exception {
    double[] whole = MemoryDomain.alone(Decomposition.even(MESH, 1, 1), ExtensionTest::poisson);
    for (double[] part : MemoryDomain.run(Decomposition.even(MESH, 2, 2), ExtensionTest::poisson))
      assertArrayEquals(whole, part, 0.0);
  }

  @Test
  void shouldSampleAValueOfSeveralNumbers() throws Exception {
    MemoryDomain.alone(Decomposition.even(MESH, 1, 1), scope -> {
      Model model = p -> {
        var b = p.sample("pair", new Ordered(new WaitingTime(1), new WaitingTime(2)));
        p.observe("seen", normal(b, 1), 2.0);
      };
      Potential potential = Potential.of(model, scope);
      assertEquals(List.of("pair", "pair.2"), potential.names());
      Evaluation at = potential.evaluate(new double[]{0.1, -0.4}, List.of(), List.of());
      double residual = Math.exp(0.1) + Math.exp(-0.4) - 2;
      assertEquals(residual * residual / 2 + 0.5 * Math.log(2 * Math.PI), at.likelihood(), 1e-12);
      assertEquals(Math.exp(0.1) * (residual + 1) - 1, at.gradient()[0], 1e-12);
      assertEquals(Math.exp(-0.4) * (residual + 2) - 1, at.gradient()[1], 1e-12);
      return 0;
    });
  }

  /** Two fields on the domain's mesh that one operation reads, and a third on a mesh of its own. */
  private static double[] threeFields(RankScope scope) {
    Field.Floats weights = scope.kernels().memory().floats(scope.block().size());
    scope.kernels().vectors().fill(weights, 0.25f);
    Mixer mixer = new Mixer(scope, weights);
    Field.Floats data = scope.kernels().memory().floats(scope.block().size());
    Model model = p -> {
      var s = p.sample("s", normal(0, 1));
      var a = p.sample("a", whiteNoise(MESH));
      var b = p.sample("b", whiteNoise(MESH));
      p.sample("c", whiteNoise(OTHER));
      var made = p.apply(mixer, a, b, s);
      p.observe("number", normal(made.scalar(1), 2), 0.5);
      p.observe("field", normal(made.sharded(0), 3), data);
    };
    Potential potential = Potential.of(model, scope);
    assertEquals(List.of("a", "b", "c"), potential.fields().stream().map(LatentField::name).toList());
    List<Field.Floats> at = potential.fields().stream().map(LatentField::position).toList();
    List<Field.Floats> gradients = at.stream().map(field -> scope.kernels().memory().floats(field.size())).toList();
    for (LatentField field : potential.fields())
      scope.kernels().vectors().normal(field.position(), field.decomposition(), scope.rank(),
          Handlers.ofField(KEY, field.number()));
    double[] u = {0.4};
    Evaluation found = potential.evaluate(u, at, gradients);
    double[] numbers = {found.potential(), found.gradient()[0]};
    if (scope.decomposition().ranks() == 1)
      for (int field = 0; field < 3; field++)
        assertEquals(difference(scope, potential, u, at, gradients, field), gradient(scope, potential, u, at, gradients,
            field), 2e-3, "field " + field);
    return numbers;
  }

  private static float read(RankScope scope, Field.Floats field) {
    float[] cell = new float[1];
    scope.kernels().memory().read(field, 7, cell, 0, 1);
    return cell[0];
  }

  private static double gradient(RankScope scope, Potential potential, double[] u, List<Field.Floats> at,
      List<Field.Floats> gradients, int field) {
    potential.evaluate(u, at, gradients);
    return read(scope, gradients.get(field));
  }

  private static double difference(RankScope scope, Potential potential, double[] u, List<Field.Floats> at,
      List<Field.Floats> gradients, int field) {
    float cell = read(scope, at.get(field));
    double[] sides = new double[2];
    for (int side = 0; side < 2; side++) {
      scope.kernels().memory().write(new float[]{cell + (side == 0 ? 0.125f : -0.125f)}, 0, at.get(field), 7, 1);
      sides[side] = potential.evaluate(u, at, gradients).potential();
    }
    scope.kernels().memory().write(new float[]{cell}, 0, at.get(field), 7, 1);
    return (sides[0] - sides[1]) / 0.25;
  }

  @Test
  void shouldEvaluateSeveralFieldsOnMeshesOfTheirOwn() throws Exception {
    double[] whole = MemoryDomain.alone(Decomposition.even(MESH, 1, 1), ExtensionTest::threeFields);
    for (double[] part : MemoryDomain.run(Decomposition.even(MESH, 2, 2), ExtensionTest::threeFields))
      assertArrayEquals(whole, part, 0.0);
  }

  @Test
  void shouldDrawFieldsThatDiffer() throws Exception {
    float[] cells = MemoryDomain.alone(Decomposition.even(MESH, 1, 1), scope -> {
      Trace trace = Handlers.trace(Handlers.seed(p -> {
        p.sample("a", whiteNoise(MESH));
        p.sample("b", whiteNoise(MESH));
      }, KEY), scope);
      float[] found = new float[2];
      for (int i = 0; i < 2; i++)
        found[i] = read(scope, ((org.halocline.sampler.tape.Sharded) trace.sites().get(i).value().orElseThrow())
            .field());
      return found;
    });
    assertNotEquals(cells[0], cells[1]);
  }
}
