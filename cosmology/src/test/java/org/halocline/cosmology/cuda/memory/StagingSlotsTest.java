package org.halocline.cosmology.cuda.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.halocline.cosmology.cuda.CudaKernels;
import org.halocline.cosmology.cuda.Twins;
import org.halocline.cosmology.cuda.host.HostDevice;
import org.halocline.cosmology.cuda.host.StreamOrder;
import org.halocline.cosmology.cuda.host.StreamOrder.Event;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More copies beside kernels than there are slots, on streams that only events hold together. */
@Timeout(300)
class StagingSlotsTest {
  private static final Grid GRID = new Grid(19, 3, 17, 0, 0);
  private static final int ROW = GRID.ny() * GRID.nz();

  private static Kernels kernels(StreamOrder order, Set<Event> forgotten) {
    Optional<HostDevice> device = HostDevice.find(order, forgotten);
    assumeTrue(device.isPresent(), HostDevice::reason);
    return CudaKernels.on(device.orElseThrow().open());
  }

  /** Every row packed by itself, with no wait between. */
  private static int[] packed(Kernels kernels, int[] cells) {
    try (Memory memory = kernels.memory()) {
      Ints field = Twins.ints(memory, cells);
      MemorySegment staging = memory.staging(4L * cells.length);
      List<Staged> copies = new ArrayList<>();
      for (int i = 0; i < GRID.nx(); i++)
        copies.add(kernels.meshes().pack(field, GRID, i, 1, 0, GRID.ny(), staging, 4L * i * ROW));
      copies.reversed().forEach(Staged::await);
      return staging.toArray(ValueLayout.JAVA_INT);
    }
  }

  /** Every row unpacked, and then added, by itself, with no wait between. */
  private static int[] unpacked(Kernels kernels, int[] cells) {
    try (Memory memory = kernels.memory()) {
      Ints field = memory.ints(cells.length);
      MemorySegment staging = memory.staging(4L * cells.length);
      MemorySegment.copy(cells, 0, staging, ValueLayout.JAVA_INT, 0, cells.length);
      for (int i = 0; i < GRID.nx(); i++)
        kernels.meshes().unpack(staging, 4L * i * ROW, field, GRID, i, 1, 0, GRID.ny());
      for (int i = 0; i < GRID.nx(); i++)
        kernels.meshes().unpackAdd(staging, 4L * i * ROW, field, GRID, i, 1, 0, GRID.ny());
      return Twins.read(memory, field);
    }
  }

  private static int[] cells() {
    return Seeds.random("slots", 21).ints(GRID.size()).toArray();
  }

  private static int[] doubled(int[] cells) {
    return Arrays.stream(cells).map(cell -> 2 * cell).toArray();
  }

  @ParameterizedTest
  @EnumSource
  void shouldCopyRightInAnyOrderOfStreams(StreamOrder order) {
    int[] cells = cells();
    assertArrayEquals(cells, packed(kernels(order, Set.of()), cells));
    assertArrayEquals(doubled(cells), unpacked(kernels(order, Set.of()), cells));
  }

  @ParameterizedTest
  @EnumSource(names = {"COPY_AFTER_KERNELS", "KERNELS_AFTER_COPY"})
  void shouldPackWrongWithoutAnEvent(Event event) {
    int[] cells = cells();
    assertFalse(rightInAllOrders(event, cells, kernels -> packed(kernels, cells)), () -> "right without " + event);
  }

  @ParameterizedTest
  @EnumSource(names = {"COPY_AFTER_MARK", "KERNELS_AFTER_COPY"})
  void shouldUnpackWrongWithoutAnEvent(Event event) {
    int[] cells = cells();
    assertFalse(rightInAllOrders(event, doubled(cells), kernels -> unpacked(kernels, cells)),
        () -> "right without " + event);
  }

  private static boolean rightInAllOrders(Event forgotten, int[] right, Twins.Operation operation) {
    boolean all = true;
    for (StreamOrder order : StreamOrder.values())
      all &= Arrays.equals(right, operation.on(kernels(order, Set.of(forgotten))));
    return all;
  }
}
