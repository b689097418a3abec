package org.halocline.cosmology.kernel;

/**
 * A copy between a lane's fields and staging memory. A core has made it when it returns; a GPU makes it beside its
 * kernels. Used by the chain's own thread.
 */
public interface Staged {

  /** A copy that was made at once. */
  Staged DONE = new Staged() {
    @Override
    public boolean isDone() {
      return true;
    }

    @Override
    public void await() {}
  };

  /** Whether it is known to be done, so that {@link #await} would not wait. */
  boolean isDone();

  /** Returns when packed memory may be sent, or unpacked memory used again. */
  void await();
}
