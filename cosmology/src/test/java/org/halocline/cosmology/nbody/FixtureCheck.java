package org.halocline.cosmology.nbody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Field.Ints;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Block;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.observe.ConvergenceMap;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.theta.Parameter;

/** Runs a stored case on a layout and holds it to the accuracy that the design promises. */
final class FixtureCheck {
  private final Fixture fixture;
  private final double maxDisplacement;
  private final Supplier<Kernels> kernels;

  /**
   * @param maxDisplacement of the job, cells, on every axis
   * @param kernels of a new chain
   */
  FixtureCheck(Fixture fixture, double maxDisplacement, Supplier<Kernels> kernels) {
    this.fixture = fixture;
    this.maxDisplacement = maxDisplacement;
    this.kernels = kernels;
  }

  void snapshot(int px, int py) throws Exception {
    SimulationPlan plan = fixture.plan(maxDisplacement);
    Mesh mesh = plan.mesh();
    Decomposition d = Decomposition.even(mesh, px, py);
    float[] noise = fixture.array("noise.npy");
    float[] density = fixture.array("density_final.npy");
    float[] target = new float[density.length];
    for (int i = 0; i < target.length; i++)
      target[i] = (float) (0.9 * density[i] + 0.105);
    float[] x0 = new float[3 * noise.length];
    float[] p0 = new float[3 * noise.length];
    float[] x1 = new float[3 * noise.length];
    float[] p1 = new float[3 * noise.length];
    float[] rho = new float[noise.length];
    float[] gradient = new float[noise.length];
    List<double[]> theta = Domains.run(d, (rank, port) -> {
      Kernels kernels = this.kernels.get();
      Block block = d.block(rank);
      Floats z = kernels.memory().floats(block.size());
      Floats data = kernels.memory().floats(block.size());
      Floats bar = kernels.memory().floats(block.size());
      scatter(kernels, mesh, block, noise, 0, z);
      scatter(kernels, mesh, block, target, 0, data);
      try (Memory _ = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        s.initial(fixture.theta("cosmology"), z, Observable.NONE);
        for (int a = 0; a < 3; a++) {
          gather(kernels, mesh, block, s.particles().x()[a], s.plan().units().cell(), a, x0);
          gather(kernels, mesh, block, s.particles().p()[a], s.momentumQuantum(false), a, p0);
        }
        FinalDensity end = new FinalDensity(s);
        s.forward(fixture.theta("cosmology"), z, end);
        for (int a = 0; a < 3; a++) {
          gather(kernels, mesh, block, s.particles().x()[a], s.plan().units().cell(), a, x1);
          gather(kernels, mesh, block, s.particles().p()[a], s.momentumQuantum(true), a, p1);
        }
        gather(kernels, mesh, block, end.density(), rho);
        ExactSum chiSquare = new ExactSum();
        kernels.vectors().residual(end.density(), data, 1, mesh.nz(), chiSquare);
        s.collectives().sum(chiSquare);
        end.cotangent(end.density());
        double[] bars = s.reverse(end, z, bar);
        gather(kernels, mesh, block, bar, gradient);
        double[] all = new double[bars.length + 1];
        System.arraycopy(bars, 0, all, 0, bars.length);
        all[bars.length] = 0.5 * chiSquare.value();
        return all;
      }
    });
    report("x initial", rms(x0, fixture.array("x_initial.npy")), 1e-5);
    report("p initial", rms(p0, fixture.array("p_initial.npy")), 1e-5 * 10);
    report("x final", rms(x1, fixture.array("x_final.npy")), 1e-5);
    report("p final", rms(p1, fixture.array("p_final.npy")), 1e-4);
    report("density", rms(rho, density), 1e-5);
    report("gradient", relative(gradient, fixture.array("gradient_noise.npy")), 2e-4);
    double loss = fixture.settings().get("loss_value").asDouble();
    report("loss", Math.abs(theta.getFirst()[8] / loss - 1), 1e-4);
    checkTheta(theta);
  }

  void lightCone(int px, int py) throws Exception {
    SimulationPlan plan = fixture.plan(maxDisplacement);
    Mesh mesh = plan.mesh();
    Decomposition d = Decomposition.even(mesh, px, py);
    float[] noise = fixture.array("noise.npy");
    float[] point = fixture.array("noise_gradient_point.npy");
    float[] observed = fixture.array("observed.npy");
    double[] data = new double[observed.length];
    for (int i = 0; i < data.length; i++)
      data[i] = observed[i];
    float[] x1 = new float[3 * noise.length];
    float[] gradient = new float[noise.length];
    double[][] planesAndKappa = new double[2][];
    double weight = Math.pow(fixture.settings().get("sigma").asDouble(), -2);
    List<double[]> theta = Domains.run(d, (rank, port) -> {
      Kernels kernels = this.kernels.get();
      Block block = d.block(rank);
      Floats z = kernels.memory().floats(block.size());
      Floats bar = kernels.memory().floats(block.size());
      try (Memory _ = kernels.memory(); Simulation s = new Simulation(plan, d, rank, kernels, port)) {
        scatter(kernels, mesh, block, noise, 0, z);
        ConvergenceMap maps = fixture.maps(s);
        s.forward(fixture.theta("cosmology"), z, maps);
        for (int a = 0; a < 3; a++)
          gather(kernels, mesh, block, s.particles().x()[a], s.plan().units().cell(), a, x1);
        double[] planes = maps.lightCone().planes();
        double[] kappa = maps.convergence();
        if (rank == 0) {
          planesAndKappa[0] = planes;
          planesAndKappa[1] = kappa;
        }
        scatter(kernels, mesh, block, point, 0, z);
        s.forward(fixture.theta("gradient_point"), z, maps);
        ExactSum chiSquare = new ExactSum();
        double[] residual = maps.convergence();
        for (int i = 0; i < residual.length; i++) {
          chiSquare.add(weight * Math.pow(residual[i] - data[i], 2));
          residual[i] = weight * (residual[i] - data[i]);
        }
        s.collectives().sum(chiSquare);
        maps.cotangent(residual);
        double[] bars = s.reverse(maps, z, bar);
        gather(kernels, mesh, block, bar, gradient);
        double[] all = new double[bars.length + 1];
        System.arraycopy(bars, 0, all, 0, bars.length);
        all[bars.length] = 0.5 * chiSquare.value();
        return all;
      }
    });
    report("x final", rms(x1, fixture.array("x_final.npy")), 1e-5);
    report("planes", rms(floats(planesAndKappa[0]), fixture.array("planes.npy")), 1e-5);
    report("kappa", relative(floats(planesAndKappa[1]), fixture.array("kappa.npy")), 1e-5);
    report("gradient", relative(gradient, fixture.array("gradient_noise.npy")), 2e-4);
    double loss = fixture.settings().get("loss_value").asDouble();
    report("loss", Math.abs(theta.getFirst()[8] / loss - 1), 1e-4);
    checkTheta(theta);
  }

  private void checkTheta(List<double[]> theta) {
    for (double[] other : theta)
      assertArrayEquals(theta.getFirst(), other);
    for (Parameter p : Cosmology.PARAMETERS) {
      double expected = fixture.settings().get("gradient_parameters").get(p.name().replace('-', '_')).asDouble();
      report(p.name(), Math.abs(theta.getFirst()[Cosmology.PARAMETERS.indexOf(p)] / expected - 1), 2e-4);
    }
  }

  private void report(String what, double error, double bound) {
    String name = fixture.name();
    System.out.printf("%s %s: %.2e (bound %.0e)%n", name, what, error, bound);
    assertTrue(error <= bound, name + " " + what + ": " + error + " > " + bound);
  }

  static void scatter(Kernels kernels, Mesh mesh, Block block, float[] whole, int component, Floats into) {
    for (int i = 0; i < block.nx(); i++)
      for (int j = 0; j < block.ny(); j++)
        kernels.memory().write(whole, line(mesh, block, component, i, j), into, (i * block.ny() + j) * mesh.nz(),
            mesh.nz());
  }

  static void gather(Kernels kernels, Mesh mesh, Block block, Floats from, float[] whole) {
    for (int i = 0; i < block.nx(); i++)
      for (int j = 0; j < block.ny(); j++)
        kernels.memory().read(from, (i * block.ny() + j) * mesh.nz(), whole, line(mesh, block, 0, i, j), mesh.nz());
  }

  static void gather(Kernels kernels, Mesh mesh, Block block, Ints from, double quantum, int component,
      float[] whole) {
    int[] line = new int[mesh.nz()];
    for (int i = 0; i < block.nx(); i++)
      for (int j = 0; j < block.ny(); j++) {
        kernels.memory().read(from, (i * block.ny() + j) * mesh.nz(), line, 0, mesh.nz());
        int to = line(mesh, block, component, i, j);
        for (int k = 0; k < line.length; k++)
          whole[to + k] = (float) (line[k] * quantum);
      }
  }

  private static int line(Mesh mesh, Block block, int component, int i, int j) {
    return ((component * mesh.nx() + block.x0() + i) * mesh.ny() + block.y0() + j) * mesh.nz();
  }

  static double rms(float[] a, float[] b) {
    assertEquals(b.length, a.length);
    double sum = 0;
    for (int i = 0; i < a.length; i++)
      sum += Math.pow((double) a[i] - b[i], 2);
    return Math.sqrt(sum / a.length);
  }

  static double relative(float[] a, float[] b) {
    double norm = 0;
    for (float value : b)
      norm += (double) value * value;
    return rms(a, b) / Math.sqrt(norm / b.length);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++)
      floats[i] = (float) values[i];
    return floats;
  }
}
