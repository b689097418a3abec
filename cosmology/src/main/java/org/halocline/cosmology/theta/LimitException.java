package org.halocline.cosmology.theta;

/**
 * θ lies where the forward model does not exist or cannot be stepped. A sampler takes it as log density −∞, `simulate`
 * and `gradient` stop with its message.
 */
public final class LimitException extends Exception {
  private final String quantity;
  private final double value;
  private final String bound;
  private final String key;

  /**
   * @param quantity what was found, such as "alpha at step 2"
   * @param bound what it breaks, such as "at least 0.05"
   * @param key configuration keys to change, with what to do
   */
  public LimitException(String quantity, double value, String bound, String key) {
    super(quantity + " = " + value + ", must be " + bound + ": change " + key);
    this.quantity = quantity;
    this.value = value;
    this.bound = bound;
    this.key = key;
  }

  public static void require(boolean holds, String quantity, double value, String bound, String key)
      throws LimitException {
    if (!holds)
      throw new LimitException(quantity, value, bound, key);
  }

  public String quantity() {
    return quantity;
  }

  public double value() {
    return value;
  }

  public String bound() {
    return bound;
  }

  public String key() {
    return key;
  }
}
