package org.halocline.runtime.membership;

import com.typesafe.config.Config;
import java.util.Set;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Pekko's usual one, which judges by silence; a member whose process is known to be gone is unreachable without
 * waiting.
 */
public final class ProcessFailureDetector extends PhiAccrualFailureDetector {
  private final Set<String> departed;
  private volatile String member = "";

  public ProcessFailureDetector(Config config, EventStream events) {
    super(config, events);
    this.departed = EndedProcesses.of(events);
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
