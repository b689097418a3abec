package org.halocline.sampler.model.cost;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.Meshes;
import org.halocline.cosmology.kernel.Modes;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Particles;
import org.halocline.cosmology.kernel.Pointwise;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.kernel.Spectra;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.kernel.Vectors;
import org.halocline.cosmology.mesh.Grid;

/**
 * Kernels that do nothing, on fields that hold nothing, so that a program can be run for its exchanges alone. They
 * answer as if every particle had a given displacement, with all the mass of the mesh on this rank, so that no limit is
 * broken. Work that overlaps with the exchange of ghosts is run.
 */
final class SilentKernels {
  private SilentKernels() {}

  /**
   * @param mass of the whole mesh, in mass units
   * @param displacement where drifts bring particles, by axis, cells: halos are as wide as particles went
   */
  static Kernels of(long mass, double[] displacement) {
    return of(mass, displacement, new Allocated());
  }

  /** @param allocated counts what is allocated */
  static Kernels of(long mass, double[] displacement, Allocated allocated) {
    return new Kernels(silent(Memory.class, mass, allocated), silent(Vectors.class, mass, allocated),
        new SilentParticles(displacement), silent(Meshes.class, mass, allocated),
        silent(Spectra.class, mass, allocated), silent(Modes.class, mass, allocated),
        silent(Pointwise.class, mass, allocated));
  }

  /** Bytes that real kernels would have allocated. */
  static final class Allocated {
    private long fieldBytes;
    private long stagingBytes;

    long fieldBytes() {
      return fieldBytes;
    }

    long stagingBytes() {
      return stagingBytes;
    }
  }

  static Field.Floats field(int size) {
    return new Nothing(size);
  }

  /** A field of a length, but of no memory. */
  private record Nothing(int size) implements Field.Floats, Field.Ints, Field.Doubles {}

  /**
   * Answers by type: fields of the length that was asked for, a copy that is done, that all is well, the mass of what
   * was looked at.
   */
  private static <T> T silent(Class<T> type, long mass, Allocated allocated) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (_, method, arguments) -> {
      if (arguments != null)
        for (Object argument : arguments)
          if (argument instanceof Runnable moment)
            moment.run();
      Class<?> answer = method.getReturnType();
      if (Field.class.isAssignableFrom(answer)) {
        allocated.fieldBytes += (answer == Field.Doubles.class ? 8 : 4) * (long) arguments[0];
        return new Nothing(Math.toIntExact((long) arguments[0]));
      }
      if (answer == MemorySegment.class) {
        allocated.stagingBytes += (long) arguments[0];
        return staging((long) arguments[0]);
      }
      if (answer == Staged.class)
        return Staged.DONE;
      if (answer == boolean.class)
        return true;
      return answer == long.class ? (Object) mass : answer == double.class ? (Object) 1.0 : null;
    }));
  }

  /** To be measured and sliced, never touched. */
  @SuppressWarnings("restricted")
  private static MemorySegment staging(long bytes) {
    return MemorySegment.NULL.reinterpret(bytes);
  }

  private record SilentParticles(double[] displacement) implements Particles {
    private static final double SMALL = 0x1p-10;

    @Override
    public double[] drift(ParticleSet set, double c, int sign) {
      return displacement.clone();
    }

    @Override
    public double[] driftTranspose(ParticleSet set, double[] cs, ExactSum[] sums) {
      return new double[]{SMALL, SMALL, SMALL};
    }

    @Override
    public void paint(ParticleSet set, int[] reach, Field.Ints mesh, Grid grid, Runnable ghostsPainted) {
      ghostsPainted.run();
    }

    @Override
    public void paintTranspose(ParticleSet set, int[] reach, Field.Floats cotangent, Grid grid, Runnable ghostsNeeded) {
      ghostsNeeded.run();
    }

    @Override
    public Moved kick(ParticleSet set, int[] reach, Potential potential, double k, double[] drifts,
        Runnable ghostsNeeded) {
      ghostsNeeded.run();
      double[][] displacements = new double[drifts.length][];
      Arrays.setAll(displacements, _ -> displacement.clone());
      return new Moved(SMALL, displacements);
    }

    @Override
    public void kickTranspose(ParticleSet set, int[] reach, Potential potential, double k, ExactSum sum,
        Runnable ghostsNeeded) {
      ghostsNeeded.run();
    }

    @Override
    public void paintCotangent(ParticleSet set, int[] reach, Field.Floats value, double factor, Field.Ints mesh,
        Grid grid, Runnable ghostsPainted) {
      ghostsPainted.run();
    }

    @Override
    public int largest(Field.Ints mesh, Grid grid) {
      return 1;
    }

    @Override
    public double fix(Field.Floats first, double a, Field.Floats second, double b, double quantum, Field.Ints into) {
      return 0;
    }
  }
}
