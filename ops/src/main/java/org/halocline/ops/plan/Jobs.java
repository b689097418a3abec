package org.halocline.ops.plan;

import java.util.List;
import org.halocline.cosmology.cuda.gpu.Devices;
import org.halocline.domain.DomainRankHost;
import org.halocline.domain.lane.CoreLanes;
import org.halocline.domain.lane.CudaLanes;
import org.halocline.ops.calibration.CalibrationFile;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.config.Checked;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.job.JobDriver;
import org.halocline.sampler.model.cost.Forecasts;

/** Everything that the modules below plug into a node: job kinds, lanes, the programs of ranks. */
public final class Jobs {
  private Jobs() {}

  public static JobKinds kinds() {
    return parts().kinds();
  }

  public static NodeParts parts() {
    return parts(Forecasts.stored());
  }

  /**
   * Parts whose kinds reckon times by this machine's calibration, where there is one; a problem where the calibration
   * cannot be read.
   */
  public static Checked<NodeParts> calibrated() {
    return CalibrationFile.current().map(Forecasts::new).map(Jobs::parts);
  }

  /** With the lanes of the machine's GPUs, where it has any. */
  public static NodeParts on(Machine machine, NodeParts parts) {
    return machine.gpus().isEmpty()
        ? parts
        : new NodeParts(parts.kinds(), List.of(new CoreLanes(), new CudaLanes(Devices.discover(),
            machine.gpus().lanesEach())), parts.rankHost());
  }

  /** With kinds that reckon times by some calibration. */
  public static NodeParts parts(Forecasts forecasts) {
    List<JobDriver> drivers = JobDriver.all();
    return new NodeParts(new JobKinds(drivers.stream().map(driver -> driver.reckonedBy(forecasts)).toList()),
        List.of(new CoreLanes()), new DomainRankHost(List.copyOf(drivers)));
  }
}
