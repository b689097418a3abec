package org.halocline.runtime.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.state.StateDirectory;
import org.halocline.runtime.store.FileJobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class OrderCheckTest {

  @Test
  void shouldRefuseRunDirectoriesThatTheNodeWasNotTold(@TempDir Path folder) throws Exception {
    StateDirectory state = StateDirectory.open(folder.resolve("state"), "tea");
    Path shared = Files.createDirectories(folder.resolve("shared"));
    Path victim = Files.createDirectories(folder.resolve("victim"));
    Files.writeString(victim.resolve("lock"), "secret");
    Files.createSymbolicLink(shared.resolve("link"), victim);
    JobOrder order = CoordinatorRig.order("kind = count, to = 3");
    assertEquals(List.of(), OrderCheck.of(order, CoordinatorRig.KINDS, FileJobStore.takeOver(state, "a")).problems());
    for (Path directory : List.of(shared.resolve("a"), victim, shared.resolve("link/a"), Path.of("/etc/cron.d/a"))) {
      List<Problem> problems = OrderCheck.of(order.in(directory, false), CoordinatorRig.KINDS,
          FileJobStore.takeOver(state, "a")).problems();
      assertEquals(List.of("output"), problems.stream().map(Problem::key).toList(), directory.toString());
      assertTrue(problems.getFirst().bound().contains(state.path().resolve("runs").toString()), problems.toString());
    }
    StateDirectory told = state.allowing(List.of(shared));
    assertEquals(List.of(), OrderCheck
        .of(order.in(shared.resolve("a"), false), CoordinatorRig.KINDS, FileJobStore.takeOver(told, "a")).problems());
    assertEquals(1,
        OrderCheck.of(order.in(shared.resolve("link/a"), true), CoordinatorRig.KINDS, FileJobStore.takeOver(told, "a"))
            .problems().size());
  }
}
