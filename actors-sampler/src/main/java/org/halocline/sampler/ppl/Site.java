package org.halocline.sampler.ppl;

import java.util.Optional;
import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.Latent;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;

/**
 * One named place of a running program, on its way through the handlers: the innermost handler sees it first, each may
 * give it a value, observe it, scale or mask its density, or hide it from the handlers outside. Mutable, alive during
 * one call.
 */
public final class Site {

  /** What the program said at this place. */
  public enum Kind {
    SAMPLE, DETERMINISTIC
  }

  private final Kind kind;
  private final String name;
  private Optional<Distribution<?>> distribution;
  private Optional<Value> value;
  private boolean observed;
  private double scale = 1;
  private boolean counted = true;
  private boolean hidden;

  Site(Kind kind, String name, Optional<Distribution<?>> distribution, Optional<Value> value, boolean observed) {
    this.kind = kind;
    this.name = name;
    this.distribution = distribution;
    this.value = value;
    this.observed = observed;
  }

  public Kind kind() {
    return kind;
  }

  public String name() {
    return name;
  }

  /** Empty at a deterministic site. */
  public Optional<Distribution<?>> distribution() {
    return distribution;
  }

  /** Gives the site another distribution of the same values. */
  public void distribute(Distribution<?> other) {
    distribution = Optional.of(other);
  }

  public Optional<Value> value() {
    return value;
  }

  /** Gives the site a value; it stays latent. */
  public void substitute(Value given) {
    value = Optional.of(given);
  }

  /** Gives the site a value that counts as data. */
  public void condition(Value given) {
    value = Optional.of(given);
    observed = true;
  }

  public boolean observed() {
    return observed;
  }

  /** The factor on the site's log density. */
  public double scale() {
    return scale;
  }

  public void scaleBy(double factor) {
    scale *= factor;
  }

  /** Whether the site's density counts. */
  public boolean counted() {
    return counted;
  }

  public void mask() {
    counted = false;
  }

  /** Whether a value is yet to be sampled here. */
  boolean isFree() {
    return kind == Kind.SAMPLE && value.isEmpty();
  }

  /** @throws IllegalArgumentException if the site's values cannot be sampled */
  Latent<?> latent() {
    if (distribution.orElseThrow() instanceof Latent<?> latent)
      return latent;
    throw new SiteException(
        "the site '" + name + "' can only be observed; " + distribution.orElseThrow().remedy());
  }

  /**
   * The misfit of the site's value.
   *
   * @throws IllegalArgumentException if the value does not fit the distribution
   */
  Scalar misfit(Tape tape) {
    try {
      return misfit(distribution.orElseThrow(), tape);
    } catch (SiteException named) {
      throw named;
    } catch (IllegalArgumentException unfit) {
      throw new SiteException("the site '" + name + "': " + unfit.getMessage(), unfit);
    }
  }

  private <V extends Value> Scalar misfit(Distribution<V> known, Tape tape) {
    return known.misfit(Program.expect(name, known.type(), value.orElseThrow()), tape);
  }

  /** What the misfit leaves out. */
  double normalisation(Tape tape) {
    return distribution.orElseThrow().normalisation(tape);
  }

  boolean hidden() {
    return hidden;
  }

  /** Keeps the site from the handlers outside. */
  public void hide() {
    hidden = true;
  }
}
