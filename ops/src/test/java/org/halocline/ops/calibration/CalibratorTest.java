package org.halocline.ops.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.program.LaneUse;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.PassBench;
import org.halocline.ops.timing.Timing;
import org.halocline.sampler.model.cost.Calibration;
import org.halocline.sampler.model.cost.StepCost;
import org.halocline.sampler.model.nbody.NbodyPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fit, on passes of a machine that obeys the model. */
@Timeout(300)
class CalibratorTest {
  private static final int LARGE = 64;
  private static final int SMALL = 16;
  private static final Calibrator CALIBRATOR = new Calibrator(List.of(SMALL, LARGE), List.of(4, 12), 1, 1,
      new Timing.Effort(0, 0, 1));
  private static final Calibration MACHINE = new Calibration("made up", 40, 150, 90, 210, 0.4, 300, 15, 1.25, 0.3,
      new Calibration.Carrier(120, Calibration.stored().local().messageUs(), 2.5), Calibration.UDP);

  private static PassBench.Passes passes(Calibration machine, BenchModel model, int subdomains) {
    NbodyPlan settings = model.settings();
    StepCost cost = new StepCost(machine, subdomains);
    StepCost.Work work = StepCost.Work.of(settings.plan(),
        Decomposition.even(settings.plan().mesh(), subdomains, 1)).getFirst();
    return new PassBench.Passes(use(cost.forward(work, model.steps())), use(cost.reverse(work, model.steps())));
  }

  private static LaneUse use(StepCost.Pass pass) {
    return new LaneUse(pass.computing(), pass.latency() + pass.carrying(), pass.copying());
  }

  /** What a there-and-back of the large cube takes a cell. */
  private static double potentialNs(Calibration machine) {
    return machine.fourierNs() * 3 * Math.log(LARGE) / Math.log(2);
  }

  private static void assertNear(double expected, double found, double share, String name) {
    assertEquals(expected, found, share * expected, name);
  }

  @Test
  void shouldFindTheConstantsOfAMachineThatObeysTheModel() throws Exception {
    Calibration found = CALIBRATOR.fit(potentialNs(MACHINE), (model, subdomains) -> passes(MACHINE, model, subdomains),
        2, "here");
    assertEquals("here", found.origin());
    assertNear(MACHINE.fourierNs(), found.fourierNs(), 1e-9, "fourier");
    assertNear(MACHINE.forwardNs(), found.forwardNs(), 0.01, "forward");
    assertNear(MACHINE.reverseNs(), found.reverseNs(), 0.01, "reverse");
    assertNear(MACHINE.initialNs(), found.initialNs(), 0.03, "initial");
    assertNear(MACHINE.initialReverseNs(), found.initialReverseNs(), 0.03, "initial reverse");
    assertNear(MACHINE.passUs(), found.passUs(), 0.05, "pass");
    assertNear(MACHINE.stepUs(), found.stepUs(), 0.05, "step");
    assertNear(MACHINE.crowding(), found.crowding(), 0.01, "crowding");
    assertNear(MACHINE.copyNs(), found.copyNs(), 1e-6, "copy");
    assertNear(MACHINE.local().roundUs(), found.local().roundUs(), 0.01, "round");
    assertNear(MACHINE.local().bytesANs(), found.local().bytesANs(), 0.01, "rate");
    assertEquals(Calibration.stored().network(), found.network());
  }

  /** Other cubes, steps and subdomains than those that it was fitted to. */
  @Test
  void shouldForeseeWhatItWasNotFittedTo() throws Exception {
    Calibration found = CALIBRATOR.fit(potentialNs(MACHINE), (model, subdomains) -> passes(MACHINE, model, subdomains),
        2, "here");
    for (int cells : List.of(32, 128))
      for (int steps : List.of(3, 20))
        for (int subdomains : List.of(1, 2)) {
          BenchModel model = new BenchModel(cells, steps);
          assertNear(passes(MACHINE, model, subdomains).seconds(), passes(found, model, subdomains).seconds(), 0.02,
              model + " on " + subdomains);
        }
  }

  @Test
  void shouldTakeWhatNeedsTwoLanesFromTheStoredOneWhereThereIsOne() throws Exception {
    Calibration found = CALIBRATOR.fit(potentialNs(MACHINE), (model, subdomains) -> {
      assertEquals(1, subdomains, "asks for a second lane");
      return passes(MACHINE, model, 1);
    }, 1, "here");
    Calibration stored = Calibration.stored();
    assertEquals(List.of(stored.crowding(), stored.copyNs(), stored.local(), stored.network()),
        List.of(found.crowding(), found.copyNs(), found.local(), found.network()));
    assertNear(MACHINE.forwardNs(), found.forwardNs(), 0.01, "forward");
  }

  /** A machine whose clock jumped: constants are rough then, but none is below zero or no number. */
  @Test
  void shouldNeverFindConstantsThatNoMachineHas() throws Exception {
    LaneUse nothing = new LaneUse(0, 0, 0);
    LaneUse one = new LaneUse(1, 1, 1);
    for (List<LaneUse> uses : List.of(List.of(nothing, nothing), List.of(one, one), List.of(nothing, one),
        List.of(one, nothing))) {
      int[] calls = {0};
      Calibration found = CALIBRATOR.fit(50, (_, _) -> {
        LaneUse use = uses.get(calls[0]++ % 2);
        return new PassBench.Passes(use, use);
      }, 2, "here");
      for (double constant : new double[]{found.forwardNs(), found.reverseNs(), found.initialNs(),
          found.initialReverseNs(), found.fourierNs(), found.passUs(), found.stepUs(), found.copyNs(),
          found.local().roundUs(), found.local().bytesANs(), found.crowding()})
        assertTrue(constant >= 0 && Double.isFinite(constant), () -> uses + ": " + found);
    }
  }

  @Test
  void shouldSayItsConstantsToPeople() {
    String text = Calibrator.text(MACHINE);
    for (String number : List.of("40.0 ns", "150.0 ns", "0.400 ns", "1.25 times", "120.0 us", "2.50 bytes"))
      assertTrue(text.contains(number), number + "\n" + text);
  }
}
