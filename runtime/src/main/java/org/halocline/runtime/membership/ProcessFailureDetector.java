package org.halocline.runtime.membership;

import com.typesafe.config.Config;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Pekko's usual one, which judges by silence; a member whose process is known to be gone is unreachable without
 * waiting.
 */
public final class ProcessFailureDetector extends PhiAccrualFailureDetector {
  private static final Map<EventStream, Set<String>> ENDED = Collections.synchronizedMap(new WeakHashMap<>());

  private final Set<String> departed;
  private volatile String member = "";

  public ProcessFailureDetector(Config config, EventStream events) {
    super(config, events);
    this.departed = ended(events);
  }

  /**
   * Addresses of members whose process is known to be gone, as an actor system knows them; only its
   * {@link ProcessMonitor} changes them. Pekko, which makes the detector, tells it no more than its system's event
   * stream. Thread-safe.
   */
  static Set<String> ended(EventStream system) {
    return ENDED.computeIfAbsent(system, _ -> ConcurrentHashMap.newKeySet());
  }

  @Override
  public void setAddress(String address) {
    super.setAddress(address);
    member = address;
  }

  @Override
  public boolean isAvailable() {
    return super.isAvailable() && !departed.contains(member);
  }
}
