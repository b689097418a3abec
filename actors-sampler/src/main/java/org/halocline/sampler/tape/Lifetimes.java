package org.halocline.sampler.tape;

import java.util.ArrayList;
import java.util.List;

/**
 * For each field that the operations of a program make: which operation reads it last, and whether the reverse pass
 * needs its values. A run of the program without numbers finds it; later runs give a field's memory back as soon as
 * nothing needs it, and may share what was found. Where nothing is known, fields live as long as the pass. Used by the
 * chain's own thread only.
 */
public final class Lifetimes {
  /** Nothing is ever known or noted. */
  public static final Lifetimes UNKNOWN = new Lifetimes();
  /** Every field keeps its values as long as the pass: for runs whose fields are looked at afterwards. */
  public static final Lifetimes WHOLE = new Lifetimes();

  /** @param last the operation that reads the field last, from 0 */
  private record Life(int last, boolean kept) {}

  private final List<Life> lives = new ArrayList<>();
  private final List<String> operations = new ArrayList<>();
  private boolean noting;
  private boolean known;

  /** The next tape that is given it notes what it runs. */
  public void start() {
    noting = true;
  }

  /** From now on memory is given back by what was noted. */
  public void finish() {
    noting = false;
    known = true;
  }

  boolean known() {
    return known;
  }

  /** An operation runs, as number {@code at}. */
  void runs(int at, String operation) {
    if (noting)
      operations.add(operation);
    else if (known && (at >= operations.size() || !operations.get(at).equals(operation)))
      throw new IllegalStateException("the program changed between runs: operation " + at + " is " + operation
          + (at < operations.size() ? ", it was " + operations.get(at) : ", there was none")
          + "; a program must run the same operations for all values");
  }

  /** A field is made by an operation, as number {@code field}. */
  void made(int field, int operation, boolean kept) {
    if (noting)
      lives.add(new Life(operation, kept));
  }

  /** An operation reads a field. */
  void read(int field, int operation, boolean kept) {
    if (noting)
      lives.set(field, new Life(operation, kept || lives.get(field).kept));
  }

  /** Whether nothing needs the values of a field after the forward pass of an operation. */
  boolean endsAt(int field, int operation) {
    return known && !lives.get(field).kept && lives.get(field).last <= operation;
  }

  /** Whether the reverse pass may need the values of a field that so many operations have read. */
  boolean kept(int field, int readers) {
    return known ? lives.get(field).kept : readers > 0 || this != UNKNOWN;
  }
}
