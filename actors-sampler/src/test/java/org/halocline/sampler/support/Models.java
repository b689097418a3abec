package org.halocline.sampler.support;

import static org.halocline.sampler.ppl.Distributions.normal;
import static org.halocline.sampler.ppl.Distributions.whiteNoise;

import org.halocline.sampler.model.own.ModelInput;
import org.halocline.sampler.ppl.Model;
import org.halocline.sampler.ppl.Program;

/** Models that cannot be used. */
public final class Models {
  private Models() {}

  public record NoConstructor() implements Model {
    @Override
    public void run(Program p) {}
  }

  public record Throws(ModelInput input) implements Model {
    public Throws {
      throw new IllegalStateException("no luck");
    }

    @Override
    public void run(Program p) {}
  }

  public record TwoSites(ModelInput input) implements Model {
    @Override
    public void run(Program p) {
      p.sample("x", normal(0, 1));
      p.sample("x", normal(0, 1));
    }
  }

  public record Grids(ModelInput input) implements Model {
    @Override
    public void run(Program p) {
      var small = p.sample("small", whiteNoise(ModelInput.sky(4, 4, 1, 1)));
      var large = p.sample("large", whiteNoise(ModelInput.sky(8, 8, 1, 1)));
      small.plus(large);
    }
  }

  public record Nothing(ModelInput input) implements Model {
    @Override
    public void run(Program p) {}
  }

  /** Two observations of one field, one number on a parent, and a name that is no name of a file. */
  public record SlashedName(ModelInput input) implements Model {
    @Override
    public void run(Program p) {
      var x = p.sample("x", whiteNoise(ModelInput.sky(4, 4, 1, 1)));
      p.deterministic("maps/x", x.exp());
    }
  }

  public record OtherGrid(ModelInput input) implements Model {
    @Override
    public void run(Program p) {
      var x = p.sample("x", whiteNoise(ModelInput.sky(8, 4, 1, 1)));
      var y = p.sample("y", whiteNoise(ModelInput.sky(4, 8, 1, 1)));
      p.observe("d", normal(x.exp(), 1.0), p.constant(y));
    }
  }

  public record Asserts(ModelInput input) implements Model {
    @Override
    public void run(Program p) {
      throw new AssertionError("never");
    }
  }

  /** One field that two sites observe. */
  public record Twice(ModelInput input) implements Model {
    @Override
    public void run(Program p) {
      var x = p.sample("x", whiteNoise(ModelInput.sky(4, 4, 1, 1)));
      var rate = p.sample("rate", normal(0, 1));
      var y = x.times(rate.exp()).exp();
      p.observe("first", normal(y, 1.0), input.field("data", ModelInput.sky(4, 4, 1, 1)));
      p.observe("second", normal(y, 2.0), input.field("data", ModelInput.sky(4, 4, 1, 1)));
    }
  }
}
