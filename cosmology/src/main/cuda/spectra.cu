// Products in Fourier space. A spectrum is [x][y][z] complex numbers, a real part and behind it the imaginary part; its x is whole, and it
// holds ny values of ky and nz values of kz from kz0 on. Squares of wave numbers: of x, then y, then z.

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

// A table, uniform in the fourth root of k, read with four points, as RootPower does.
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

// x lines of a batch times -factor/k^2, the zero mode times 0. The line's ky and kz from its number.
KERNEL(green, float2 *batch, const double *squares, int nx, int ny, int nz, int first, int count, float factor) {
  THREADS {
    int e = cell_k();
    i64 l = (i64) blockIdx.z * gridDim.y + blockIdx.y;
    if (l < count && e < nx) {
      int m = first + (int) l;
      float square = (float) squares[e] + ((float) squares[nx + m / nz] + (float) squares[nx + ny + m % nz]);
      float value = square == 0 ? 0 : -factor / square;
      float2 *at = batch + l * nx + e;
      at->x *= value;
      at->y *= value;
    }
  }
}

// Times factor sqrt(P)/k^2, the zero mode times 0. kx along y of the launch.
KERNEL(colour, float2 *work, const double *squares, int nx, int ny, int nz, const double *table, int nodes, double u0,
    double du, double factor) {
  THREADS {
    i64 m = thread_number();
    if (m < (i64) ny * nz) {
      double square = mode(squares, nx, ny, nz, (int) blockIdx.y, (int) m, 0, 0).square;
      float filter = square == 0 ? 0 : (float) (factor * interpolate(table, nodes, u0, du, square) / square);
      float2 *at = work + (i64) blockIdx.y * ny * nz + m;
      at->x *= filter;
      at->y *= filter;
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

#define SEGMENT 16
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

// A box of numbers, packed as [i][2][j][k], and back: `count` floats of it from number `first` on.
KERNEL(pack_box, const float *work, int ey, int ez, int i0, int j0, int nj, int k0, int nk, i64 first, int count,
    float *packed) {
  THREADS {
    i64 n = thread_number();
    if (n < count) {
      i64 rows = (first + n) / nk;
      int k = (int) ((first + n) - rows * nk);
      i64 planes = rows / nj;
      int j = (int) (rows - planes * nj);
      i64 at = ((i0 + planes / 2) * ey + j0 + j) * ez + k0 + k;
      packed[n] = work[2 * at + planes % 2];
    }
  }
}

KERNEL(unpack_box, const float *packed, int ey, int ez, int i0, int j0, int nj, int k0, int nk, i64 first, int count,
    float *work) {
  THREADS {
    i64 n = thread_number();
    if (n < count) {
      i64 rows = (first + n) / nk;
      int k = (int) ((first + n) - rows * nk);
      i64 planes = rows / nj;
      int j = (int) (rows - planes * nj);
      i64 at = ((i0 + planes / 2) * ey + j0 + j) * ez + k0 + k;
      work[2 * at + planes % 2] = packed[n];
    }
  }
}
