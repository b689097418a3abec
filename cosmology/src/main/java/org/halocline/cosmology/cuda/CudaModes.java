package org.halocline.cosmology.cuda;

import java.lang.foreign.MemorySegment;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.memory.DeviceScratch;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Modes;
import org.halocline.cosmology.mesh.Pencil;
import org.halocline.cosmology.power.ModeTable;
import org.halocline.cosmology.power.RootPower;

/** A thread a mode, of spectra as {@link CudaSpectra} keeps them; sums by bins or shells a thread a piece of a line. */
final class CudaModes implements Modes {
  /** Modes of a piece, as in {@code modes.cu}. */
  private static final int SEGMENT = 16;

  private final DeviceQueue queue;
  private final Answer answer;
  private final ModeTables tables;
  private final DeviceScratch totals;

  CudaModes(DeviceQueue queue, Answer answer, ModeTables tables) {
    this.queue = queue;
    this.answer = answer;
    this.tables = tables;
    this.totals = new DeviceScratch(queue);
  }

  private KernelCall call(String kernel) {
    return new KernelCall(queue, kernel);
  }

  /** Arguments that say which modes this rank holds. */
  private KernelCall withModes(KernelCall call, Pencil pencil) {
    return withCounts(call.with(tables.squares(pencil)), pencil);
  }

  private static KernelCall withCounts(KernelCall call, Pencil pencil) {
    return call.with(pencil.mesh().nx()).with(pencil.kyCount()).with(pencil.kzCount());
  }

  /** Arguments from which a kernel tells how many modes one stands for. */
  private static KernelCall withWeights(KernelCall call, Pencil pencil) {
    return call.with(pencil.kz0()).with(pencil.mesh().nz());
  }

  private KernelCall withTable(KernelCall call, ModeTable table) {
    return call.with(tables.values(table.values())).with(table.values().length).with(table.u0()).with(table.du());
  }

  private static void overModes(KernelCall call, Pencil pencil) {
    call.overThreads((long) pencil.kyCount() * pencil.kzCount(), pencil.mesh().nx());
  }

  private static void overSegments(KernelCall call, Pencil pencil) {
    call.overCells(Math.ceilDiv(pencil.kzCount(), SEGMENT), pencil.kyCount(), pencil.mesh().nx());
  }

  private static boolean empty(Pencil pencil) {
    return pencil.kyCount() == 0 || pencil.kzCount() == 0;
  }

  @Override
  public void filter(Floats work, Pencil pencil, ModeTable table, double zeroMode, double factor) {
    if (!empty(pencil))
      overModes(withTable(withModes(call("filter_modes").with(work), pencil), table).with(zeroMode).with(factor),
          pencil);
  }

  @Override
  public void inverseLaplacian(Floats work, Pencil pencil, double factor) {
    if (!empty(pencil))
      overModes(withModes(call("inverse_laplacian").with(work), pencil).with(factor), pencil);
  }

  @Override
  public void gradient(Floats work, Pencil pencil, int axis, double factor) {
    if (!empty(pencil))
      overModes(withCounts(call("gradient_modes").with(work).with(tables.waves(pencil)), pencil).with(axis)
          .with(factor), pencil);
  }

  @Override
  public void colour(Floats work, Pencil pencil, RootPower power, double factor) {
    if (!empty(pencil))
      overModes(withTable(withModes(call("colour").with(work), pencil), power.table()).with(factor), pencil);
  }

  private void addTo(ExactSum sum, String kernel, Floats a, Floats b, Pencil pencil, ModeTable table, double factor) {
    overModes(withTable(withWeights(withModes(call(kernel).with(a).with(b), pencil), pencil), table).with(factor)
        .with(answer.cleared()), pencil);
    answer.await().addTo(sum);
  }

  @Override
  public void filterTranspose(Floats a, Floats b, Pencil pencil, ModeTable[] derivatives, double factor,
      ExactSum[] sums) {
    for (int p = 0; p < derivatives.length && !empty(pencil); p++)
      addTo(sums[p], "filter_transpose", a, b, pencil, derivatives[p], factor);
  }

  @Override
  public void tableTranspose(Floats a, Floats b, Pencil pencil, ModeTable.Nodes nodes, double factor,
      ExactSum[] sums) {
    Modes.requireNodes(nodes, sums);
    if (empty(pencil))
      return;
    DeviceBuffer into = cleared(sums.length);
    overSegments(withWeights(withModes(call("table_transpose").with(a).with(b), pencil), pencil).with(nodes.count())
        .with(nodes.u0()).with(nodes.du()).with(factor).with(into), pencil);
    addTotals(into, sums);
  }

  @Override
  public void powerTranspose(Floats a, Floats b, Pencil pencil, RootPower power, double factor, ExactSum[] sums) {
    for (int p = 0; p < RootPower.PARAMETERS.size() && !empty(pencil); p++)
      addTo(sums[p], "power_transpose", a, b, pencil, power.derivatives().get(p), factor);
  }

  @Override
  public void mix(Floats[] fields, Pencil pencil, ModeTable[][] matrix, double zeroMode, double factor) {
    Modes.requireSquare(fields, matrix);
    if (empty(pencil))
      return;
    KernelCall call = call("mix_modes");
    for (int i = 0; i < MOST_FIELDS; i++)
      call.with(fields[Math.min(i, fields.length - 1)]);
    overModes(withModes(call.with(fields.length), pencil).with(tables.matrix(matrix)).with(zeroMode).with(factor),
        pencil);
  }

  @Override
  public void shells(Floats a, Floats b, Pencil pencil, double[] edges, double factor, ExactSum[] sums) {
    Modes.requireShells(edges, sums.length);
    if (empty(pencil))
      return;
    DeviceBuffer into = cleared(sums.length);
    overSegments(withWeights(withModes(call("shell_sums").with(a).with(b), pencil), pencil).with(tables.values(edges))
        .with(sums.length).with(factor).with(into), pencil);
    addTotals(into, sums);
  }

  @Override
  public void shellsTranspose(Floats a, Pencil pencil, double[] edges, double[] cotangents, double factor,
      Floats out) {
    Modes.requireShells(edges, cotangents.length);
    if (empty(pencil))
      return;
    double[] both = DoubleStream.concat(DoubleStream.of(edges), DoubleStream.of(cotangents)).toArray();
    overModes(withModes(call("shell_transpose").with(a), pencil).with(tables.values(both)).with(cotangents.length)
        .with(factor).with(out), pencil);
  }

  @Override
  public void binPower(Floats a, Floats b, Pencil pencil, double binWidth, double factor, ExactSum[][] sums) {
    if (empty(pencil))
      return;
    ExactSum[] all = Stream.of(sums).flatMap(Stream::of).toArray(ExactSum[]::new);
    DeviceBuffer into = cleared(all.length);
    overSegments(withWeights(withModes(call("bin_power").with(a).with(b), pencil), pencil).with(binWidth).with(factor)
        .with(sums.length).with(into), pencil);
    addTotals(into, all);
  }

  /** Words of so many sums, all 0. */
  private DeviceBuffer cleared(int sums) {
    long bytes = 8L * sums * Answer.SUM_WORDS;
    DeviceBuffer buffer = totals.of(bytes);
    queue.clear(buffer, 0, bytes);
    return buffer;
  }

  private void addTotals(DeviceBuffer from, ExactSum[] sums) {
    long[] words = new long[sums.length * Answer.SUM_WORDS];
    queue.copyToHost(from, 0, MemorySegment.ofArray(words), 8L * words.length);
    long[] scratch = new long[ExactSum.WORDS];
    for (int i = 0; i < sums.length; i++)
      Answer.add(words, i * Answer.SUM_WORDS, scratch, sums[i]);
  }
}
