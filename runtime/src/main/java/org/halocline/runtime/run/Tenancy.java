package org.halocline.runtime.run;

/**
 * For whom a run directory is opened.
 *
 * @param group name of the cluster whose coordinators hand their runs on; empty for a process that runs for itself
 * @param coordinator incarnation of the coordinator; a later one of the same group shuts earlier ones out
 */
public record Tenancy(String group, int coordinator) {
  public Tenancy {
    if (group.matches(".*\\s.*") || coordinator < 0)
      throw new IllegalArgumentException("group \"" + group + "\", coordinator " + coordinator);
  }

  /** Of a process that runs for itself: the lock alone decides. */
  public static Tenancy alone() {
    return new Tenancy("", 0);
  }

  public boolean inGroup() {
    return !group.isEmpty();
  }

  /** First words of the lock's text, and what an incarnation's file holds. */
  String note() {
    return inGroup() ? "cluster " + group + " coordinator " + coordinator : "";
  }

  /** Whether a lock with this text is held by the same group. */
  boolean holds(String lockText) {
    return inGroup() && lockText.startsWith("cluster " + group + " ");
  }

  /** Whether a note is of the same group, but of a later coordinator. */
  boolean isOlderThan(String note) {
    String[] words = note.strip().split(" ");
    return inGroup() && words.length == 4 && words[1].equals(group) && words[3].matches("\\d{1,9}")
        && Integer.parseInt(words[3]) > coordinator;
  }
}
