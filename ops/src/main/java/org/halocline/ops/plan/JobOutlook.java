package org.halocline.ops.plan;

import java.util.List;
import java.util.Optional;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.machine.Machine;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.layout.PlannedLayout;

/** Everything that {@code plan} says of a job that fits. */
record JobOutlook(String job, String kind, Machine machine, PlannedLayout planned, JvmNeeds needs,
    Optional<Forecast> forecast, List<String> notes) {}
