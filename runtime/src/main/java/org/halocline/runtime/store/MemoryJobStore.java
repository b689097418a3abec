package org.halocline.runtime.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.halocline.runtime.cluster.JobOrder;
import org.halocline.runtime.config.FilePath;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.run.Tenancy;

/**
 * The store of a process that runs jobs for itself: its coordinator holds them in memory, and no other coordinator ever
 * takes them over. So the store keeps nothing, and run directories may lie anywhere.
 */
public final class MemoryJobStore implements JobStore {

  @Override
  public Tenancy tenancy() {
    return Tenancy.alone();
  }

  @Override
  public String proof() {
    return "";
  }

  @Override
  public String predecessor() {
    return "";
  }

  @Override
  public long predecessorAliveEpochMillis() {
    return 0;
  }

  @Override
  public boolean isToken(String token) {
    return true;
  }

  @Override
  public Path run(JobOrder order) {
    return FilePath.absolute(Path.of(order.runDirectory()));
  }

  @Override
  public Optional<Problem> forbids(Path run) {
    return Optional.empty();
  }

  @Override
  public Optional<String> digestOf(Path input) {
    return Optional.empty();
  }

  @Override
  public void beat() {}

  @Override
  public void requireCurrent() {}

  @Override
  public Found load() {
    return new Found(List.of(), List.of(), Set.of());
  }

  @Override
  public Found load(Set<String> ids) {
    return load();
  }

  @Override
  public void keep(StoredJob.Order order) {}

  @Override
  public void keep(String jobId, StoredJob.State state) {}

  @Override
  public void markEnded(JobKey job) {}

  @Override
  public void unmarkEnded(JobKey job) {}

  @Override
  public EventLog events(String jobId) {
    return EventLog.none();
  }

  @Override
  public EventHistory history(String jobId) {
    return EventHistory.none();
  }

  @Override
  public EventLog clusterEvents() {
    return EventLog.none();
  }

  @Override
  public EventHistory clusterHistory() {
    return EventHistory.none();
  }
}
