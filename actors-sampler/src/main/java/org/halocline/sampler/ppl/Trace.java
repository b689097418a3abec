package org.halocline.sampler.ppl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.halocline.sampler.tape.Lifetimes;
import org.halocline.sampler.tape.RankScope;
import org.halocline.sampler.tape.Tape;

/**
 * The sites of one run in order, and the log density of their values.
 *
 * @param logDensity of all counted sites, constrained values, no Jacobians
 */
public record Trace(List<Site> sites, double logDensity) {

  static Trace of(Model model, RankScope scope) {
    Tape tape = new Tape(scope, Lifetimes.WHOLE);
    Recorder recorder = new Recorder(tape);
    new Program(scope, tape).within(recorder, model);
    return new Trace(List.copyOf(recorder.sites), recorder.logDensity);
  }

  public Optional<Site> site(String name) {
    return sites.stream().filter(site -> site.name().equals(name)).findFirst();
  }

  private static final class Recorder implements Handler {
    private final Tape tape;
    private final List<Site> sites = new ArrayList<>();
    private double logDensity;

    Recorder(Tape tape) {
      this.tape = tape;
    }

    @Override
    public void enter(Site site) {}

    @Override
    public void leave(Site site) {
      sites.add(site);
      if (site.counted() && site.distribution().isPresent())
        logDensity += site.scale() * site.misfit(tape).negate().minus(site.normalisation(tape)).value();
    }
  }
}
