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
import org.halocline.sampler.model.Products;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.nbody.DataSettings;
import org.halocline.sampler.model.nbody.ModelSettings;
import org.halocline.sampler.model.nbody.NbodyModel;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Value;

/** The light cone of a simulation with a Gaussian likelihood of its convergence maps, or of the final density. */
public final class SurveyModel extends NbodyModel {
  private final Optional<ConvergenceMap> maps;
  private final Optional<Convergence> convergence;
  private final LightCone cone;
  /** The observed map on rank 0; length 0 elsewhere, and without one. */
  private final double[] observed;

  private SurveyModel(ModelSettings settings, Use use, Map<Parameter, ScalarDistribution> priors, RankScope scope)
      throws IOException {
    super(settings, use, priors, scope);
    this.maps = settings.lensing().map(_ -> settings.maps(simulation));
    this.convergence = maps.map(map -> new Convergence(this, map));
    this.cone = maps.map(ConvergenceMap::lightCone).orElseGet(() -> new LightCone(simulation));
    try {
      this.observed = use != Use.SIMULATE && scope.first() && observesMap() ? readMap() : new double[0];
    } catch (IOException | RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /**
   * Allocates the simulation and reads the data.
   *
   * @param priors of the parameters that are sampled; the others keep the job's values
   * @throws IOException if the data cannot be read
   */
  public static SurveyModel open(ModelSettings settings, Use use, Map<Parameter, ScalarDistribution> priors,
      RankScope scope) throws IOException {
    return new SurveyModel(settings, use, priors, scope);
  }

  private boolean observesMap() {
    return settings.data().filter(data -> data.observed() == DataSettings.Observed.CONVERGENCE).isPresent();
  }

  private double[] readMap() throws IOException {
    try (NpyFile map = NpyFile.open(settings.data().orElseThrow().file())) {
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
    var kappa = p.deterministic(CONVERGENCE, p.apply(convergence.orElseThrow(), inputs).gathered(0));
    p.observe("map", normal(kappa, settings.data().orElseThrow().sigma()), observed);
  }

  @Override
  protected Observable simulated() {
    return maps.<Observable>map(map -> map).orElse(cone);
  }

  @Override
  protected void writeObserved(Products products) throws IOException {
    Mesh mesh = settings.simulation().mesh();
    products.array(PLANES, cone.planes(), settings.plan().planes(), mesh.nx(), mesh.ny());
    if (maps.isPresent())
      products.array(KAPPA, maps.get().convergence(), settings.lensing().orElseThrow().mapShape());
  }
}
