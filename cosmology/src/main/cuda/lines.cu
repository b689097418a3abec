// Lines in and out of a batch: a batch is `count` lines one after the other, those of an array from line `first` on.

// Interior z lines of a mesh to a batch of lines padded to 2 (nz/2 + 1) floats, and back. A line along y and z of the launch.
KERNEL(real_to_batch, const float *mesh, GRID(g), int first, int count, float *batch) {
  THREADS {
    Grid g = MAKE_GRID(g);
    int k = cell_k();
    i64 l = (i64) blockIdx.z * gridDim.y + blockIdx.y;
    if (l < count && k < g.nz) {
      int n = first + (int) l;
      batch[l * (2 * (g.nz / 2 + 1)) + k] = mesh[line(g, n / g.ny, n % g.ny) + k];
    }
  }
}

KERNEL(batch_to_real, const float *batch, GRID(g), int first, int count, float *mesh) {
  THREADS {
    Grid g = MAKE_GRID(g);
    int k = cell_k();
    i64 l = (i64) blockIdx.z * gridDim.y + blockIdx.y;
    if (l < count && k < g.nz) {
      int n = first + (int) l;
      mesh[line(g, n / g.ny, n % g.ny) + k] = batch[l * (2 * (g.nz / 2 + 1)) + k];
    }
  }
}

// A real line has no imaginary part at its zero and its Nyquist mode; rounding may have left one.
KERNEL(real_ends, float2 *batch, int nz, int count) {
  THREADS {
    i64 l = thread_number();
    if (l < count) {
      float2 *line = batch + l * (nz / 2 + 1);
      line[0].y = 0;
      if (nz % 2 == 0)
        line[nz / 2].y = 0;
    }
  }
}

#define TILE 32

// Element e of line l of an array [outer][len][inner] of complex numbers, l = outer inner.
FN i64 element(int l, int e, int len, int inner) {
  int outer = l / inner;
  return ((i64) outer * len + e) * inner + (l - outer * inner);
}

// Lines across an array to a batch, and back, by tiles of 32 lines and 32 elements that are turned in shared memory. 256 threads.
KERNEL(to_lines, const float2 *array, int len, int inner, int first, int count, float2 *batch) {
  SHARED float2 tile[TILE][TILE + 1];
  THREADS {
    int l = (int) (blockIdx.x * TILE + threadIdx.x % TILE);
    if (l < count)
      for (int r = (int) threadIdx.x / TILE; r < TILE && (int) blockIdx.y * TILE + r < len; r += (int) blockDim.x / TILE)
        tile[r][threadIdx.x % TILE] = array[element(first + l, (int) (blockIdx.y * TILE + r), len, inner)];
  }
  SYNC;
  THREADS {
    int e = (int) (blockIdx.y * TILE + threadIdx.x % TILE);
    if (e < len)
      for (int r = (int) threadIdx.x / TILE; r < TILE && (int) blockIdx.x * TILE + r < count; r += (int) blockDim.x / TILE)
        batch[((i64) blockIdx.x * TILE + r) * len + e] = tile[threadIdx.x % TILE][r];
  }
}

KERNEL(from_lines, const float2 *batch, int len, int inner, int first, int count, float2 *array) {
  SHARED float2 tile[TILE][TILE + 1];
  THREADS {
    int e = (int) (blockIdx.y * TILE + threadIdx.x % TILE);
    if (e < len)
      for (int r = (int) threadIdx.x / TILE; r < TILE && (int) blockIdx.x * TILE + r < count; r += (int) blockDim.x / TILE)
        tile[threadIdx.x % TILE][r] = batch[((i64) blockIdx.x * TILE + r) * len + e];
  }
  SYNC;
  THREADS {
    int l = (int) (blockIdx.x * TILE + threadIdx.x % TILE);
    if (l < count)
      for (int r = (int) threadIdx.x / TILE; r < TILE && (int) blockIdx.y * TILE + r < len; r += (int) blockDim.x / TILE)
        array[element(first + l, (int) (blockIdx.y * TILE + r), len, inner)] = tile[r][threadIdx.x % TILE];
  }
}
