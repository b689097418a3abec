package org.halocline.sampler.model.cost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.SimulationPlan;

/**
 * How long passes take: computing, which grows with a rank's particles and a little faster for its transforms; waiting,
 * by the number of exchanges; carrying, by the bytes. The slowest rank counts, since every exchange waits for it.
 *
 * @param calibration of the machine
 * @param ranksANode how many ranks of a domain share a node, its data plane and its network
 * @param lanesACore how many lanes share a core: each computes in its turn, and an exchange waits for the turns of all
 */
public record StepCost(Calibration calibration, int ranksANode, double lanesACore) {
  /** Transforms there and back in a forward and in a reverse step. */
  private static final int FORWARD_PAIRS = 1;
  private static final int REVERSE_PAIRS = 2;
  /** Ranks of an even cut are of four shapes at most, and the first ones show all. */
  private static final int RANKS_LOOKED_AT = 16;

  /** Every lane has a core of its own. */
  public StepCost(Calibration calibration, int ranksANode) {
    this(calibration, ranksANode, 1);
  }

  /**
   * Seconds of the passes, and where they go on the slowest rank.
   *
   * @param computing of the lane
   * @param copying of the lane, to and from staging memory
   * @param latency waiting for exchanges to begin
   * @param carrying waiting for their bytes
   */
  public record Pass(double computing, double copying, double latency, double carrying) {
    public double seconds() {
      return computing + copying + latency + carrying;
    }

    /** One after the other. */
    public Pass plus(Pass next) {
      return new Pass(computing + next.computing, copying + next.copying, latency + next.latency,
          carrying + next.carrying);
    }
  }

  /**
   * A rank's part of a simulation.
   *
   * @param particles of its block
   * @param meshCells of the whole mesh
   * @param traffic of its passes
   */
  public record Work(long particles, long meshCells, int ranks, DryRun traffic) {

    /** Of every rank, or of the first few where there are many. */
    public static List<Work> of(SimulationPlan plan, Decomposition decomposition) {
      List<Work> works = new ArrayList<>();
      for (int rank = 0; rank < Math.min(RANKS_LOOKED_AT, decomposition.ranks()); rank++)
        works.add(new Work(decomposition.block(rank).size(), decomposition.mesh().size(), decomposition.ranks(),
            DryRun.of(plan, decomposition, rank)));
      return works;
    }

    /** Of the first rank, as if its block were the largest: quickly, to weigh one layout against another. */
    static Work first(SimulationPlan plan, Decomposition decomposition) {
      long most = IntStream.range(0, decomposition.ranks()).mapToLong(rank -> decomposition.block(rank).size()).max()
          .orElseThrow();
      return new Work(most, decomposition.mesh().size(), decomposition.ranks(), DryRun.of(plan, decomposition, 0));
    }
  }

  /** A forward pass of some steps. */
  public Pass forward(Work work, int steps) {
    Calibration c = calibration;
    double computing = work.particles
        * (c.initialNs() + steps * (c.forwardNs() + fourierNs(work.meshCells, FORWARD_PAIRS)));
    return pass(computing, steps, work, work.traffic.forward(steps));
  }

  /** A reverse pass of some steps. */
  public Pass reverse(Work work, int steps) {
    Calibration c = calibration;
    double computing = work.particles
        * (c.initialReverseNs() + steps * (c.reverseNs() + fourierNs(work.meshCells, REVERSE_PAIRS)));
    return pass(computing, steps, work, work.traffic.reverse(steps));
  }

  private double fourierNs(long meshCells, int pairs) {
    return pairs * calibration.fourierNs() * Math.log(meshCells) / Math.log(2);
  }

  private Pass pass(double computingNs, int steps, Work work, Traffic sent) {
    Calibration c = calibration;
    int sharing = Math.min(work.ranks, ranksANode);
    Calibration.Carrier carrier = work.ranks > ranksANode ? c.network() : c.local();
    double computing = lanesACore * (sharing > 1 ? c.crowding() : 1) * computingNs
        + (c.passUs() + steps * c.stepUs()) * 1e3;
    double latencyUs = sent.rounds() * carrier.roundUs()
        + Math.max(0, sent.messages() - sent.rounds()) * carrier.messageUs();
    double carrying = sharing * sent.allBytes() / carrier.bytesANs();
    return new Pass(computing * 1e-9, lanesACore * sent.allBytes() * c.copyNs() * 1e-9, lanesACore * latencyUs * 1e-6,
        carrying * 1e-9);
  }

  /** The slowest rank's forward pass and, for a gradient, reverse pass: seconds by part. */
  public Map<String, Double> parts(List<Work> ranks, int steps, boolean gradient) {
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("forward", ranks.stream().mapToDouble(work -> forward(work, steps).seconds()).max().orElseThrow());
    if (gradient)
      parts.put("reverse", ranks.stream().mapToDouble(work -> reverse(work, steps).seconds()).max().orElseThrow());
    return parts;
  }
}
