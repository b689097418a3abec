/**
 * Functions of single numbers for a core: exponentials, logarithms and what is made of them, by own polynomials in
 * double, as scalar code and as vector code that agree to the bit. The same operations, one by one, are in
 * {@code elementary.cuh} for GPUs.
 */
package org.halocline.cosmology.core.pointwise;
