package org.halocline.sampler.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.job.JobPlan;
import org.halocline.runtime.layout.Layout;
import org.halocline.runtime.layout.LayoutCost;
import org.halocline.runtime.layout.LayoutRequest;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.runtime.layout.Sharing;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.ModelPlan;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.cost.Forecasts;
import org.halocline.transport.DataPlaneSettings;

/** The plan of a job that drives a model. */
public interface ModelJob extends JobPlan {
  /** Elements of one array of a JVM. */
  long MOST_ELEMENTS = Integer.MAX_VALUE - 8L;

  ModelPlan model();

  Use use();

  /** By what times are reckoned on cores. */
  Forecasts forecasts();

  /** The seed by which deliveries are shaken, if the job asks for that. */
  OptionalLong shakeSeed();

  /** The same job with another model. */
  ModelJob with(ModelPlan other);

  /** What one chain keeps on a rank. */
  RankMemory memory(Decomposition decomposition, int rank);

  /** How a layout cuts the model's grid. */
  default Decomposition decomposition(Layout layout) {
    return model().layout().cut(model().mesh(), layout);
  }

  /** Numbers of all arrays that the model's program makes. */
  default long numbersOfArrays() {
    return model().arrays().values().stream()
        .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b)).sum();
  }

  /** Forecasts for the lanes of the job. */
  default Forecasts known() {
    return model().layout().device().known(forecasts());
  }

  @Override
  default List<Path> inputs() {
    return model().inputs();
  }

  @Override
  default List<String> notes() {
    return model().warnings();
  }

  @Override
  default List<String> laneKinds() {
    return model().layout().device().laneKinds();
  }

  @Override
  default LayoutRequest layoutRequest() {
    return model().layout().request();
  }

  @Override
  default LayoutCost cost(Layout layout) {
    Mesh mesh = model().mesh();
    LayoutDevice device = model().layout().device();
    Decomposition decomposition;
    try {
      decomposition = decomposition(layout);
    } catch (IllegalArgumentException cannot) {
      return refused(layout, cannot.getMessage(),
          "ask for at most " + mesh.nx() + " parts along x and " + mesh.ny() + " along y");
    }
    List<RankMemory> ranks = new ArrayList<>();
    for (int rank = 0; rank < decomposition.ranks(); rank++) {
      Block block = decomposition.block(rank);
      long cells = (long) block.nx() * block.ny() * block.nz();
      if (cells > device.mostCells())
        return refused(layout, "gives a rank " + cells + " cells, more than " + device.mostCells(), "use more parts");
      long largest = model().largestField(decomposition, rank);
      if (largest > MOST_ELEMENTS)
        return refused(layout,
            "gives a rank a mesh of " + largest + " cells with its halo, more than " + MOST_ELEMENTS,
            "cut the mesh into squarer parts, or lower simulation.max-displacement");
      ranks.add(memory(decomposition, rank));
    }
    return new LayoutCost.Bytes(ranks);
  }

  private static LayoutCost refused(Layout layout, String bound, String remedy) {
    return new LayoutCost.Refused(new Problem("layout", layout.toString(), bound, remedy));
  }

  @Override
  default OptionalDouble seconds(Layout layout, Sharing sharing) {
    return model().seconds(known(), decomposition(layout), sharing, use() != Use.SIMULATE);
  }

  @Override
  default Stream<Smaller> smaller() {
    return model().smaller().map(small -> {
      Mesh mesh = small.mesh();
      return new Smaller(mesh.nx() + "×" + mesh.ny() + "×" + mesh.nz(), with(small));
    });
  }

  @Override
  default DataPlaneSettings dataPlane(DataPlaneSettings base) {
    return shakeSeed().isPresent() ? base.withShake(shakeSeed().getAsLong()) : base;
  }
}
