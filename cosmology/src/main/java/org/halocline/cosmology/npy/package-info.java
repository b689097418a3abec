/**
 * Reading and writing numpy's {@code .npy} arrays, whole or a sub-block at a time, of any size. Formats 1.0 to 3.0, C
 * and Fortran order, bool, integers of 8 to 64 bits, float16, float32 and float64 in either byte order are read; C
 * order, float32 and float64 in little-endian format 1.0 are written. Everything else is refused with one
 * {@link org.halocline.cosmology.npy.BadNpyException} that names the file, what was found and what was expected.
 *
 * <p>
 * Not responsible for archives ({@code .npz}), structured types, complex numbers, Python objects, or what the numbers
 * mean.
 */
package org.halocline.cosmology.npy;
