/**
 * Points θ of a parameter space: names and values, the description of each parameter by the package that owns it, and
 * the limits beyond which a model does not exist.
 */
package org.halocline.cosmology.theta;
