package org.halocline.cosmology.comm;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.halocline.cosmology.comm.Port.Exchange;
import org.halocline.cosmology.comm.Port.Parcel;
import org.halocline.cosmology.comm.Port.Phase;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Split;

/**
 * Fills the ghost cells of one rank's meshes from their owners, and its transpose: adds ghost cells to their owners. x
 * goes first, then y with the ghosts of x, so corners come along; adding goes the other way round. A ghost is fetched
 * from whichever rank owns it, so a halo may be wider than a block, and even than the mesh. Used by the chain's own
 * thread.
 *
 * <p>
 * {@link #beginFill} and {@link #beginAdd} let ghosts travel while the chain computes, {@link #finish} ends either; one
 * at a time. Of two axes only the first travels meanwhile.
 */
public final class Halo {
  private final Decomposition decomposition;
  private final int rank;
  private final Kernels kernels;
  private final Port port;
  private final MemorySegment[] outgoing;
  private final MemorySegment[] incoming;
  /** Copies to and from staging memory that may be under way. */
  private final List<Staged> copies = new ArrayList<>();
  private Optional<Travel> travel = Optional.empty();

  /** @param largest the largest grid that will be filled or added; sizes the staging memory */
  public Halo(Decomposition decomposition, int rank, Kernels kernels, Port port, Grid largest) {
    this.decomposition = decomposition;
    this.rank = rank;
    this.kernels = kernels;
    this.port = port;
    this.outgoing = new MemorySegment[decomposition.ranks()];
    this.incoming = new MemorySegment[decomposition.ranks()];
    long[] bytes = bytesByPeer(decomposition, rank, largest);
    for (int peer = 0; peer < bytes.length; peer++) {
      if (bytes[peer] == 0)
        continue;
      outgoing[peer] = kernels.memory().staging(bytes[peer]);
      incoming[peer] = kernels.memory().staging(bytes[peer]);
    }
  }

  /** Staging memory that a halo takes for grids up to the largest, bytes. */
  public static long stagingBytes(Decomposition decomposition, int rank, Grid largest) {
    return 2 * Arrays.stream(bytesByPeer(decomposition, rank, largest)).sum();
  }

  /**
   * Filling sends owned cells and receives ghosts, adding does the reverse: both directions must fit, on either axis.
   */
  private static long[] bytesByPeer(Decomposition decomposition, int rank, Grid largest) {
    long[] bytes = new long[decomposition.ranks()];
    for (int axis = 0; axis < 2; axis++) {
      Axis runs = axis(decomposition, rank, axis, axis == 0 ? largest.haloX() : largest.haloY());
      long line = lineBytes(axis, largest, new Widths(largest.haloX(), largest.haloY()));
      runs.mine.forEach((peer, list) -> bytes[peer] = Math.max(bytes[peer], cells(list) * line));
      runs.theirs.forEach((peer, list) -> bytes[peer] = Math.max(bytes[peer], cells(list) * line));
    }
    bytes[rank] = 0;
    return bytes;
  }

  /** All ghost cells of a grid from their owners. */
  public void fill(Field field, Grid grid) {
    fill(field, grid, grid.haloX(), grid.haloY());
  }

  /**
   * Ghost cells next to the block, as many as given or as there are, from their owners; the same widths on all ranks.
   */
  public void fill(Field field, Grid grid, int widthX, int widthY) {
    beginFill(field, grid, widthX, widthY);
    finish();
  }

  /** As {@link #fill}; until {@link #finish}, the block's cells must not be written and ghosts not be read. */
  public void beginFill(Field field, Grid grid, int widthX, int widthY) {
    begin(new Order(field, grid, Widths.of(grid, widthX, widthY), false));
  }

  /**
   * Begins to add ghost cells next to the block, as many as given or as there are, to their owners; the same widths on
   * all ranks. Until {@link #finish}, ghosts must not be written, but cells of the block may be added to.
   */
  public void beginAdd(Field.Ints field, Grid grid, int widthX, int widthY) {
    begin(new Order(field, grid, Widths.of(grid, widthX, widthY), true));
  }

  /** Ends what was begun. */
  public void finish() {
    Travel first = travel.orElseThrow(() -> new IllegalStateException("no ghosts are under way"));
    travel = Optional.empty();
    List<Integer> axes = first.order.axes();
    if (!axes.isEmpty())
      arrive(first);
    for (int axis : axes.subList(Math.min(1, axes.size()), axes.size()))
      arrive(depart(first.order, axis));
  }

  private void begin(Order order) {
    if (travel.isPresent())
      throw new IllegalStateException("other ghosts are under way");
    List<Integer> axes = order.axes();
    travel = Optional.of(axes.isEmpty() ? Travel.nowhere(order) : depart(order, axes.getFirst()));
  }

  /** Ghost cells that take part, on either side of the block. */
  private record Widths(int x, int y) {
    static Widths of(Grid grid, int x, int y) {
      return new Widths(Math.min(x, grid.haloX()), Math.min(y, grid.haloY()));
    }

    /** Rows along x that travel with the ghosts of y. */
    int extentX(Grid grid) {
      return grid.nx() + 2 * x;
    }
  }

  /**
   * Consecutive cells along an axis: ghosts of one rank from {@code ghost}, the owner's local cells from {@code owned}.
   */
  private record Run(int ghost, int owned, int count) {}

  /** Runs by peer: {@code mine}, my ghosts by owner; {@code theirs}, my cells by the rank whose ghosts they are. */
  private record Axis(Map<Integer, List<Run>> mine, Map<Integer, List<Run>> theirs) {}

  /** Ghosts of a field that are to be filled, or added to their owners. */
  private record Order(Field field, Grid grid, Widths widths, boolean add) {
    /** Those that have ghosts, in the order of their swaps. */
    List<Integer> axes() {
      List<Integer> axes = new ArrayList<>();
      if (widths.x > 0)
        axes.add(0);
      if (widths.y > 0)
        axes.add(add ? 0 : axes.size(), 1);
      return axes;
    }

    /** Where a run is read on the rank that sends it. */
    Box source(int axis, Run run) {
      return box(axis, add ? run.ghost : run.owned, run.count);
    }

    /** Where a run is filled, or added to. */
    Box target(int axis, Run run) {
      return box(axis, add ? run.owned : run.ghost, run.count);
    }

    private Box box(int axis, int first, int count) {
      return axis == 0
          ? new Box(first, count, 0, grid.ny())
          : new Box(-widths.x, widths.extentX(grid), first, count);
    }
  }

  /** Local cells [i0, i0 + ni) × [j0, j0 + nj). */
  private record Box(int i0, int ni, int j0, int nj) {}

  /** One axis of an order, under way: what comes, by peer. */
  private record Travel(Order order, int axis, Map<Integer, List<Run>> received, Exchange exchange) {
    static Travel nowhere(Order order) {
      return new Travel(order, 0, Map.of(), () -> {});
    }
  }

  private Travel depart(Order order, int axis) {
    Axis runs = axis(decomposition, rank, axis, axis == 0 ? order.widths.x : order.widths.y);
    Map<Integer, List<Run>> sent = order.add ? runs.mine : runs.theirs;
    Map<Integer, List<Run>> received = order.add ? runs.theirs : runs.mine;
    List<Parcel> sends = new ArrayList<>();
    List<Parcel> receives = new ArrayList<>();
    long line = lineBytes(axis, order.grid, order.widths);
    long from = System.nanoTime();
    sent.forEach((peer, list) -> {
      if (peer == rank)
        return;
      long offset = 0;
      for (Run run : list) {
        Box box = order.source(axis, run);
        note(kernels.meshes().pack(order.field, order.grid, box.i0, box.ni, box.j0, box.nj, outgoing[peer], offset));
        offset += run.count * line;
      }
      sends.add(new Parcel(peer, outgoing[peer].asSlice(0, offset)));
    });
    received.forEach((peer, list) -> {
      if (peer != rank)
        receives.add(new Parcel(peer, incoming[peer].asSlice(0, cells(list) * line)));
    });
    port.copied(System.nanoTime() - from);
    Exchange exchange = port.begin(List.copyOf(copies), order.add ? Phase.HALO_ADD : Phase.HALO_FILL, sends, receives);
    copies.clear();
    return new Travel(order, axis, received, exchange);
  }

  private void note(Staged copy) {
    if (!copy.isDone())
      copies.add(copy);
  }

  private void arrive(Travel come) {
    come.exchange.finish();
    long line = lineBytes(come.axis, come.order.grid, come.order.widths);
    long there = System.nanoTime();
    come.received.forEach((peer, list) -> {
      long offset = 0;
      for (Run run : list) {
        if (peer == rank)
          local(come.order, come.axis, run);
        else
          place(come.order, come.axis, incoming[peer], offset, run);
        offset += run.count * line;
      }
    });
    port.copied(System.nanoTime() - there);
  }

  private void place(Order order, int axis, MemorySegment from, long offset, Run run) {
    Box box = order.target(axis, run);
    note(order.add
        ? kernels.meshes().unpackAdd(from, offset, (Field.Ints) order.field, order.grid, box.i0, box.ni, box.j0, box.nj)
        : kernels.meshes().unpack(from, offset, order.field, order.grid, box.i0, box.ni, box.j0, box.nj));
  }

  /** A ghost that is the periodic image of an own cell. */
  private void local(Order order, int axis, Run run) {
    Box from = order.source(axis, run);
    Box to = order.target(axis, run);
    if (order.add)
      kernels.meshes().moveAdd((Field.Ints) order.field, order.grid, from.i0, from.j0, from.ni, from.nj, to.i0, to.j0);
    else
      kernels.meshes().move(order.field, order.grid, from.i0, from.j0, from.ni, from.nj, to.i0, to.j0);
  }

  private static Axis axis(Decomposition decomposition, int rank, int axis, int width) {
    Split split = axis == 0 ? decomposition.x() : decomposition.y();
    int me = axis == 0 ? rank / decomposition.py() : rank % decomposition.py();
    Axis runs = new Axis(new TreeMap<>(), new TreeMap<>());
    for (int part = 0; part < split.parts(); part++) {
      int size = split.size(part);
      ghosts(decomposition, rank, axis, part, -width, 0, me, runs);
      ghosts(decomposition, rank, axis, part, size, size + width, me, runs);
    }
    return runs;
  }

  /** Sorts the ghosts [from, to) of a part into runs with one owner each. */
  private static void ghosts(Decomposition decomposition, int rank, int axis, int part, int from, int to, int me,
      Axis runs) {
    Split split = axis == 0 ? decomposition.x() : decomposition.y();
    for (int ghost = from; ghost < to;) {
      int global = Math.floorMod(split.start(part) + ghost, split.cells());
      int owner = 0;
      while (split.start(owner) + split.size(owner) <= global)
        owner++;
      int owned = global - split.start(owner);
      int count = Math.min(to - ghost, split.size(owner) - owned);
      Run run = new Run(ghost, owned, count);
      if (part == me)
        runs.mine.computeIfAbsent(peer(decomposition, rank, axis, owner), _ -> new ArrayList<>()).add(run);
      if (owner == me)
        runs.theirs.computeIfAbsent(peer(decomposition, rank, axis, part), _ -> new ArrayList<>()).add(run);
      ghost += count;
    }
  }

  /** The rank in my row or column that holds a part of an axis. */
  private static int peer(Decomposition decomposition, int rank, int axis, int part) {
    int py = decomposition.py();
    return axis == 0 ? decomposition.rank(part, rank % py) : decomposition.rank(rank / py, part);
  }

  private static long lineBytes(int axis, Grid grid, Widths widths) {
    return 4L * grid.nz() * (axis == 0 ? grid.ny() : widths.extentX(grid));
  }

  private static long cells(List<Run> runs) {
    long cells = 0;
    for (Run run : runs)
      cells += run.count;
    return cells;
  }
}
