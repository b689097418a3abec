// Particles: one thread a particle, neighbours along z in one warp. Blocks are 32 sites along z, 4 along y and 2 along x, which share
// most of what they read of a mesh.

#define SITE_Z 32
#define SITE_Y 4
#define SITE_X 2

struct Site {
  int i, j, k, n;
  bool inside;
};

// Of a launch over the rows [from, end) along x.
FN Site site(const Grid &g, int from, int end) {
  Site s;
  s.k = (int) (blockIdx.x * SITE_Z + threadIdx.x % SITE_Z);
  s.j = (int) (blockIdx.y * SITE_Y + threadIdx.x / SITE_Z % SITE_Y);
  s.i = from + (int) (blockIdx.z * SITE_X + threadIdx.x / SITE_Z / SITE_Y);
  s.inside = s.i < end && s.j < g.ny && s.k < g.nz;
  s.n = (s.i * g.ny + s.j) * g.nz + s.k;
  return s;
}

// How far a particle is into its cell on one axis.
FN float fraction(int x, int bits) {
  return (float) (x & ((1 << bits) - 1)) * (1.0f / (float) (1 << bits));
}

// The eight cells around a particle: rows along x, y and z, lower and upper.
struct Place {
  int x[2], y[2], z[2];
  float fx, fy, fz;
};

FN Place place(const Grid &g, const Site &s, int x, int y, int z, int bits) {
  Place p;
  int stride = extent_y(g) * g.nz;
  int i = row(s.i + (x >> bits), g.nx, g.haloX);
  int j = row(s.j + (y >> bits), g.ny, g.haloY);
  p.x[0] = i * stride;
  p.x[1] = next_row(i, g.nx, g.haloX) * stride;
  p.y[0] = j * g.nz;
  p.y[1] = next_row(j, g.ny, g.haloY) * g.nz;
  p.z[0] = floor_mod(s.k + (z >> bits), g.nz);
  p.z[1] = next_row(p.z[0], g.nz, 0);
  p.fx = fraction(x, bits);
  p.fy = fraction(y, bits);
  p.fz = fraction(z, bits);
  return p;
}

// x <- x + sign round(c P), in quanta; the largest |x|.
KERNEL(drift, int *x, const int *p, int size, double quanta, double sign, u64 *answer) {
  THREADS {
    u64 top = 0;
    for (i64 n = thread_number(); n < size; n += thread_count()) {
      double moved = x[n] + sign * rint(quanta * p[n]);
      u64 magnitude = ordered(moved);
      top = magnitude > top ? magnitude : top;
      x[n] = to_int(moved);
    }
    answer_largest(answer, 0, top);
  }
}

// Drifts that one kernel does in turn: their quanta of displacement a quantum of momentum, and the same in cells a unit of momentum.
#define MOST_DRIFTS 2

// Back through drifts on one axis, the last first: for each, x <- x - round(c P) and pi <- pi + c xi. The sum of xi P, which is the
// cotangent of each c; the largest |pi|, as that of `axis`.
KERNEL(drift_transpose, int *x, const int *p, const float *xi, float *pi, int size, int axis, int drifts, double quanta0,
    double quanta1, float c0, float c1, double unit, u64 *answer) {
  THREADS {
    double quanta[MOST_DRIFTS] = {quanta0, quanta1};
    float c[MOST_DRIFTS] = {c0, c1};
    Sum sum = zero_sum();
    u64 top = 0;
    for (i64 n = thread_number(); n < size; n += thread_count()) {
      int at = x[n];
      int momentum = p[n];
      float cotangent = xi[n];
      float moved = pi[n];
      add_term(sum, (double) cotangent * momentum * unit);
      UNROLL for (int i = 0; i < MOST_DRIFTS; i++)
        if (i < drifts) {
          at = to_int(at - rint(quanta[i] * momentum));
          moved = moved + c[i] * cotangent;
        }
      u64 magnitude = ordered(moved);
      top = magnitude > top ? magnitude : top;
      x[n] = at;
      pi[n] = moved;
    }
    answer_sum(answer, sum);
    answer_largest(answer, axis, top);
  }
}

// Adding it rounds a float of magnitude below 2^22 to an integer, in its low bits.
#define ROUND 12582912.0f

FN float whole(float value) {
  return value + ROUND - ROUND;
}

FN int whole_int(float value) {
  return bits_of(value + ROUND) - bits_of(ROUND);
}

// What the z line at `at` gets, in integers that sum to the mass.
FN void paint_pair(int *mesh, int at, const Place &p, float mass) {
  float upper = whole(mass * p.fz);
  add_cell(mesh + at + p.z[0], whole_int(mass - upper));
  add_cell(mesh + at + p.z[1], whole_int(upper));
}

KERNEL(paint, const int *x, const int *y, const int *z, GRID(g), int from, int end, int bits, float mass, int *mesh) {
  THREADS {
    Grid g = MAKE_GRID(g);
    Site s = site(g, from, end);
    if (s.inside) {
      Place p = place(g, s, x[s.n], y[s.n], z[s.n], bits);
      float m1 = whole(mass * p.fx);
      float m0 = mass - m1;
      float m11 = whole(m1 * p.fy);
      float m01 = whole(m0 * p.fy);
      paint_pair(mesh, p.x[0] + p.y[0], p, m0 - m01);
      paint_pair(mesh, p.x[0] + p.y[1], p, m01);
      paint_pair(mesh, p.x[1] + p.y[0], p, m1 - m11);
      paint_pair(mesh, p.x[1] + p.y[1], p, m11);
    }
  }
}

FN int nearest(float value) {
  return to_int(value + copysignf(0.5f, value));
}

FN void paint_cotangents(int *mesh, int at, const Place &p, float value) {
  float upper = value * p.fz;
  add_cell(mesh + at + p.z[0], nearest(value - upper));
  add_cell(mesh + at + p.z[1], nearest(upper));
}

KERNEL(paint_cotangent, const int *x, const int *y, const int *z, GRID(g), int from, int end, int bits,
    const float *value, float factor, int *mesh) {
  THREADS {
    Grid g = MAKE_GRID(g);
    Site s = site(g, from, end);
    if (s.inside) {
      Place p = place(g, s, x[s.n], y[s.n], z[s.n], bits);
      float v = factor * value[s.n];
      float v1 = v * p.fx;
      float v0 = v - v1;
      float v11 = v1 * p.fy;
      float v01 = v0 * p.fy;
      paint_cotangents(mesh, p.x[0] + p.y[0], p, v0 - v01);
      paint_cotangents(mesh, p.x[0] + p.y[1], p, v01);
      paint_cotangents(mesh, p.x[1] + p.y[0], p, v1 - v11);
      paint_cotangents(mesh, p.x[1] + p.y[1], p, v11);
    }
  }
}

// Paint's transpose: xi gains the derivatives of what is read of a density's cotangent.
KERNEL(paint_transpose, const int *x, const int *y, const int *z, GRID(g), int from, int end, int bits,
    const float *mesh, float *xix, float *xiy, float *xiz) {
  THREADS {
    Grid g = MAKE_GRID(g);
    Site s = site(g, from, end);
    if (s.inside) {
      Place p = place(g, s, x[s.n], y[s.n], z[s.n], bits);
      float f[4], d[4];
      UNROLL for (int at = 0; at < 4; at++) {
        const float *from = mesh + p.x[at >> 1] + p.y[at & 1];
        f[at] = from[p.z[0]];
        d[at] = from[p.z[1]] - f[at];
      }
      float g00 = f[0] + p.fz * d[0];
      float g10 = f[2] + p.fz * d[2];
      float dy0 = f[1] + p.fz * d[1] - g00;
      float dy1 = f[3] + p.fz * d[3] - g10;
      float dz0 = d[0] + p.fy * (d[1] - d[0]);
      float dz1 = d[2] + p.fy * (d[3] - d[2]);
      xix[s.n] += g10 + p.fy * dy1 - (g00 + p.fy * dy0);
      xiy[s.n] += dy0 + p.fx * (dy1 - dy0);
      xiz[s.n] += dz0 + p.fx * (dz1 - dz0);
    }
  }
}

// Rows from two below a particle's cell to three above it, by axis.
struct Reach {
  int x[6], y[6], z[6];
};

FN void rows(int *into, int cell, int cells, int halo, int stride) {
  int at = row(cell - 2, cells, halo);
  UNROLL for (int n = 0; n < 6; n++) {
    into[n] = at * stride;
    at = next_row(at, cells, halo);
  }
}

FN Reach around(const Grid &g, const Site &s, int x, int y, int z, int bits) {
  Reach r;
  rows(r.x, s.i + (x >> bits), g.nx, g.haloX, extent_y(g) * g.nz);
  rows(r.y, s.j + (y >> bits), g.ny, g.haloY, g.nz);
  rows(r.z, s.k + (z >> bits), g.nz, 0, 1);
  return r;
}

// One axis of the force at one of the eight corners: the difference of the potential there.
FN float corner_force(const float *f, const Reach &r, int axis, int a, int b, int c, float factor) {
  int x = r.x[a + 2], y = r.y[b + 2], z = r.z[c + 2];
  float m2, m1, p1, p2;
  if (axis == 0) {
    m2 = f[r.x[a] + y + z], m1 = f[r.x[a + 1] + y + z], p1 = f[r.x[a + 3] + y + z], p2 = f[r.x[a + 4] + y + z];
  } else if (axis == 1) {
    m2 = f[x + r.y[b] + z], m1 = f[x + r.y[b + 1] + z], p1 = f[x + r.y[b + 3] + z], p2 = f[x + r.y[b + 4] + z];
  } else {
    m2 = f[x + y + r.z[c]], m1 = f[x + y + r.z[c + 1]], p1 = f[x + y + r.z[c + 3]], p2 = f[x + y + r.z[c + 4]];
  }
  return factor * (8 * (p1 - m1) - (p2 - m2));
}

// One axis of the force at a particle, read along y, then x, then z, and its derivatives by the position.
struct Read {
  float force, byX, byY, byZ;
};

FN Read read_axis(const float *f, const Reach &r, int axis, float factor, float fx, float fy, float fz) {
  float at[2], slopeX[2], slopeY[2];
  UNROLL for (int c = 0; c < 2; c++) {
    float v = corner_force(f, r, axis, 0, 0, c, factor);
    float y0 = corner_force(f, r, axis, 0, 1, c, factor) - v;
    float g0 = v + y0 * fy;
    v = corner_force(f, r, axis, 1, 0, c, factor);
    float y1 = corner_force(f, r, axis, 1, 1, c, factor) - v;
    slopeX[c] = v + y1 * fy - g0;
    slopeY[c] = y0 + (y1 - y0) * fx;
    at[c] = g0 + slopeX[c] * fx;
  }
  Read read;
  read.byZ = at[1] - at[0];
  read.force = at[0] + read.byZ * fz;
  read.byX = slopeX[0] + (slopeX[1] - slopeX[0]) * fz;
  read.byY = slopeY[0] + (slopeY[1] - slopeY[0]) * fz;
  return read;
}

// P <- P + round(quanta force) on all axes, then drifts, as `drift` does. The largest |P|, then by drift and axis the largest |x|.
KERNEL(kick, int *x, int *y, int *z, GRID(g), int from, int end, int bits, const float *potential, float hx, float hy,
    float hz, int *px, int *py, int *pz, double kx, double ky, double kz, int drifts, double drift0, double drift1, u64 *answer) {
  THREADS {
    Grid g = MAKE_GRID(g);
    Site s = site(g, from, end);
    double drift[MOST_DRIFTS] = {drift0, drift1};
    u64 top = 0;
    u64 farthest[MOST_DRIFTS][3] = {{0, 0, 0}, {0, 0, 0}};
    if (s.inside) {
      int at[3] = {x[s.n], y[s.n], z[s.n]};
      Reach r = around(g, s, at[0], at[1], at[2], bits);
      float fx = fraction(at[0], bits), fy = fraction(at[1], bits), fz = fraction(at[2], bits);
      float h[3] = {hx, hy, hz};
      double quanta[3] = {kx, ky, kz};
      int *places[3] = {x, y, z};
      int *p[3] = {px, py, pz};
      UNROLL for (int axis = 0; axis < 3; axis++) {
        float force = read_axis(potential, r, axis, h[axis], fx, fy, fz).force;
        double kicked = p[axis][s.n] + rint(quanta[axis] * force);
        u64 magnitude = ordered(kicked);
        top = magnitude > top ? magnitude : top;
        int momentum = to_int(kicked);
        p[axis][s.n] = momentum;
        UNROLL for (int i = 0; i < MOST_DRIFTS; i++)
          if (i < drifts) {
            double moved = at[axis] + rint(drift[i] * momentum);
            farthest[i][axis] = ordered(moved);
            at[axis] = to_int(moved);
          }
        if (drifts > 0)
          places[axis][s.n] = at[axis];
      }
    }
    answer_largest(answer, 0, top);
    UNROLL for (int i = 0; i < MOST_DRIFTS; i++)
      if (i < drifts)
        UNROLL for (int axis = 0; axis < 3; axis++)
          answer_largest(answer, 1 + 3 * i + axis, farthest[i][axis]);
  }
}

// Undoes a kick, adds the cotangent of its coefficient, and pulls the force's cotangent back to the position. wx, wy, wz: one over the
// sides of a cell; cx, cy, cz: the coefficient over them.
KERNEL(kick_transpose, const int *x, const int *y, const int *z, GRID(g), int from, int end, int bits,
    const float *potential, float hx, float hy, float hz, int *px, int *py, int *pz, double kx, double ky, double kz, const float *pix, const float *piy,
    const float *piz, float cx, float cy, float cz, double wx, double wy, double wz, float *xix, float *xiy,
    float *xiz, u64 *answer) {
  THREADS {
    Grid g = MAKE_GRID(g);
    Site s = site(g, from, end);
    Sum sum = zero_sum();
    if (s.inside) {
      int at[3] = {x[s.n], y[s.n], z[s.n]};
      Reach r = around(g, s, at[0], at[1], at[2], bits);
      float fx = fraction(at[0], bits), fy = fraction(at[1], bits), fz = fraction(at[2], bits);
      float h[3] = {hx, hy, hz};
      double quanta[3] = {kx, ky, kz};
      int *p[3] = {px, py, pz};
      const float *pi[3] = {pix, piy, piz};
      float c[3] = {cx, cy, cz};
      double w[3] = {wx, wy, wz};
      float pullX[3], pullY[3], pullZ[3];
      double term = 0;
      UNROLL for (int axis = 0; axis < 3; axis++) {
        Read read = read_axis(potential, r, axis, h[axis], fx, fy, fz);
        p[axis][s.n] = to_int(p[axis][s.n] - rint(quanta[axis] * read.force));
        float cotangent = pi[axis][s.n];
        term += (double) cotangent * read.force * w[axis];
        float pull = c[axis] * cotangent;
        pullX[axis] = read.byX * pull;
        pullY[axis] = read.byY * pull;
        pullZ[axis] = read.byZ * pull;
      }
      add_term(sum, term);
      xix[s.n] += pullX[0] + pullX[1] + pullX[2];
      xiy[s.n] += pullY[0] + pullY[1] + pullY[2];
      xiz[s.n] += pullZ[0] + pullZ[1] + pullZ[2];
    }
    answer_sum(answer, sum);
  }
}

// The largest element, and at least 0.
KERNEL(largest_cell, const int *mesh, int size, u64 *answer) {
  THREADS {
    int top = 0;
    for (i64 n = thread_number(); n < size; n += thread_count())
      top = mesh[n] > top ? mesh[n] : top;
    answer_largest(answer, 0, (u64) top);
  }
}

// into <- round((a first + b second) / quantum); the largest magnitude.
KERNEL(fix, const float *first, double a, const float *second, double b, double quantum, int *into, int size,
    u64 *answer) {
  THREADS {
    u64 top = 0;
    for (i64 n = thread_number(); n < size; n += thread_count()) {
      double value = rint((a * first[n] + b * second[n]) / quantum);
      u64 magnitude = ordered(value);
      top = magnitude > top ? magnitude : top;
      into[n] = to_int(value);
    }
    answer_largest(answer, 0, top);
  }
}
