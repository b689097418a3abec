package org.halocline.cosmology.transform;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.comm.Port.Exchange;
import org.halocline.cosmology.comm.Port.Parcel;
import org.halocline.cosmology.comm.Port.Phase;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Spectra;
import org.halocline.cosmology.kernel.Spectra.Box;
import org.halocline.cosmology.kernel.Staged;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Pencil;

/**
 * A swap of a complex array between two stages of a transform, blocks and pencils, which share the array's memory. A
 * swap is made of slabs of rows along x, and each slab is one exchange. All slabs of one stage must have been sent
 * before a slab of the other stage is placed. A rank that holds the whole array sends and places nothing.
 */
final class PencilSwap {
  /** Slabs of a swap: enough to hide most of the exchanges, and few enough that a slab is worth an exchange. */
  static final int SLABS = 4;

  private final Pieces pieces;
  private final Spectra spectra;
  private final Port port;
  private final MemorySegment[] outgoing;
  private final MemorySegment[] incoming;
  private final Exchange[] travelling = new Exchange[SLABS];
  /** Copies to and from staging memory that may be under way. */
  private final List<Staged> copies = new ArrayList<>();

  /** @param memory staging memory of as many bytes, which must live as long as this */
  PencilSwap(Pieces pieces, Spectra spectra, Port port, LongFunction<MemorySegment> memory) {
    this.pieces = pieces;
    this.spectra = spectra;
    this.port = port;
    int peers = whole() ? 0 : pieces.blocks.size();
    this.outgoing = new MemorySegment[peers];
    this.incoming = new MemorySegment[peers];
    for (int i = 0; i < peers; i++) {
      outgoing[i] = memory.apply(pieces.bytes(i));
      incoming[i] = memory.apply(pieces.bytes(i));
    }
  }

  /** Staging memory that a swap takes, bytes. */
  static long stagingBytes(Pieces pieces) {
    long bytes = 0;
    for (int i = 0; i < pieces.blocks.size() && pieces.blocks.size() > 1; i++)
      bytes += 2 * pieces.bytes(i);
    return bytes;
  }

  /** The first row of a slab. */
  static int row(int rows, int slab, int slabs) {
    return (int) ((long) rows * slab / slabs);
  }

  /** Whether there is no rank to swap with. */
  boolean whole() {
    return pieces.blocks.size() == 1;
  }

  /** Begins to send a slab of blocks. */
  void toPencils(Floats work, int slab) {
    send(work, pieces.blocks, pieces.pencils, slab);
  }

  /** Places a slab that became pencils. */
  void inPencils(Floats work, int slab) {
    place(work, pieces.pencils, slab);
  }

  /** Begins to send a slab of pencils. */
  void toBlocks(Floats work, int slab) {
    send(work, pieces.pencils, pieces.blocks, slab);
  }

  /** Places a slab that became blocks. */
  void inBlocks(Floats work, int slab) {
    place(work, pieces.blocks, slab);
  }

  private void send(Floats work, List<Piece> from, List<Piece> to, int slab) {
    if (whole())
      return;
    List<Parcel> sends = new ArrayList<>();
    List<Parcel> receives = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < from.size(); i++) {
      MemorySegment out = from.get(i).slab(outgoing[i], slab);
      MemorySegment in = to.get(i).slab(incoming[i], slab);
      note(spectra.pack(work, from.get(i).box(slab), out));
      int peer = from.get(i).peer;
      // A part of the spectrum may be empty, and so may a slab; both ends know it.
      if (peer != port.rank() && out.byteSize() > 0)
        sends.add(new Parcel(peer, out));
      if (peer != port.rank() && in.byteSize() > 0)
        receives.add(new Parcel(peer, in));
    }
    port.copied(System.nanoTime() - start);
    travelling[slab] = port.begin(List.copyOf(copies), Phase.PENCIL, sends, receives);
    copies.clear();
  }

  private void note(Staged copy) {
    if (!copy.isDone())
      copies.add(copy);
  }

  private void place(Floats work, List<Piece> to, int slab) {
    if (whole())
      return;
    travelling[slab].finish();
    long start = System.nanoTime();
    for (int i = 0; i < to.size(); i++) {
      MemorySegment[] source = to.get(i).peer == port.rank() ? outgoing : incoming;
      note(spectra.unpack(to.get(i).slab(source[i], slab), work, to.get(i).box(slab)));
    }
    port.copied(System.nanoTime() - start);
  }

  /** The part of the array that is sent to, or received from, one peer. */
  private record Piece(int peer, Box whole) {
    /** The part of a slab. */
    Box box(int slab) {
      return whole.rows(row(whole.ni(), slab, SLABS), row(whole.ni(), slab + 1, SLABS));
    }

    /** A slab's part of memory that holds the slabs one behind the other. */
    MemorySegment slab(MemorySegment all, int slab) {
      return all.asSlice(whole.rows(0, row(whole.ni(), slab, SLABS)).bytes(), box(slab).bytes());
    }
  }

  /** The pieces of the array before a swap, by peer, and after it; backwards it is the other way round. */
  record Pieces(List<Piece> blocks, List<Piece> pencils) {

    private long bytes(int peer) {
      return Math.max(8, Math.max(blocks.get(peer).whole.bytes(), pencils.get(peer).whole.bytes()));
    }

    /** (nx, ny, all kz) ↔ (nx, all Ny, my kz), among the ranks of my row. */
    static Pieces row(Pencil pencil) {
      Decomposition d = pencil.decomposition();
      int ix = pencil.rank() / d.py();
      int nx = pencil.block().nx();
      int ny = pencil.block().ny();
      int nz = pencil.rowKzCount();
      List<Piece> blocks = new ArrayList<>();
      List<Piece> pencils = new ArrayList<>();
      for (int part = 0; part < d.py(); part++) {
        Pencil peer = new Pencil(d, d.rank(ix, part));
        blocks.add(new Piece(peer.rank(),
            new Box(ny, pencil.halfZ(), 0, nx, 0, ny, peer.rowKz0(), peer.rowKzCount())));
        pencils.add(new Piece(peer.rank(),
            new Box(d.mesh().ny(), nz, 0, nx, peer.block().y0(), peer.block().ny(), 0, nz)));
      }
      return new Pieces(blocks, pencils);
    }

    /** (nx, all Ny, my kz) ↔ (all Nx, my ky, my kz), among the ranks of my column. */
    static Pieces column(Pencil pencil) {
      Decomposition d = pencil.decomposition();
      int iy = pencil.rank() % d.py();
      int nx = pencil.block().nx();
      int ny = pencil.kyCount();
      int nz = pencil.kzCount();
      List<Piece> blocks = new ArrayList<>();
      List<Piece> pencils = new ArrayList<>();
      for (int part = 0; part < d.px(); part++) {
        Pencil peer = new Pencil(d, d.rank(part, iy));
        blocks.add(new Piece(peer.rank(), new Box(d.mesh().ny(), pencil.rowKzCount(), 0, nx, peer.ky0(), peer.kyCount(),
            peer.kz0() - pencil.rowKz0(), peer.kzCount())));
        pencils.add(new Piece(peer.rank(), new Box(ny, nz, peer.block().x0(), peer.block().nx(), 0, ny, 0, nz)));
      }
      return new Pieces(blocks, pencils);
    }
  }
}
