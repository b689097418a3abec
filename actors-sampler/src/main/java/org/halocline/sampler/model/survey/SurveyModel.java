package org.halocline.sampler.model.survey;

import static org.halocline.sampler.ppl.Distributions.normal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.npy.BadNpyException;
import org.halocline.cosmology.npy.NpyFile;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.observe.LightCone;
import org.halocline.cosmology.theta.Parameter;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.model.Results;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.input.DataSettings;
import org.halocline.sampler.model.nbody.NbodyModel;
import org.halocline.sampler.model.nbody.NbodyPlan;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Value;

/** The light cone of a simulation with a Gaussian likelihood of its convergence maps, or of the final density. */
final class SurveyModel extends NbodyModel {
  private final Optional<ConvergenceMap> maps;
  private final LightCone cone;
  /** The observed map on rank 0; length 0 elsewhere, and without one. */
  private final double[] observed;

  SurveyModel(NbodyPlan plan, Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope)
      throws IOException {
    super(plan, use, priors, scope);
    this.maps = plan.lensing().map(_ -> plan.maps(simulation));
    this.cone = maps.map(ConvergenceMap::lightCone).orElseGet(() -> new LightCone(simulation));
    try {
      this.observed = use != Use.SIMULATE && scope.first() && observesMap() ? readMap() : new double[0];
    } catch (IOException | RuntimeException failed) {
      close();
      throw failed;
    }
  }

  private boolean observesMap() {
    return plan.data().filter(data -> data.observed() == DataSettings.Observed.CONVERGENCE).isPresent();
  }

  private double[] readMap() throws IOException {
    try (NpyFile map = NpyFile.open(plan.data().orElseThrow().file())) {
      return map.readAllDoubles();
    } catch (BadNpyException changed) {
      throw new IOException("changed since the job was checked: " + changed.getMessage(), changed);
    }
  }

  @Override
  public void run(Program p) {
    List<Value> inputs = latents(p);
    if (!observesMap()) {
      observeDensity(p, inputs);
      return;
    }
    ConvergenceMap map = maps.orElseThrow();
    var kappa = p.deterministic(CONVERGENCE, p.apply(observation(map, () -> Gathered.constant(map.convergence()),
        pullback -> map.cotangent(pullback.ofArray(0))), inputs).gathered(0));
    p.observe("map", normal(kappa, plan.data().orElseThrow().sigma()), observed);
  }

  @Override
  protected Observable simulated() {
    return maps.<Observable>map(map -> map).orElse(cone);
  }

  @Override
  protected void writeObserved(Results results) throws IOException {
    Mesh mesh = plan.simulation().mesh();
    results.array(PLANES, cone.planes(), plan.plan().planes(), mesh.nx(), mesh.ny());
    if (maps.isPresent())
      results.array(KAPPA, maps.get().convergence(), plan.lensing().orElseThrow().mapShape());
  }
}
