package org.halocline.sampler.model.cost;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.comm.Port;

/**
 * A port that moves nothing and counts the bytes that it was asked to send. Buffers for received data stay as they are.
 * One exception: an answer that rank 0 makes of the values of all ranks is the value that this rank sent.
 */
final class CountingPort implements Port {
  private final int rank;
  private final int ranks;
  private final Map<Phase, Long> bytes = new EnumMap<>(Phase.class);
  private long messages;
  private long rounds;
  /** Since the last wait: exchanges that are finished one after another are one wait. */
  private boolean begun;
  /** What rank 0 was told last, and has not answered yet. */
  private Optional<MemorySegment> told = Optional.empty();

  CountingPort(int rank, int ranks) {
    this.rank = rank;
    this.ranks = ranks;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int ranks() {
    return ranks;
  }

  @Override
  public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
    for (Parcel parcel : sends)
      bytes.merge(phase, parcel.memory().byteSize(), Long::sum);
    messages += sends.size();
    if (phase == Phase.SUM && receives.isEmpty())
      told = sends.stream().map(Parcel::memory).findFirst();
    else if (phase == Phase.BROADCAST && told.isPresent()) {
      receives.getFirst().memory().copyFrom(told.get());
      told = Optional.empty();
    }
    if (sends.isEmpty() && receives.isEmpty())
      return () -> {};
    begun = true;
    return () -> {
      if (begun)
        rounds++;
      begun = false;
    };
  }

  @Override
  public void yieldPoint() {}

  Traffic sent() {
    return new Traffic(bytes, messages, rounds);
  }
}
