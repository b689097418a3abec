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
}
