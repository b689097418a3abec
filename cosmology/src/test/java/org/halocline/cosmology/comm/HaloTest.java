package org.halocline.cosmology.comm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.Split;
import org.halocline.cosmology.nbody.Domains;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filling and adding ghosts against one periodic array, for random cuts and widths. */
@Timeout(300)
class HaloTest {
  private static final long SEED = 4711;

  /** A cut and the ghosts of its grids, some wider than blocks and than the mesh. */
  private record Case(Decomposition d, int widthX, int widthY) {
    static Case random(SplittableRandom random) {
      int nx = random.nextInt(1, 14);
      int ny = random.nextInt(1, 14);
      Mesh mesh = new Mesh(nx, ny, random.nextInt(1, 5), 1, 1, 1);
      Split x = split(random, nx, random.nextInt(1, 5));
      Split y = split(random, ny, random.nextInt(1, x.parts() > 2 ? 3 : 5));
      return new Case(new Decomposition(mesh, x, y), random.nextInt(1, 2 * nx + 3), random.nextInt(1, 2 * ny + 3));
    }

    private static Split split(SplittableRandom random, int cells, int parts) {
      int[] sizes = new int[Math.min(parts, cells)];
      Arrays.fill(sizes, 1);
      for (int left = cells - sizes.length; left > 0; left--)
        sizes[random.nextInt(sizes.length)]++;
      return Split.of(sizes);
    }

    Grid grid(int rank) {
      return Grid.of(d, rank, widthX, widthY);
    }

    /** Where local cell (i, j, k) lies in the periodic mesh. */
    int global(int rank, int i, int j, int k) {
      Mesh mesh = d.mesh();
      Block block = d.block(rank);
      return (Math.floorMod(block.x0() + i, mesh.nx()) * mesh.ny() + Math.floorMod(block.y0() + j, mesh.ny()))
          * mesh.nz()
          + k;
    }
  }

  static IntStream cases() {
    return IntStream.range(0, 60);
  }

  private interface Cell {
    void at(int i, int j, int k, int local);
  }

  /** Of a new chain on the kind of lane that is tested. */
  Kernels kernels() {
    return CoreKernels.of();
  }

  private static void forEach(Grid grid, Cell cell) {
    for (int i = -grid.haloX(); i < grid.nx() + grid.haloX(); i++)
      for (int j = -grid.haloY(); j < grid.ny() + grid.haloY(); j++)
        for (int k = 0; k < grid.nz(); k++)
          cell.at(i, j, k, grid.line(i, j) + k);
  }

  private static boolean interior(Grid grid, int i, int j) {
    return i >= 0 && i < grid.nx() && j >= 0 && j < grid.ny();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldFillGhostsFromTheirOwners(int number) throws Exception {
    SplittableRandom random = Seeds.random("fill " + number, SEED + number);
    Case c = Case.random(random);
    int[] whole = random.ints(c.d.mesh().size()).toArray();
    Domains.run(c.d, (rank, port) -> {
      Kernels kernels = kernels();
      Grid grid = c.grid(rank);
      int[] cells = new int[(int) grid.size()];
      float[] floats = new float[cells.length];
      Arrays.fill(cells, 0xbad);
      forEach(grid, (i, j, k, local) -> {
        if (interior(grid, i, j)) {
          cells[local] = whole[c.global(rank, i, j, k)];
          floats[local] = cells[local] >> 8;
        }
      });
      try (Memory memory = kernels.memory()) {
        Field.Ints ints = memory.ints(cells.length);
        Field.Floats reals = memory.floats(cells.length);
        memory.write(cells, 0, ints, 0, cells.length);
        memory.write(floats, 0, reals, 0, cells.length);
        Halo halo = new Halo(c.d, rank, kernels, port, grid);
        halo.fill(ints, grid);
        halo.fill(reals, grid);
        memory.read(ints, 0, cells, 0, cells.length);
        memory.read(reals, 0, floats, 0, cells.length);
        // A narrower grid through the same staging memory.
        Grid narrow = new Grid(grid.nx(), grid.ny(), grid.nz(), Math.min(1, grid.haloX()), Math.min(1, grid.haloY()));
        Field.Ints small = memory.ints(narrow.size());
        int[] few = new int[(int) narrow.size()];
        forEach(narrow, (i, j, k, local) -> few[local] = interior(narrow, i, j) ? whole[c.global(rank, i, j, k)] : 0);
        memory.write(few, 0, small, 0, few.length);
        halo.fill(small, narrow);
        memory.read(small, 0, few, 0, few.length);
        forEach(narrow, (i, j, k, local) -> assertEquals(whole[c.global(rank, i, j, k)], few[local]));
      }
      forEach(grid, (i, j, k, local) -> {
        int expected = whole[c.global(rank, i, j, k)];
        assertEquals(expected, cells[local], () -> c + " rank " + rank + " cell " + i + ", " + j + ", " + k);
        assertEquals(expected >> 8, floats[local], 64);
      });
      return rank;
    });
  }

  /** Against the periodic array, and as the transpose: ⟨fill x, y⟩ = ⟨x, add y⟩ in integers. */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldAddGhostsToTheirOwners(int number) throws Exception {
    SplittableRandom random = Seeds.random("add " + number, SEED + 500 + number);
    Case c = Case.random(random);
    int[] whole = random.ints(c.d.mesh().size(), -1000, 1000).toArray();
    int[][] ghosts = new int[c.d.ranks()][];
    long[] expected = new long[whole.length];
    long filledDotGhosts = 0;
    for (int r = 0; r < ghosts.length; r++) {
      int rank = r;
      Grid grid = c.grid(rank);
      ghosts[rank] = random.ints(grid.size(), -1000, 1000).toArray();
      long[] dot = new long[1];
      forEach(grid, (i, j, k, local) -> {
        int global = c.global(rank, i, j, k);
        expected[global] += ghosts[rank][local];
        dot[0] += (long) whole[global] * ghosts[rank][local];
      });
      filledDotGhosts += dot[0];
    }
    long wholeDotAdded = 0;
    for (long part : Domains.run(c.d, (rank, port) -> {
      Kernels kernels = kernels();
      Grid grid = c.grid(rank);
      int[] cells = ghosts[rank].clone();
      try (Memory memory = kernels.memory()) {
        Field.Ints ints = memory.ints(cells.length);
        memory.write(cells, 0, ints, 0, cells.length);
        Halo halo = new Halo(c.d, rank, kernels, port, grid);
        halo.beginAdd(ints, grid, grid.haloX(), grid.haloY());
        halo.finish();
        memory.read(ints, 0, cells, 0, cells.length);
      }
      long[] dot = new long[1];
      forEach(grid, (i, j, k, local) -> {
        if (!interior(grid, i, j))
          return;
        int global = c.global(rank, i, j, k);
        assertEquals(expected[global], cells[local], () -> c + " rank " + rank + " cell " + i + ", " + j + ", " + k);
        dot[0] += (long) whole[global] * cells[local];
      });
      return dot[0];
    }))
      wholeDotAdded += part;
    assertEquals(filledDotGhosts, wholeDotAdded);
  }
}
