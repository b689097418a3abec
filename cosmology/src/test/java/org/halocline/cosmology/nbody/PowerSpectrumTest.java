package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Field.Floats;
import org.halocline.cosmology.mesh.Kernels;
import org.halocline.cosmology.mesh.Memory;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Power spectra of fields whose power is known. */
@Timeout(300)
class PowerSpectrumTest {
  private static final Mesh MESH = new Mesh(24, 20, 32, 240, 220, 300);

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return new CoreKernels();
  }

  private PowerSpectrum.Bin[] estimate(Decomposition d, float[] a, float[] b) throws Exception {
    List<PowerSpectrum.Bin[]> all = Domains.run(d, (rank, port) -> {
      Kernels kernels = kernels();
      Block block = d.block(rank);
      try (Memory memory = kernels.memory()) {
        Floats first = Cases.floats(memory, d.mesh(), block, a);
        Floats second = a == b ? first : Cases.floats(memory, d.mesh(), block, b);
        return PowerSpectrum.estimate(first, second, d, rank, kernels, port);
      }
    });
    for (PowerSpectrum.Bin[] bins : all)
      assertArrayEquals(all.getFirst(), bins, "every rank has the bins");
    return all.getFirst();
  }

  /** A cos(k·x) has two modes of power A²/4 · V each. */
  @Test
  void shouldFindAPlaneWave() throws Exception {
    int[] m = {2, 3, 4};
    double amplitude = 0.3;
    float[] wave = new float[(int) MESH.size()];
    for (int i = 0; i < wave.length; i++) {
      double phase = 2 * Math.PI * ((double) m[0] * (i / MESH.nz() / MESH.ny()) / MESH.nx()
          + (double) m[1] * (i / MESH.nz() % MESH.ny()) / MESH.ny() + (double) m[2] * (i % MESH.nz()) / MESH.nz());
      wave[i] = (float) (5 + amplitude * Math.cos(phase + 0.4));
    }
    double k = 0;
    for (int axis = 0; axis < 3; axis++)
      k += Math.pow(2 * Math.PI * m[axis] / MESH.lengthMpcH(axis), 2);
    k = Math.sqrt(k);
    double width = 2 * Math.PI / 220;
    double volume = MESH.lxMpcH() * MESH.lyMpcH() * MESH.lzMpcH();
    int found = 0;
    for (PowerSpectrum.Bin bin : estimate(Decomposition.even(MESH, 1, 1), wave, wave)) {
      boolean here = (int) (bin.kHMpc() / width) == (int) (k / width);
      double expected = here ? 2 * amplitude * amplitude / 4 * volume / bin.modes() : 0;
      assertEquals(expected, bin.powerA(), 1e-4 * (expected + 1e-3), "k = " + bin.kHMpc());
      found += here ? 1 : 0;
    }
    assertEquals(1, found);
  }

  /** White noise of unit variance has P = V_cell; the mean of M/2 independent modes is that within √(2/M). */
  @Test
  void shouldFindWhiteNoise() throws Exception {
    float[] noise = Seeds.floats(Seeds.random("white noise", 12), (int) MESH.size());
    float[] other = Seeds.floats(Seeds.random("other noise", 13), (int) MESH.size());
    double cell = MESH.cellVolumeMpcH3();
    long modes = 0;
    for (PowerSpectrum.Bin bin : estimate(Decomposition.even(MESH, 1, 1), noise, other)) {
      double sigma = cell * Math.sqrt(2.0 / bin.modes());
      assertEquals(cell, bin.powerA(), 5 * sigma, "k = " + bin.kHMpc());
      assertEquals(cell, bin.powerB(), 5 * sigma, "k = " + bin.kHMpc());
      assertEquals(0, bin.cross(), 5 * sigma, "k = " + bin.kHMpc());
      modes += bin.modes();
    }
    assertTrue(modes > 3000, modes + " modes");
  }

  @Test
  void shouldCorrelateAFieldWithItself() throws Exception {
    float[] noise = Seeds.floats(Seeds.random("itself", 14), (int) MESH.size());
    float[] negative = new float[noise.length];
    for (int i = 0; i < noise.length; i++)
      negative[i] = -2 * noise[i];
    for (PowerSpectrum.Bin bin : estimate(Decomposition.even(MESH, 1, 1), noise, noise)) {
      assertEquals(1, bin.correlation(), 1e-12);
      assertEquals(1, bin.transfer(), 1e-12);
    }
    for (PowerSpectrum.Bin bin : estimate(Decomposition.even(MESH, 1, 1), noise, negative)) {
      assertEquals(-1, bin.correlation(), 1e-6);
      assertEquals(0.5, bin.transfer(), 1e-6);
    }
  }

  /** Every mode of the full spectrum below the last bin's end counts once, on odd and even meshes. */
  @Test
  void shouldCountEveryModeOnce() throws Exception {
    for (Mesh mesh : List.of(MESH, new Mesh(7, 9, 5, 70, 80, 60), new Mesh(6, 5, 1, 60, 70, 30))) {
      double width = 2 * Math.PI / Math.min(mesh.lxMpcH(), Math.min(mesh.lyMpcH(), mesh.lzMpcH()));
      double widest = Math.max(mesh.cellMpcH(0), Math.max(mesh.cellMpcH(1), mesh.cellMpcH(2)));
      int bins = Math.max(1, (int) (Math.PI / widest / width) + 1);
      long expected = 0;
      for (int i = 0; i < mesh.size(); i++) {
        int[] at = {i / mesh.nz() / mesh.ny(), i / mesh.nz() % mesh.ny(), i % mesh.nz()};
        double square = 0;
        for (int axis = 0; axis < 3; axis++) {
          int n = mesh.cells(axis);
          int index = at[axis] <= n / 2 ? at[axis] : at[axis] - n;
          square += Math.pow(2 * StrictMath.PI / mesh.lengthMpcH(axis) * index, 2);
        }
        if (square > 0 && (int) (Math.sqrt(square) / width) < bins)
          expected++;
      }
      float[] noise = Seeds.floats(Seeds.random("modes of " + mesh, 15), (int) mesh.size());
      long modes = 0;
      for (PowerSpectrum.Bin bin : estimate(Decomposition.even(mesh, 1, 1), noise, noise))
        modes += bin.modes();
      assertEquals(expected, modes, mesh.toString());
    }
  }

  @Test
  void shouldNotDependOnTheLayout() throws Exception {
    float[] a = Seeds.floats(Seeds.random("layout a", 16), (int) MESH.size());
    float[] b = Seeds.floats(Seeds.random("layout b", 17), (int) MESH.size());
    PowerSpectrum.Bin[] expected = estimate(Decomposition.even(MESH, 1, 1), a, b);
    for (Decomposition d : Cases.layouts(MESH))
      assertArrayEquals(expected, estimate(d, a, b), Cases.name(d));
  }
}
