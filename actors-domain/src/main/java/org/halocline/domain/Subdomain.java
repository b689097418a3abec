package org.halocline.domain;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.lane.KernelLane;
import org.halocline.domain.program.LaneUse;
import org.halocline.domain.program.PortMeter;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankPrograms;
import org.halocline.domain.program.RankProgress;
import org.halocline.domain.program.RankReply;
import org.halocline.runtime.rank.RankAssignment;
import org.halocline.transport.Link;

/**
 * What one rank owns of its domain: its lane, its end of the data plane, and the chains on it. The link is closed when
 * the last chain has freed its memory. Thread-safe.
 *
 * @param link empty in a domain of one rank
 */
final class Subdomain {
  private final RankAssignment assignment;
  private final Decomposition decomposition;
  private final KernelLane lane;
  private final Optional<Link> link;
  private final RankPrograms programs;
  /** Chains with memory, and one for the subdomain itself. */
  private final AtomicInteger holders = new AtomicInteger(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Void> freed = new CompletableFuture<>();
  private final List<PortMeter> meters = new CopyOnWriteArrayList<>();
  private final long openedNs = System.nanoTime();
  private final long busyBeforeNs;

  Subdomain(RankAssignment assignment, Decomposition decomposition, KernelLane lane, Optional<Link> link,
      RankPrograms programs) {
    this.assignment = assignment;
    this.decomposition = decomposition;
    this.lane = lane;
    this.link = link;
    this.programs = programs;
    this.busyBeforeNs = lane.times().busyNs();
  }

  RankAssignment assignment() {
    return assignment;
  }

  /** Where this rank is, for people: "rank 2 of 4 (lane core-1)". */
  String place() {
    return "rank " + assignment.rank() + " of " + decomposition.ranks() + " (" + lane.name() + ")";
  }

  /** What the lane did since this rank was opened, all chains together. */
  LaneUse use() {
    long wallNs = System.nanoTime() - openedNs;
    long busyNs = Math.min(wallNs, lane.times().busyNs() - busyBeforeNs);
    return LaneUse.of(wallNs, wallNs - busyNs, Math.min(busyNs, meters.stream().mapToLong(PortMeter::copyNs).sum()));
  }

  /** Starts the thread of a chain. */
  ChainThread open(int chain, Consumer<RankProgress> progress) {
    ChainLane held = new ChainLane(lane);
    holders.incrementAndGet();
    String name = assignment.jobId() + "/domain-" + assignment.domainName() + "/rank-" + assignment.rank() + "/chain-"
        + chain;
    return new ChainThread(name, held, () -> program(chain, held, progress), this::release);
  }

  private RankProgram program(int chain, ChainLane held, Consumer<RankProgress> progress) throws Exception {
    PortMeter meter = new PortMeter();
    meters.add(meter);
    Port port = link.<Port>map(end -> new TransportPort(end, chain, held, meter))
        .orElseGet(() -> Port.solo(held::yieldPoint));
    Kernels kernels = lane.open(held::throwIfCancelled);
    try {
      RankProgram program = programs.create(new RankContext(assignment, chain, decomposition, assignment.rank(),
          kernels, port, progress, meter, Path.of(assignment.runDirectory())));
      return new Owning(program, kernels);
    } catch (Throwable problem) {
      kernels.memory().close();
      throw problem;
    }
  }

  /** Ends a chain's transfers; later ones fail too. */
  void revoke(int chain) {
    link.ifPresent(end -> end.revoke(chain));
  }

  /** Ends the transfers of all chains: the end of the domain for this rank. */
  void revoke() {
    link.ifPresent(Link::revoke);
  }

  /** No more chains will be opened; what is open must have been told to end. May be called again. */
  void close() {
    if (closed.compareAndSet(false, true))
      release();
  }

  /** Done once {@link #close} was called and every chain has freed its memory. */
  CompletableFuture<Void> freed() {
    return freed;
  }

  private void release() {
    if (holders.decrementAndGet() > 0)
      return;
    try {
      link.ifPresent(Link::close);
    } finally {
      freed.complete(null);
    }
  }

  /** A program and the memory that goes with it. */
  private record Owning(RankProgram program, Kernels kernels) implements RankProgram {
    @Override
    public RankReply run(RankCommand command) throws Exception {
      return program.run(command);
    }

    @Override
    public void close() {
      try {
        program.close();
      } finally {
        kernels.memory().close();
      }
    }
  }
}
