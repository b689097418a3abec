package org.halocline.cosmology.cuda.device;

/** How a chain's thread waits for its device: what it gives up meanwhile and has again afterwards. */
public interface Waits {

  /** The thread gives up nothing. */
  Waits HOLDING = Runnable::run;

  /** Runs what waits, once, on the caller's thread. */
  void during(Runnable wait);
}
