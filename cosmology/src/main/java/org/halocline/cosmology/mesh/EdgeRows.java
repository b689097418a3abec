package org.halocline.cosmology.mesh;

/**
 * The order in which a kernel takes the rows of sites along x so that ghosts can travel while it works: the particles
 * of {@code width} rows on either side may touch ghosts, those of the rows between touch none. The width is 0 where the
 * rows between would be none, or where every row touches ghosts of y; all rows are then taken at once.
 */
public record EdgeRows(int rows, int width) {

  /**
   * @param grid of the mesh that particles touch
   * @param touched cells on either side of its site that a particle touches
   */
  public static EdgeRows of(Grid grid, int touched) {
    boolean apart = grid.haloX() > 0 && grid.haloY() == 0 && grid.nx() > 2 * touched;
    return new EdgeRows(grid.nx(), apart ? touched : 0);
  }

  /** What is done with the sites whose x cell is in [from, to). */
  public interface Work {
    void on(int from, int to);
  }

  /** Rows that may touch ghosts, then the moment, then all others. */
  public void first(Runnable moment, Work work) {
    if (width == 0) {
      work.on(0, rows);
      moment.run();
      return;
    }
    edges(work);
    moment.run();
    work.on(width, rows - width);
  }

  /** Rows that touch no ghosts, then the moment, then all others. */
  public void last(Runnable moment, Work work) {
    if (width == 0) {
      moment.run();
      work.on(0, rows);
      return;
    }
    work.on(width, rows - width);
    moment.run();
    edges(work);
  }

  private void edges(Work work) {
    work.on(0, width);
    work.on(rows - width, rows);
  }
}
