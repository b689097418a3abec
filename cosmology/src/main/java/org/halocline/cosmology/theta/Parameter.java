package org.halocline.cosmology.theta;

/**
 * A number that a model reads from a {@link Theta}, described by the package that owns it.
 *
 * @param block block of a job file that sets its value, such as {@code cosmology}
 * @param name its name in a {@link Theta} and its key in the block
 * @param least least value at which the model makes sense; it belongs to the range
 * @param most largest value at which the model makes sense; it belongs to the range
 * @param usual value where a job sets none
 * @param latex as papers write it
 */
public record Parameter(String block, String name, double least, double most, double usual, String latex) {}
