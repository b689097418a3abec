// Passes over spectra. A spectrum is [x][y][z] complex numbers, a real part and behind it the imaginary part; its x is whole, and it
// holds ny values of ky and nz values of kz from kz0 on. Squares of wave numbers: of x, then y, then z.

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
