package org.halocline.sampler.model.cost;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.Particles.Moved;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.Mesh;

/**
 * Kernels that do nothing, on fields that hold nothing, so that a program can be run for its exchanges alone. They answer as
 * if every particle had a given displacement, with all the mass of the mesh on this rank, so that no limit is broken. Work that
 * overlaps with the exchange of ghosts is run. A proxy makes them: only a kernel whose answer matters has a line here.
 */
final class SilentKernels {
  private static final double SMALL = 0x1p-10;
  /** Which argument of a kick holds the drifts after it. */
  private static final int DRIFTS_OF_KICK = 6;
  /** Which argument of an overdensity is one over a particle's mass. */
  private static final int FACTOR_OF_OVERDENSITY = 2;

  private final Mesh mesh;
  private final double[] displacement;
  private IntFunction<Field.Ints> positions = _ -> {
    throw new IllegalStateException("particles drift before anybody has said which fields hold them");
  };

  /**
   * @param displacement where drifts bring particles, by axis, cells: halos are as wide as particles went
   */
  SilentKernels(Mesh mesh, double[] displacement) {
    this.mesh = mesh;
    this.displacement = displacement.clone();
  }

  /**
   * Tells which fields hold displacements.
   *
   * @param field of an axis
   */
  void move(IntFunction<Field.Ints> field) {
    positions = field;
  }

  Kernels kernels() {
    Memory memory = silent(Memory.class, (method, arguments) -> switch (method.getName()) {
      case "floats" -> new Floats(size(arguments));
      case "ints" -> new Ints(size(arguments));
      case "doubles" -> new Doubles(size(arguments));
      case "staging" -> unbacked(((Number) arguments[0]).longValue());
      default -> number(method);
    });
    return silent(Kernels.class, (method, _) -> method.getReturnType() == Memory.class
        ? memory
        : method.getReturnType().isInterface()
            ? silent(method.getReturnType(), this::kernel)
            : number(method));
  }

  private Object kernel(Method kernel, Object[] arguments) {
    return switch (kernel.getName()) {
      case "fix" -> 0.0;
      case "drift" -> displacement[axis(arguments[0])];
      case "kick" -> {
        double[][] displacements = new double[((double[]) arguments[DRIFTS_OF_KICK]).length][];
        Arrays.setAll(displacements, _ -> displacement.clone());
        yield new Moved(SMALL, displacements);
      }
      case "overdensity" -> Math.round(mesh.size() / (double) arguments[FACTOR_OF_OVERDENSITY]);
      case "pack", "unpack", "unpackAdd" -> Staged.DONE;
      case "driftTranspose" -> new double[]{SMALL, SMALL, SMALL};
      default -> number(kernel);
    };
  }

  private int axis(Object field) {
    for (int axis = 0; axis < displacement.length; axis++)
      if (positions.apply(axis) == field)
        return axis;
    throw new IllegalStateException("a field drifts that holds no displacements");
  }

  static Field.Floats field(int size) {
    return new Floats(size);
  }

  private record Floats(int size) implements Field.Floats {}

  private record Ints(int size) implements Field.Ints {}

  private record Doubles(int size) implements Field.Doubles {}

  private interface Answer {
    Object to(Method method, Object[] arguments);
  }

  private static <T> T silent(Class<T> type, Answer answer) {
    InvocationHandler handler = (_, method, arguments) -> {
      for (Object argument : arguments == null ? new Object[0] : arguments)
        if (argument instanceof Runnable moment)
          moment.run();
      return answer.to(method, arguments);
    };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler));
  }

  private static int size(Object[] arguments) {
    return Math.toIntExact(((Number) arguments[0]).longValue());
  }

  /** Of a length, but of no memory: to be measured and sliced, never touched. */
  @SuppressWarnings("restricted")
  private static MemorySegment unbacked(long bytes) {
    return MemorySegment.NULL.reinterpret(bytes);
  }

  private static Object number(Method method) {
    Class<?> type = method.getReturnType();
    if (type == double.class)
      return SMALL;
    if (type == float.class)
      return (float) SMALL;
    if (type == long.class)
      return 1L;
    if (type == int.class)
      return 1;
    if (type == boolean.class)
      return false;
    return null;
  }
}
