package org.halocline.transport.plane;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;

/** How the ranks of a test are joined: the same test runs over each. */
enum Wiring {
  /** All ranks on one data plane. */
  ONE_NODE_IPC,
  /** Two data planes on one external driver. */
  TWO_NODES_IPC,
  /** Two data planes with a driver each. */
  UDP;

  static DataPlaneSettings settings(int slot, Path directory) {
    return DataPlaneSettings.defaults().withSlot(slot).withTermLengths(1 << 20, 1 << 20).withDirectories(directory,
        Optional.empty());
  }

  /** Nodes of a test; rank r lives on node r modulo their number. */
  Nodes start(Path directory, OptionalLong shake) {
    return start(directory, shake, s -> s);
  }

  Nodes start(Path directory, OptionalLong shake, UnaryOperator<DataPlaneSettings> change) {
    List<AutoCloseable> opened = new ArrayList<>();
    List<DataPlane> planes = new ArrayList<>();
    int count = this == ONE_NODE_IPC ? 1 : 2;
    Path external = directory.resolve("external");
    if (this == TWO_NODES_IPC)
      opened.add(io.aeron.driver.MediaDriver
          .launch(new MediaDriver.Context().aeronDirectoryName(external.toString())
              .threadingMode(ThreadingMode.SHARED).dirDeleteOnShutdown(true)));
    for (int slot = 0; slot < count; slot++) {
      DataPlaneSettings settings = change.apply(settings(slot, directory));
      if (this == TWO_NODES_IPC)
        settings = settings.withExternalDriver(external);
      if (shake.isPresent())
        settings = settings.withShake(shake.getAsLong() + slot);
      DataPlane plane = DataPlane.start(settings);
      planes.add(plane);
      opened.add(plane);
    }
    return new Nodes(planes, opened);
  }

  record Nodes(List<DataPlane> planes, List<AutoCloseable> opened) implements AutoCloseable {
    DataPlane of(int rank) {
      return planes.get(rank % planes.size());
    }

    DomainMember membership(long domain, int rank, int ranks) {
      List<NodeAddress> addresses = new ArrayList<>();
      for (int r = 0; r < ranks; r++)
        addresses.add(of(r).address());
      return new DomainMember(domain, rank, addresses);
    }

    List<Link> join(long domain, int ranks) {
      List<Link> links = new ArrayList<>();
      for (int r = 0; r < ranks; r++)
        links.add(of(r).join(membership(domain, r, ranks)));
      return links;
    }

    @Override
    public void close() throws Exception {
      for (AutoCloseable c : opened.reversed())
        c.close();
    }
  }
}
