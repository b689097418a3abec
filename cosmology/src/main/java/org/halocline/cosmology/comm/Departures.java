package org.halocline.cosmology.comm;

import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.kernel.Staged;

/**
 * A port whose exchanges begin when what they send has been packed. A lane that packs beside its kernels is not waited
 * for at once: an exchange that is not packed yet begins when the next one is handed over, when the chain breathes, or
 * when the chain waits for the exchange. Kernels that are enqueued until then hide the copies. Exchanges begin in the
 * order in which they are handed over, on every kind of lane. Used by the chain's own thread.
 */
public final class Departures implements Port {
  private final Port port;
  private Optional<Departure> waiting = Optional.empty();

  /** @param port which has no other user: every exchange of the chain goes through this object */
  public Departures(Port port) {
    this.port = port;
  }

  @Override
  public int rank() {
    return port.rank();
  }

  @Override
  public int ranks() {
    return port.ranks();
  }

  @Override
  public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
    leave();
    return port.begin(phase, sends, receives);
  }

  @Override
  public Exchange begin(List<Staged> copies, Phase phase, List<Parcel> sends, List<Parcel> receives) {
    leave();
    if (areDone(copies))
      return port.begin(phase, sends, receives);
    Departure departure = new Departure(copies, phase, sends, receives);
    waiting = Optional.of(departure);
    return departure;
  }

  private static boolean areDone(List<Staged> copies) {
    for (Staged copy : copies)
      if (!copy.isDone())
        return false;
    return true;
  }

  @Override
  public void breathe() {
    leave();
    port.breathe();
  }

  @Override
  public void copied(long ns) {
    port.copied(ns);
  }

  /** Begins the exchange that waits for its copies, if there is one. */
  private void leave() {
    Optional<Departure> next = waiting;
    waiting = Optional.empty();
    next.ifPresent(Departure::leave);
  }

  private final class Departure implements Exchange {
    private final List<Staged> copies;
    private final Phase phase;
    private final List<Parcel> sends;
    private final List<Parcel> receives;
    private Optional<Exchange> begun = Optional.empty();

    Departure(List<Staged> copies, Phase phase, List<Parcel> sends, List<Parcel> receives) {
      this.copies = copies;
      this.phase = phase;
      this.sends = sends;
      this.receives = receives;
    }

    void leave() {
      long from = System.nanoTime();
      copies.forEach(Staged::await);
      port.copied(System.nanoTime() - from);
      begun = Optional.of(port.begin(phase, sends, receives));
    }

    @Override
    public void finish() {
      if (begun.isEmpty())
        Departures.this.leave();
      begun.orElseThrow(() -> new IllegalStateException("an exchange that has not begun is finished")).finish();
    }
  }
}
