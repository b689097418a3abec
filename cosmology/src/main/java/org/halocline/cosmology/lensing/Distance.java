package org.halocline.cosmology.lensing;

/** What stands for the transverse distance of a plane or a source in lensing. */
public enum Distance {
  /** f_K(χ), as space is curved. */
  TRANSVERSE,
  /** χ itself, as if space were flat, for any Ωk; the reference fixtures do so. */
  COMOVING
}
