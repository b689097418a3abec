package org.halocline.runtime.node;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.event.EventStream;

/**
 * Addresses of members whose process is known to be gone, for each actor system of this JVM. The failure detector, which Pekko
 * makes and which is told no more than its system's event stream, asks here. Thread-safe.
 */
final class Departed {
  private static final Map<EventStream, Set<String>> BY_SYSTEM = Collections.synchronizedMap(new WeakHashMap<>());

  private Departed() {}

  /** Those that a system knows of; changed by its {@link LifelineWatch} only. */
  static Set<String> of(EventStream system) {
    return BY_SYSTEM.computeIfAbsent(system, _ -> ConcurrentHashMap.newKeySet());
  }
}
