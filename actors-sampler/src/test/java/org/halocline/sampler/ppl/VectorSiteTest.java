package org.halocline.sampler.ppl;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.support.MemoryDomain;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Small vectors as latent, observed and deterministic sites, and the programs that are refused. */
@Timeout(300)
class VectorSiteTest {
  private static final Mesh MESH = new Mesh(4, 5, 6, 1, 1, 1);
  private static final NoiseKey KEY = new NoiseKey(5, NoiseKey.Purpose.TEST);

  /** A random walk of some steps, and if it is told so its end once more. */
  private record Walk(int steps, boolean andEnd) implements Latent<Vector> {
    @Override
    public Class<Vector> type() {
      return Vector.class;
    }

    @Override
    public Vector sample(Coordinates coordinates) {
      List<Scalar> steps = new ArrayList<>();
      for (int i = 0; i < steps(); i++)
        steps.add(coordinates.number(normal(0.5, 2)));
      Vector walk = Vector.of(steps).cumulativeSum();
      return andEnd ? Vector.concat(walk, walk.slice(steps() - 1, steps())) : walk;
    }

    @Override
    public Scalar misfit(Vector value, Tape tape) {
      return value.minus(Vector.concat(Vector.constant(0), value.slice(0, value.size() - 1))).minus(0.5).dividedBy(2)
          .square().sum().times(0.5);
    }
  }

  /** Numbers about a vector with unit noise. */
  private record About(Vector mean) implements Distribution<Vector> {
    @Override
    public Class<Vector> type() {
      return Vector.class;
    }

    @Override
    public Scalar misfit(Vector value, Tape tape) {
      return mean.minus(value).square().sum().times(0.5);
    }
  }

  private static <T> T alone(MemoryDomain.Rank<T> program) throws Exception {
    return MemoryDomain.alone(Decomposition.even(MESH, 1, 1), program);
  }

  private static final Model WALK = p -> {
    var walk = p.sample("walk", new Walk(3, true));
    p.deterministic("twice", walk.slice(0, 2).times(2));
    p.observe("seen", new About(walk), new double[]{1, 2, 3, 4});
  };

  private static Evaluation evaluate(RankScope scope) {
    return Potential.of(WALK, scope).evaluate(new double[]{0.1, -0.4, 0.3}, List.of(), List.of());
  }

  @Test
  void shouldNameTheNumbersOfAVectorByTheirPlace() throws Exception {
    alone(scope -> {
      assertEquals(List.of("walk.1", "walk.2", "walk.3"), Potential.of(WALK, scope).names());
      Evaluation at = evaluate(scope);
      double[] walk = {0.7, 0.4, 1.5};
      assertArrayEquals(walk, at.constrained(), 1e-15);
      assertEquals(List.of("walk.4", "twice.1", "twice.2"), List.copyOf(at.derived().keySet()));
      assertEquals(walk[2], at.derived().get("walk.4"), 1e-15);
      assertEquals(2 * walk[1], at.derived().get("twice.2"), 1e-15);
      double[] residuals = {walk[0] - 1, walk[1] - 2, walk[2] - 3, walk[2] - 4};
      double half = 0;
      for (double residual : residuals)
        half += 0.5 * residual * residual;
      assertEquals(half, at.likelihood(), 1e-14);
      double last = 2 * (residuals[2] + residuals[3]);
      assertArrayEquals(new double[]{2 * (residuals[0] + residuals[1]) + last + 0.1, 2 * residuals[1] + last - 0.4,
          last + 0.3}, at.gradient(), 1e-14);
      return 0;
    });
  }

  @Test
  void shouldFindTheSameBitsOnEveryLayout() throws Exception {
    Evaluation whole = alone(VectorSiteTest::evaluate);
    for (Evaluation part : MemoryDomain.run(Decomposition.even(MESH, 2, 2), VectorSiteTest::evaluate)) {
      assertArrayEquals(whole.gradient(), part.gradient(), 0.0);
      assertEquals(whole.potential(), part.potential());
      assertEquals(whole.derived(), part.derived());
    }
  }

  @Test
  void shouldDrawASeededVectorAsAChainsStart() throws Exception {
    alone(scope -> {
      Model model = p -> {
        p.sample("before", normal(0, 1));
        p.sample("walk", new Walk(3, false));
        p.sample("after", normal(0, 1));
      };
      Potential potential = Potential.of(model, scope);
      Evaluation start = potential.evaluate(potential.draw(KEY), List.of(), List.of());
      Trace trace = Handlers.trace(Handlers.seed(model, KEY), scope);
      Vector walk = (Vector) trace.site("walk").orElseThrow().value().orElseThrow();
      Scalar after = (Scalar) trace.site("after").orElseThrow().value().orElseThrow();
      assertArrayEquals(Arrays.copyOfRange(start.constrained(), 1, 4), walk.values());
      assertEquals(start.constrained()[4], after.value());
      return 0;
    });
  }

  private static String refusal(RankScope scope, Model model) {
    return assertThrows(IllegalArgumentException.class, () -> Potential.of(model, scope)).getMessage();
  }

  @Test
  void shouldRefuseTwoNumbersOfOneName() throws Exception {
    alone(scope -> {
      assertEquals("the program has two numbers called 'a.2'; rename a site", refusal(scope, p -> {
        p.sample("a.2", normal(0, 1));
        p.sample("a", new Walk(2, false));
      }));
      assertEquals("the program has two numbers called 'a.1'; rename a site", refusal(scope, p -> {
        p.sample("a", new Walk(2, false));
        p.deterministic("a.1", Scalar.constant(3));
      }));
      assertEquals("the program has two sites called 'a'", refusal(scope, p -> {
        p.sample("a", normal(0, 1));
        p.deterministic("a", Vector.constant(3));
      }));
      return 0;
    });
  }

  @Test
  void shouldRefuseDataThatDoNotFit() throws Exception {
    alone(scope -> {
      assertEquals("the site 'seen': a vector of 3 numbers meets one of 2; vectors that meet pointwise must be of one "
          + "length",
          assertThrows(IllegalArgumentException.class,
              () -> Potential.of(p -> {
                var walk = p.sample("walk", new Walk(3, false));
                p.observe("seen", new About(walk), new double[]{1, 2});
              }, scope)).getMessage());
      assertEquals("the site 'walk' holds a Vector but was given a Scalar", refusal(scope,
          Handlers.substitute(WALK, Map.of("walk", Scalar.constant(1)))));
      return 0;
    });
  }

  @Test
  void shouldRefuseDataThatAreNotFinite() throws Exception {
    MemoryDomain.run(Decomposition.even(MESH, 2, 1), scope -> {
      assertEquals("the data of the site 'seen' are not finite: 1 NaN or infinite; leave those numbers out",
          refusal(scope, p -> p.observe("seen", normal(0, 1), Double.NaN)));
      assertEquals("the data of the site 'seen' are not finite: 2 NaN or infinite; leave those numbers out",
          refusal(scope, p -> p.observe("seen", new About(Vector.constant(0, 0, 0)),
              new double[]{Double.NaN, 1, Double.POSITIVE_INFINITY})));
      assertEquals("the data of the site 'seen' are not finite: 1 NaN or infinite; leave those numbers out",
          refusal(scope, p -> p.observe("seen", normal(Gathered.constant(new double[2]), 1),
              scope.first() ? new double[]{Double.NaN, 1} : new double[0])));
      Field.Floats data = scope.kernels().memory().floats(scope.block().size());
      if (scope.first())
        scope.kernels().memory().write(new float[]{Float.NaN, Float.NEGATIVE_INFINITY}, 0, data, 3, 2);
      Sharded mean = Sharded.constant(data, scope.decomposition());
      assertEquals("the data of the site 'seen' are not finite: 2 NaN or infinite; leave those numbers out",
          refusal(scope, p -> p.observe("seen", normal(mean, 1), data)));
      return 0;
    });
  }

  private static String change(RankScope scope, Model first, Model then) {
    List<Model> runs = new ArrayList<>(List.of(first, then));
    Potential potential = Potential.of(p -> runs.removeFirst().run(p), scope);
    return assertThrows(IllegalStateException.class,
        () -> potential.evaluate(new double[potential.names().size()], List.of(), List.of())).getMessage();
  }

  @Test
  void shouldRefuseSitesThatChangeBetweenRuns() throws Exception {
    String remedy = "; a program must name the same sites, of the same sizes, in the same order for all values";
    String begin = "the program's sites changed between runs: ";
    alone(scope -> {
      Model a = p -> p.sample("a", normal(0, 1));
      Model b = p -> p.sample("b", normal(0, 1));
      Model both = p -> {
        a.run(p);
        b.run(p);
      };
      assertEquals(begin + "'b' came in the place of 'a'" + remedy, change(scope, a, b));
      assertEquals(begin + "'b' came after the last one" + remedy, change(scope, a, both));
      assertEquals(begin + "it ended before 'b'" + remedy, change(scope, both, a));
      assertEquals(begin + "there are more than 2 latent numbers at 'a'" + remedy,
          change(scope, p -> p.sample("a", new Walk(2, false)), p -> p.sample("a", new Walk(3, false))));
      assertEquals(begin + "its latent numbers are [a.1, a.2], fewer than 3" + remedy,
          change(scope, p -> p.sample("a", new Walk(3, false)), p -> p.sample("a", new Walk(2, false))));
      return 0;
    });
  }

  @Test
  void shouldRefuseALatentSiteThatCanOnlyBeObserved() throws Exception {
    alone(scope -> {
      assertEquals("the site 'seen' can only be observed; give it data: observe it, or condition the program on it",
          refusal(scope, p -> p.sample("seen", new About(Vector.constant(1, 2)))));
      Model given = Handlers.condition(p -> {
        var walk = p.sample("walk", new Walk(2, false));
        p.sample("seen", new About(walk));
      }, Map.of("seen", Vector.constant(3, 4)));
      assertEquals(List.of("walk.1", "walk.2"), Potential.of(given, scope).names());
      return 0;
    });
  }
}
