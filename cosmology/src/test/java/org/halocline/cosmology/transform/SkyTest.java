package org.halocline.cosmology.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.nbody.Domains;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Skies of rows × 1 × columns, and other meshes with fewer ky than ranks: against the sum that defines a transform. */
@Timeout(300)
class SkyTest {

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  static Stream<Mesh> meshes() {
    return Stream.of(new Mesh(8, 1, 12, 2, 1, 3), new Mesh(7, 1, 9, 2, 1, 3), new Mesh(13, 1, 11, 2, 1, 3),
        new Mesh(5, 1, 2, 1, 1, 1), new Mesh(6, 1, 1, 1, 1, 1), new Mesh(1, 1, 10, 1, 1, 1),
        new Mesh(16, 1, 30, 1, 1, 1), new Mesh(9, 2, 6, 9, 2, 6), new Mesh(10, 4, 7, 1, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void shouldTransformASkyAsDefinedOnAnyRanks(Mesh mesh) throws Exception {
    float[] x = Seeds.floats(Seeds.random("sky " + mesh, 50), (int) mesh.size());
    double[] expected = transform(mesh, x);
    float[] firstModes = new float[0];
    float[] firstBack = new float[0];
    for (Decomposition d : Dealt.layouts(mesh)) {
      float[] modes = new float[expected.length];
      float[] back = new float[x.length];
      Domains.run(d, (rank, port) -> {
        Kernels kernels = kernels();
        try (Memory memory = kernels.memory()) {
          Fourier fourier = new Fourier(d, rank, kernels, port, memory::staging);
          Floats field = Dealt.field(kernels, d, rank, x);
          Floats work = memory.floats(fourier.floats());
          fourier.forward(field, Dealt.plain(d, rank), work);
          Dealt.collectModes(kernels, fourier.pencil(), work, modes);
          fourier.inverse(work, field, Dealt.plain(d, rank));
          Dealt.collect(kernels, d, rank, field, back);
        }
        return rank;
      });
      double rms = Math.sqrt(mesh.size());
      for (int i = 0; i < modes.length; i++)
        assertEquals(expected[i], modes[i], 5e-6 * rms, Dealt.name(d) + " mode " + i / 2);
      for (int i = 0; i < x.length; i++)
        assertEquals(x[i], back[i] / mesh.size(), 5e-6, Dealt.name(d) + " cell " + i);
      if (firstModes.length == 0) {
        firstModes = modes;
        firstBack = back;
      }
      assertArrayEquals(firstModes, modes, Dealt.name(d));
      assertArrayEquals(firstBack, back, Dealt.name(d));
    }
  }

  @ParameterizedTest
  @MethodSource("meshes")
  void shouldGiveEveryRankModesWhereThereAreEnough(Mesh mesh) {
    for (Decomposition d : Dealt.layouts(mesh))
      for (int rank = 0; rank < d.ranks(); rank++) {
        Pencil pencil = new Pencil(d, rank);
        int shared = mesh.ny() < d.px() ? pencil.halfZ() : mesh.ny();
        if (d.py() == 1 && shared >= d.px())
          assertTrue(pencil.kyCount() * pencil.kzCount() > 0, Dealt.name(d) + " rank " + rank);
      }
  }

  private static double[] transform(Mesh mesh, float[] x) {
    double[] modes = new double[Dealt.modeFloats(mesh)];
    for (int kx = 0; kx < mesh.nx(); kx++)
      for (int ky = 0; ky < mesh.ny(); ky++)
        for (int kz = 0; kz <= mesh.nz() / 2; kz++)
          for (int i = 0; i < x.length; i++) {
            double phase = -2 * Math.PI * ((double) kx * (i / mesh.nz() / mesh.ny()) / mesh.nx()
                + (double) ky * (i / mesh.nz() % mesh.ny()) / mesh.ny() + (double) kz * (i % mesh.nz()) / mesh.nz());
            modes[Dealt.mode(mesh, kx, ky, kz)] += x[i] * Math.cos(phase);
            modes[Dealt.mode(mesh, kx, ky, kz) + 1] += x[i] * Math.sin(phase);
          }
    return modes;
  }
}
