// Products and sums in Fourier space, on spectra as in spectra.cu: ny values of ky and nz of kz from kz0 on, of meshZ cells along z.

struct Mode {
  double square;
  int weight;
};

// Of the number at place m of the plane of one kx.
FN Mode mode(const double *squares, int nx, int ny, int nz, int i, int m, int kz0, int meshZ) {
  int j = m / nz, k = m - j * nz;
  Mode mode;
  mode.square = squares[i] + squares[nx + j] + squares[nx + ny + k];
  // How many modes of the full spectrum one of the half spectrum stands for.
  mode.weight = kz0 + k == 0 || 2 * (kz0 + k) == meshZ ? 1 : 2;
  return mode;
}

// A table, uniform in the fourth root of k, read with four points, as ModeTable does.
FN double interpolate(const double *table, int nodes, double u0, double du, double square) {
  double t = (sqrt(sqrt(sqrt(square))) - u0) / du;
  int i = t < 1 ? 1 : t > nodes - 3 ? nodes - 3 : (int) t;
  double s = t - i;
  double before = -s * (s - 1) * (s - 2) / 6;
  double here = (s + 1) * (s - 1) * (s - 2) / 2;
  double after = -(s + 1) * s * (s - 2) / 2;
  double beyond = (s + 1) * s * (s - 1) / 6;
  return before * table[i - 1] + here * table[i] + after * table[i + 1] + beyond * table[i + 2];
}

FN void scale_mode(float2 *at, float filter) {
  at->x *= filter;
  at->y *= filter;
}

FN double mode_product(const float2 &p, const float2 &q) {
  return (double) p.x * q.x + (double) p.y * q.y;
}

// Times factor table, the zero mode times factor zeroMode. kx along y of the launch, here and below.
KERNEL(filter_modes, float2 *work, const double *squares, int nx, int ny, int nz, const double *table, int nodes,
    double u0, double du, double zeroMode, double factor) {
  THREADS {
    i64 m = thread_number();
    if (m < (i64) ny * nz) {
      double square = mode(squares, nx, ny, nz, (int) blockIdx.y, (int) m, 0, 0).square;
      double value = square == 0 ? zeroMode : interpolate(table, nodes, u0, du, square);
      scale_mode(work + (i64) blockIdx.y * ny * nz + m, (float) (factor * value));
    }
  }
}

// Times -factor/k^2, the zero mode times 0.
KERNEL(inverse_laplacian, float2 *work, const double *squares, int nx, int ny, int nz, double factor) {
  THREADS {
    i64 m = thread_number();
    if (m < (i64) ny * nz) {
      double square = mode(squares, nx, ny, nz, (int) blockIdx.y, (int) m, 0, 0).square;
      scale_mode(work + (i64) blockIdx.y * ny * nz + m, square == 0 ? 0 : (float) (-factor / square));
    }
  }
}

// Times i factor k along an axis. Wave numbers: of x, then y, then z.
KERNEL(gradient_modes, float2 *work, const double *waves, int nx, int ny, int nz, int axis, double factor) {
  THREADS {
    i64 m = thread_number();
    if (m < (i64) ny * nz) {
      int j = (int) (m / nz), k = (int) (m - (i64) j * nz);
      double wave = axis == 0 ? waves[blockIdx.y] : axis == 1 ? waves[nx + j] : waves[nx + ny + k];
      float slope = (float) (factor * wave);
      float2 *at = work + (i64) blockIdx.y * ny * nz + m;
      float2 value = *at;
      at->x = -(slope * value.y);
      at->y = slope * value.x;
    }
  }
}

// Adds factor weight Re(conj(a) b) table over the modes but the zero mode, each term apart.
KERNEL(filter_transpose, const float2 *a, const float2 *b, const double *squares, int nx, int ny, int nz, int kz0,
    int meshZ, const double *table, int nodes, double u0, double du, double factor, u64 *answer) {
  THREADS {
    Sum sum = zero_sum();
    i64 plane = (i64) ny * nz;
    for (i64 m = thread_number(); m < plane; m += thread_count()) {
      Mode at = mode(squares, nx, ny, nz, (int) blockIdx.y, (int) m, kz0, meshZ);
      if (at.square != 0) {
        double product = mode_product(a[blockIdx.y * plane + m], b[blockIdx.y * plane + m]);
        add_term(sum, factor * at.weight * product * interpolate(table, nodes, u0, du, at.square));
      }
    }
    answer_sum(answer, sum);
  }
}

#define MOST_FIELDS 8
#define ENTRY 4

// A matrix for each mode, times factor. Tables: for each entry, row by row, where its values begin, how many there are, u0 and du; then
// the values. Zero modes are multiplied by factor zeroMode.
KERNEL(mix_modes, float2 *f0, float2 *f1, float2 *f2, float2 *f3, float2 *f4, float2 *f5, float2 *f6, float2 *f7,
    int count, const double *squares, int nx, int ny, int nz, const double *tables, double zeroMode, double factor) {
  THREADS {
    i64 m = thread_number();
    if (m < (i64) ny * nz) {
      float2 *const fields[MOST_FIELDS] = {f0, f1, f2, f3, f4, f5, f6, f7};
      i64 at = (i64) blockIdx.y * ny * nz + m;
      double square = mode(squares, nx, ny, nz, (int) blockIdx.y, (int) m, 0, 0).square;
      double zero = factor * zeroMode;
      float2 in[MOST_FIELDS];
      UNROLL for (int j = 0; j < MOST_FIELDS; j++)
        in[j] = j < count ? fields[j][at] : make_float2(0, 0);
      for (int i = 0; i < count; i++) {
        double x = 0, y = 0;
        UNROLL for (int j = 0; j < MOST_FIELDS; j++)
          if (j < count) {
            const double *entry = tables + (i * count + j) * ENTRY;
            double value = square == 0 ? (i == j ? zero : 0)
                                       : factor * interpolate(tables + (i64) entry[0], (int) entry[1], entry[2],
                                                              entry[3], square);
            x += value * (double) in[j].x;
            y += value * (double) in[j].y;
          }
        fields[i][at] = make_float2((float) x, (float) y);
      }
    }
  }
}

// The shell of a wave number, edges[i] <= wave < edges[i + 1]: -1 below all edges, `shells` above them.
FN int shell_of(const double *edges, int shells, double wave) {
  int low = -1, high = shells;
  while (low < high) {
    int middle = (low + high + 1) / 2;
    if (edges[middle] <= wave)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

#define SEGMENT 16

// A sum of factor weight Re(conj(a) b) for each shell of |k|: a thread takes a segment of kz of one line, most of it in one shell. ky along
// y of the launch, kx along z.
KERNEL(shell_sums, const float2 *a, const float2 *b, const double *squares, int nx, int ny, int nz, int kz0, int meshZ,
    const double *edges, int shells, double factor, u64 *totals) {
  THREADS {
    int k = cell_k() * SEGMENT;
    int end = k + SEGMENT < nz ? k + SEGMENT : nz;
    i64 line = (i64) blockIdx.z * ny + blockIdx.y;
    while (k < end) {
      Sum sum = zero_sum();
      int present = -1;
      for (; k < end; k++) {
        Mode at = mode(squares, nx, ny, nz, (int) blockIdx.z, (int) blockIdx.y * nz + k, kz0, meshZ);
        int shell = shell_of(edges, shells, sqrt(at.square));
        if (shell < 0 || shell >= shells)
          continue;
        if (present >= 0 && shell != present)
          break;
        present = shell;
        add_term(sum, factor * at.weight * mode_product(a[line * nz + k], b[line * nz + k]));
      }
      if (present >= 0)
        add_sum(totals + (i64) present * SUM_WORDS, sum);
    }
  }
}

// The transpose of a table's interpolation: a sum of factor weight Re(conj(a) b) times the table's weight of the node, for each node.
// kx and -kx go together. Segments as above.
KERNEL(table_transpose, const float2 *a, const float2 *b, const double *squares, int nx, int ny, int nz, int kz0,
    int meshZ, int nodes, double u0, double du, double factor, u64 *totals) {
  THREADS {
    int k = cell_k() * SEGMENT;
    int end = k + SEGMENT < nz ? k + SEGMENT : nz;
    int x = (int) blockIdx.z;
    int mirror = (nx - x) % nx;
    i64 line = ((i64) x * ny + blockIdx.y) * nz;
    i64 mirrored = ((i64) mirror * ny + blockIdx.y) * nz;
    for (; 2 * x <= nx && k < end; k++) {
      Mode at = mode(squares, nx, ny, nz, x, (int) blockIdx.y * nz + k, kz0, meshZ);
      if (at.square == 0)
        continue;
      double product = mode_product(a[line + k], b[line + k]);
      if (mirror != x)
        product += mode_product(a[mirrored + k], b[mirrored + k]);
      double term = factor * at.weight * product;
      double t = (sqrt(sqrt(sqrt(at.square))) - u0) / du;
      int i = t < 1 ? 1 : t > nodes - 3 ? nodes - 3 : (int) t;
      double s = t - i;
      const double weights[4] = {-s * (s - 1) * (s - 2) / 6, (s + 1) * (s - 1) * (s - 2) / 2, -(s + 1) * s * (s - 2) / 2,
          (s + 1) * s * (s - 1) / 6};
      for (int node = 0; node < 4; node++) {
        Sum sum = zero_sum();
        add_term(sum, weights[node] * term);
        add_sum(totals + (i64) (i - 1 + node) * SUM_WORDS, sum);
      }
    }
  }
}

// Adds factor cotangent a, by shell. Edges, then a cotangent for each shell.
KERNEL(shell_transpose, const float2 *a, const double *squares, int nx, int ny, int nz, const double *edges, int shells,
    double factor, float2 *out) {
  THREADS {
    i64 m = thread_number();
    if (m < (i64) ny * nz) {
      double square = mode(squares, nx, ny, nz, (int) blockIdx.y, (int) m, 0, 0).square;
      int shell = shell_of(edges, shells, sqrt(square));
      float filter = shell < 0 || shell >= shells ? 0 : (float) (factor * edges[shells + 1 + shell]);
      i64 at = (i64) blockIdx.y * ny * nz + m;
      out[at].x += filter * a[at].x;
      out[at].y += filter * a[at].y;
    }
  }
}

// Times factor sqrt(P)/k^2, the zero mode times 0.
KERNEL(colour, float2 *work, const double *squares, int nx, int ny, int nz, const double *table, int nodes, double u0,
    double du, double factor) {
  THREADS {
    i64 m = thread_number();
    if (m < (i64) ny * nz) {
      double square = mode(squares, nx, ny, nz, (int) blockIdx.y, (int) m, 0, 0).square;
      float filter = square == 0 ? 0 : (float) (factor * interpolate(table, nodes, u0, du, square) / square);
      scale_mode(work + (i64) blockIdx.y * ny * nz + m, filter);
    }
  }
}

// Adds factor weight Re(conj(a) b) table/k^2 over the modes, each term apart.
KERNEL(power_transpose, const float2 *a, const float2 *b, const double *squares, int nx, int ny, int nz, int kz0,
    int meshZ, const double *table, int nodes, double u0, double du, double factor, u64 *answer) {
  THREADS {
    Sum sum = zero_sum();
    i64 plane = (i64) ny * nz;
    for (i64 m = thread_number(); m < plane; m += thread_count()) {
      Mode at = mode(squares, nx, ny, nz, (int) blockIdx.y, (int) m, kz0, meshZ);
      if (at.square != 0) {
        float2 p = a[blockIdx.y * plane + m], q = b[blockIdx.y * plane + m];
        double product = (double) p.x * q.x + (double) p.y * q.y;
        double term = factor * at.weight * product / at.square;
        add_term(sum, term * interpolate(table, nodes, u0, du, at.square));
      }
    }
    answer_sum(answer, sum);
  }
}

#define COLUMNS 5

// Five sums for each bin of |k|: a thread takes a segment of kz of one line, most of it in one bin. ky along y of the launch, kx along z.
KERNEL(bin_power, const float2 *a, const float2 *b, const double *squares, int nx, int ny, int nz, int kz0, int meshZ,
    double binWidth, double factor, int bins, u64 *totals) {
  THREADS {
    int k = cell_k() * SEGMENT;
    int end = k + SEGMENT < nz ? k + SEGMENT : nz;
    i64 line = (i64) blockIdx.z * ny + blockIdx.y;
    while (k < end) {
      Sum sums[COLUMNS];
      for (int i = 0; i < COLUMNS; i++)
        sums[i] = zero_sum();
      int present = -1;
      for (; k < end; k++) {
        Mode at = mode(squares, nx, ny, nz, (int) blockIdx.z, (int) blockIdx.y * nz + k, kz0, meshZ);
        double wave = sqrt(at.square);
        int bin = to_int(wave / binWidth);
        if (at.square == 0 || bin >= bins)
          continue;
        if (present >= 0 && bin != present)
          break;
        present = bin;
        float2 p = a[line * nz + k], q = b[line * nz + k];
        add_term(sums[0], at.weight);
        add_term(sums[1], at.weight * wave);
        add_term(sums[2], at.weight * factor * ((double) p.x * p.x + (double) p.y * p.y));
        add_term(sums[3], at.weight * factor * ((double) q.x * q.x + (double) q.y * q.y));
        add_term(sums[4], at.weight * factor * ((double) p.x * q.x + (double) p.y * q.y));
      }
      if (present >= 0)
        for (int i = 0; i < COLUMNS; i++)
          add_sum(totals + ((i64) present * COLUMNS + i) * SUM_WORDS, sums[i]);
    }
  }
}
