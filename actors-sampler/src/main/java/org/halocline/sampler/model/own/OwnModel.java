package org.halocline.sampler.model.own;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.runtime.config.StrictJson;
import org.halocline.sampler.model.ModelPlan.LatentGrid;
import org.halocline.sampler.model.PassListener;
import org.halocline.sampler.model.Results;
import org.halocline.sampler.model.RankModel;
import org.halocline.sampler.ppl.Handlers;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;
import org.halocline.sampler.ppl.Site;
import org.halocline.sampler.ppl.Trace;
import org.halocline.sampler.tape.Gathered;
import org.halocline.sampler.tape.Lifetimes;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Sharded;
import org.halocline.sampler.tape.Value;
import org.halocline.sampler.tape.Vector;

/** A user's model on one rank. A simulation is a draw from its priors. */
final class OwnModel implements RankModel {
  static final String VALUES = "values.json";

  private final Model made;
  private final Lifetimes lifetimes;
  private final List<LatentGrid> fields;
  private final RankScope scope;
  private final NoiseKey key;
  private Optional<Trace> simulated = Optional.empty();

  OwnModel(Model made, Lifetimes lifetimes, List<LatentGrid> fields, long seed, RankScope scope) {
    this.fields = fields;
    this.made = made;
    this.lifetimes = lifetimes;
    this.scope = scope;
    this.key = new NoiseKey(seed, NoiseKey.Purpose.TRUTH);
  }

  @Override
  public void run(Program p) {
    made.run(p);
  }

  @Override
  public Lifetimes lifetimes() {
    return lifetimes;
  }

  /** A user's program does not tell how far it is. */
  @Override
  public void listen(PassListener listener) {}

  @Override
  public void reference(String site, Field.Floats into) {
    int number = fields.stream().map(LatentGrid::site).toList().indexOf(site);
    scope.kernels().vectors().normal(into, fields.get(number).over(scope.decomposition()), scope.rank(),
        Handlers.ofField(key, number));
  }

  /** The draw from the priors that {@link #simulate} makes. */
  @Override
  public double[] point(int numbers) {
    return Handlers.coordinates(made, key, scope);
  }

  @Override
  public void simulate() {
    simulated = Optional.of(Handlers.trace(Handlers.seed(made, key), scope));
  }

  /** The sites whose values are written: what was drawn and what was named, but no data. */
  static List<Site> written(Trace trace) {
    return trace.sites().stream().filter(site -> !site.observed()).toList();
  }

  /** Files of {@link #write}. */
  static List<String> products(Trace trace) {
    List<String> names = new ArrayList<>();
    for (Site site : written(trace))
      if (site.value().orElseThrow() instanceof Gathered || site.value().orElseThrow() instanceof Sharded)
        names.add(site.name() + ".npy");
    names.add(VALUES);
    return names;
  }

  @Override
  public void write(Results products) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Site site : written(simulated.orElseThrow())) {
      Value value = site.value().orElseThrow();
      switch (value) {
        case Scalar scalar -> values.put(site.name(), scalar.value());
        case Vector vector -> values.put(site.name(), vector.values());
        case Gathered array -> products.array(site.name() + ".npy", array.values(), array.values().length);
        case Sharded field -> products.field(site.name() + ".npy", field.decomposition(), field.field());
      }
    }
    products.text(VALUES, StrictJson.indented(values) + "\n");
  }

  @Override
  public void close() {}
}
