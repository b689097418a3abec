package org.halocline.cosmology.nbody;

import java.util.Arrays;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.transform.Fourier;

/**
 * Power and cross power of two fields that are cut into blocks, in spherical bins of |k|: P(k) = V/N² ⟨|δ̂|²⟩ over the
 * modes of a bin, without correction for the mesh's window. Every rank of the domain makes the same calls.
 */
public final class PowerSpectrum {
  private static final int COLUMNS = 5;
  /**
   * How far below an edge, relative, a mode still counts as on the edge, and so to the bin above. Wave numbers are
   * rounded to some 1e-16; modes of a cube with |k| of m fundamentals that are on no edge are at least 1/(2m²) away
   * from one.
   */
  private static final double EDGE = 1e-9;

  private PowerSpectrum() {}

  /**
   * One bin.
   *
   * @param kHMpc mean |k| of its modes, h/Mpc
   * @param modes how many, counting k and −k
   * @param powerA of the first field, (Mpc/h)³
   * @param powerB of the second field
   * @param cross real part of the cross power
   */
  public record Bin(double kHMpc, long modes, double powerA, double powerB, double cross) {}

  /** What an estimate takes: two meshes that hold a spectrum, or one twice where both fields are one. */
  record Scratch(Fourier fourier, Kernels kernels, Collectives collectives, Floats spectrumA, Floats spectrumB) {}

  /**
   * Bins of one fundamental mode of the shortest side, up to the Nyquist wave number of the widest cell; a mode on an
   * edge belongs to the bin above. Bins without modes are left out.
   *
   * @param a this rank's block without ghosts; a constant does not matter
   * @param b likewise; may be the same
   */
  static Bin[] estimate(Floats a, Floats b, Scratch scratch) {
    Fourier fourier = scratch.fourier;
    Mesh mesh = fourier.pencil().mesh();
    Grid grid = SimulationPlan.plainGrid(fourier.pencil().decomposition(), fourier.pencil().rank());
    double width = (1 - EDGE) * 2 * StrictMath.PI / Math.min(mesh.lxMpcH(), Math.min(mesh.lyMpcH(), mesh.lzMpcH()));
    double nyquist = StrictMath.PI / Math.max(mesh.cellMpcH(0), Math.max(mesh.cellMpcH(1), mesh.cellMpcH(2)));
    int bins = Math.max(1, (int) (nyquist / width) + 1);
    ExactSum[][] sums = new ExactSum[bins][COLUMNS];
    for (ExactSum[] row : sums)
      Arrays.setAll(row, _ -> new ExactSum());
    fourier.forward(a, grid, scratch.spectrumA);
    if (a != b)
      fourier.forward(b, grid, scratch.spectrumB);
    double factor = mesh.cellVolumeMpcH3() / mesh.size();
    scratch.kernels.modes().binPower(scratch.spectrumA, scratch.spectrumB, fourier.pencil(), width, factor, sums);
    scratch.collectives.sum(Arrays.stream(sums).flatMap(Arrays::stream).toArray(ExactSum[]::new));
    return Arrays.stream(sums).filter(row -> row[0].value() > 0).map(PowerSpectrum::bin).toArray(Bin[]::new);
  }

  private static Bin bin(ExactSum[] row) {
    double modes = row[0].value();
    return new Bin(row[1].value() / modes, (long) modes, row[2].value() / modes, row[3].value() / modes,
        row[4].value() / modes);
  }
}
