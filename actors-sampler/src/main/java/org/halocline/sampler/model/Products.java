package org.halocline.sampler.model;

import java.io.IOException;

/** Where a model writes what it has made. Every rank makes the same calls. */
public interface Products {

  /** Fields of the domain's grid: (Nx, Ny, Nz) for one, (fields, Nx, Ny, Nz) for several. */
  void fields(String name, BlockGather.Source... fields) throws IOException;

  /** An array that rank 0 holds. */
  void array(String name, double[] values, int... shape) throws IOException;

  /** A small text that rank 0 holds. */
  void text(String name, String text) throws IOException;
}
