package org.halocline.ops.calibration;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.ops.timing.BenchModel;
import org.halocline.sampler.model.cost.Calibration;
import org.halocline.sampler.model.cost.StepCost;
import org.halocline.sampler.model.nbody.ModelSettings;

/** What the cost model says of clusters that were not measured: nodes of two lanes like those that were calibrated. */
public final class Outlook {
  private static final int LANES_A_NODE = 2;
  private static final int STEPS = 10;
  private static final Calibration.Carrier FAST = new Calibration.Carrier(60, 2, 10);

  private Outlook() {}

  /** A network and its name. */
  private record Network(String name, Calibration.Carrier carrier) {}

  /** A table: a gradient of a cube in ten steps on some nodes, by network. */
  public static String text(Calibration here) {
    StringBuilder table = new StringBuilder(
        "mesh    nodes  ranks    network     forward s  reverse s  computing  copying  latency  carrying\n");
    for (Network network : List.of(new Network("UDP", Calibration.UDP), new Network("100 Gbit/s", FAST)))
      for (int[] point : new int[][]{{512, 1}, {512, 64}, {1024, 64}, {2048, 64}, {2048, 1024}, {4096, 1024}})
        table.append(row(here, network, point[0], point[1]));
    return table.toString();
  }

  private static String row(Calibration here, Network network, int cells, int nodes) {
    int ranks = nodes * LANES_A_NODE;
    int x = Integer.highestOneBit((int) Math.round(Math.sqrt(2.0 * ranks) - 0.5));
    ModelSettings settings = new BenchModel(cells, STEPS).settings();
    SimulationPlan plan = settings.plan();
    List<StepCost.Work> works = StepCost.Work.of(plan,
        Decomposition.even(plan.mesh(), x, ranks / x));
    StepCost cost = new StepCost(here.with(network.carrier()), LANES_A_NODE);
    Map<String, Double> parts = cost.parts(works, STEPS, true);
    StepCost.Pass pass = cost.forward(works.getFirst(), STEPS).plus(cost.reverse(works.getFirst(), STEPS));
    return String.format(Locale.ROOT, "%4d³  %6d  %3d×%-3d  %-10s  %9.2f  %9.2f  %8.1f%%  %6.1f%%  %6.1f%%  %7.1f%%%n",
        cells, nodes, x, ranks / x, nodes == 1 ? "none" : network.name(), parts.get("forward"), parts.get("reverse"),
        100 * pass.computing() / pass.seconds(), 100 * pass.copying() / pass.seconds(),
        100 * pass.latency() / pass.seconds(), 100 * pass.carrying() / pass.seconds());
  }
}
