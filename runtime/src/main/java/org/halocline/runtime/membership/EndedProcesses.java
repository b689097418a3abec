package org.halocline.runtime.membership;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.event.EventStream;

/**
 * Addresses of members whose process is known to be gone, for each actor system of this JVM. The failure detector,
 * which Pekko makes and which is told no more than its system's event stream, asks here. Thread-safe.
 */
final class EndedProcesses {
  private static final Map<EventStream, Set<String>> BY_SYSTEM = Collections.synchronizedMap(new WeakHashMap<>());

  private EndedProcesses() {}

  /** The addresses that a system knows of; only its {@link ProcessMonitor} changes them. */
  static Set<String> of(EventStream system) {
    return BY_SYSTEM.computeIfAbsent(system, _ -> ConcurrentHashMap.newKeySet());
  }
}
