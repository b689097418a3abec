// Meshes: a thread a cell, z along x of the launch, lines along y, planes along z.

#define TWELFTH (1.0f / 12.0f)

FN float stencil(float m2, float m1, float p1, float p2, float factor) {
  return factor * (8 * (p1 - m1) - (p2 - m2));
}

// The difference of a mesh along an axis at a cell; integers are taken as floats first.
template <typename Number>
FN float difference_at(const Number *f, const Grid &g, int i, int j, int k, int axis, float factor) {
  float value[4];
  UNROLL for (int n = 0; n < 4; n++) {
    int shift = n < 2 ? n - 2 : n - 1;
    int at = axis == 0 ? cell(g, i + shift, j, k) : axis == 1 ? cell(g, i, j + shift, k) : cell(g, i, j, k + shift);
    value[n] = (float) f[at];
  }
  return stencil(value[0], value[1], value[2], value[3], factor);
}

// On the whole of the out grid, ghosts included: the launch's lines and planes count from its first ghost.
KERNEL(difference, const float *field, GRID(g), int axis, float factor, float *out, GRID(o)) {
  THREADS {
    Grid g = MAKE_GRID(g), o = MAKE_GRID(o);
    int i = (int) blockIdx.z - o.haloX, j = (int) blockIdx.y - o.haloY, k = cell_k();
    if (k < o.nz)
      out[line(o, i, j) + k] = difference_at(field, g, i, j, k, axis, factor);
  }
}

KERNEL(add_difference, const float *field, GRID(g), int axis, float factor, float *out, GRID(o)) {
  THREADS {
    Grid g = MAKE_GRID(g), o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = cell_k();
    if (k < o.nz)
      out[line(o, i, j) + k] += difference_at(field, g, i, j, k, axis, factor);
  }
}

KERNEL(add_difference_of_ints, const int *field, GRID(g), int axis, float factor, float *out, GRID(o)) {
  THREADS {
    Grid g = MAKE_GRID(g), o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = cell_k();
    if (k < o.nz)
      out[line(o, i, j) + k] += difference_at(field, g, i, j, k, axis, factor);
  }
}

// factor D_b D_a f at a cell.
FN float second_at(const float *f, const Grid &g, int i, int j, int k, int a, int b, float factor) {
  float value[4];
  UNROLL for (int n = 0; n < 4; n++) {
    int shift = n < 2 ? n - 2 : n - 1;
    value[n] = difference_at(f, g, b == 0 ? i + shift : i, b == 1 ? j + shift : j, b == 2 ? k + shift : k, a, TWELFTH);
  }
  return stencil(value[0], value[1], value[2], value[3], factor * TWELFTH);
}

KERNEL(second_difference, const float *field, GRID(g), int a, int b, float factor, int add, float *out, GRID(o)) {
  THREADS {
    Grid g = MAKE_GRID(g), o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = cell_k();
    if (k < o.nz) {
      float value = second_at(field, g, i, j, k, a, b, factor);
      float *to = out + line(o, i, j) + k;
      *to = add ? *to + value : value;
    }
  }
}

// Sum over xy, yz, zx of f_aa f_bb - f_ab^2. oa: the factor of f_aa; ma: of the mixed derivative by axis a and the next.
KERNEL(second_order_source, const float *field, GRID(g), float o0, float o1, float o2, float m0, float m1, float m2,
    float *out, GRID(o)) {
  THREADS {
    Grid g = MAKE_GRID(g), o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = cell_k();
    if (k < o.nz) {
      float x = second_at(field, g, i, j, k, 0, 0, o0);
      float y = second_at(field, g, i, j, k, 1, 1, o1);
      float z = second_at(field, g, i, j, k, 2, 2, o2);
      float xy = second_at(field, g, i, j, k, 0, 1, m0);
      float yz = second_at(field, g, i, j, k, 1, 2, m1);
      float zx = second_at(field, g, i, j, k, 2, 0, m2);
      out[line(o, i, j) + k] = (x * y - xy * xy) + (y * z - yz * yz) + (z * x - zx * zx);
    }
  }
}

KERNEL(overdensity, const int *mesh, GRID(g), double factor, double offset, float *out, GRID(o), u64 *answer) {
  THREADS {
    Grid g = MAKE_GRID(g), o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = cell_k();
    i64 cell = 0;
    if (k < g.nz) {
      cell = mesh[line(g, i, j) + k];
      out[line(o, i, j) + k] = (float) ((double) cell * factor + offset);
    }
    const u64 total[1] = {(u64) cell};
    add_all(slot_of(answer), total);
  }
}

KERNEL(copy_interior, const float *from, GRID(g), float *to, GRID(o)) {
  THREADS {
    Grid g = MAKE_GRID(g), o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = cell_k();
    if (k < g.nz)
      to[line(o, i, j) + k] = from[line(g, i, j) + k];
  }
}

KERNEL(multiply, const float *a, GRID(g), float *out, GRID(o)) {
  THREADS {
    Grid g = MAKE_GRID(g), o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = cell_k();
    if (k < g.nz)
      out[line(o, i, j) + k] *= a[line(g, i, j) + k];
  }
}

// out <- a x + b y, of fields without ghosts.
KERNEL(combine, float a, const float *x, float b, const float *y, float *out, GRID(o)) {
  THREADS {
    Grid o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = cell_k();
    if (k < o.nz) {
      int from = (i * o.ny + j) * o.nz + k;
      out[line(o, i, j) + k] = a * x[from] + b * y[from];
    }
  }
}

// Columns over z cells [k0, k1): a thread a column.
KERNEL(plane_sums, const int *mesh, GRID(g), int k0, int k1, double factor, double *into) {
  THREADS {
    Grid g = MAKE_GRID(g);
    i64 n = thread_number();
    if (n < (i64) g.nx * g.ny) {
      int from = line(g, (int) (n / g.ny), (int) (n % g.ny));
      i64 sum = 0;
      for (int k = k0; k < k1; k++)
        sum += mesh[from + k];
      into[n] = (double) sum * factor;
    }
  }
}

KERNEL(add_plane, const double *plane, double factor, int k0, int k1, float *out, GRID(o)) {
  THREADS {
    Grid o = MAKE_GRID(o);
    int i = (int) blockIdx.z, j = (int) blockIdx.y, k = k0 + cell_k();
    if (k < k1)
      out[line(o, i, j) + k] += (float) (plane[i * o.ny + j] * factor);
  }
}

// Rows of 32-bit numbers, a row along y of the launch: halos to and from packed memory, or from one box to another.
KERNEL(copy_rows, const int *from, i64 fromStart, int fromStride, int *to, i64 toStart, int toStride, int run) {
  THREADS {
    int k = cell_k();
    if (k < run)
      to[toStart + (i64) blockIdx.y * toStride + k] = from[fromStart + (i64) blockIdx.y * fromStride + k];
  }
}

KERNEL(add_rows, const int *from, i64 fromStart, int fromStride, int *to, i64 toStart, int toStride, int run) {
  THREADS {
    int k = cell_k();
    if (k < run)
      to[toStart + (i64) blockIdx.y * toStride + k] += from[fromStart + (i64) blockIdx.y * fromStride + k];
  }
}
