package org.halocline.sampler.hmc;

import java.util.Optional;
import org.halocline.cosmology.kernel.Field;
import org.halocline.sampler.kernel.PhasePoint;
import org.halocline.sampler.kernel.Transition;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Potential;
import org.halocline.sampler.tape.RankScope;

/** A chain on one rank without an actor: its point and Hamiltonian Monte Carlo's kernel. */
record Chain(PhasePoint point, HmcKernel kernel) {

  static Chain of(Model model, RankScope scope, long seed, int number) {
    PhasePoint point = new PhasePoint(Potential.of(model, scope), scope, seed, number);
    return new Chain(point, new HmcKernel(point));
  }

  Optional<Transition> start(int attempt) {
    return point.start(attempt);
  }

  Transition run(HmcMove move) {
    return kernel.run(move);
  }

  /** The first field. */
  Field.Floats field() {
    return point.fields().getFirst().position();
  }
}
