/*
 * The floor under a forward step: Halocline's drift-kick-drift step in C with FFTW, single precision, as good as a few
 * careful hours make it. ops/bench/README.md says what is measured how.
 *
 *   cc -O3 -march=native -fno-math-errno -fopenmp -o floor floor.c -lfftw3f_omp -lfftw3f -lm
 *   ./floor [--mesh N]... [--threads T] [--repeats R] [--json] [--small-pages] [--patient]
 *
 * A particle is an int32 displacement from its own site in units of 2^-24 cell and an int32 momentum. Paint adds int32 weights
 * that sum to exactly 2^20 a particle; drifts and kicks add rounded increments. The force is one r2c and one c2r transform
 * for the potential of nabla^2 phi = delta (cell size 1) and a fourth-order stencil in real space, read back with the paint's weights.
 *
 * Two layouts of the force are timed: three meshes ("split"), and one mesh of four floats a cell ("packed"), where a corner
 * of all three axes is one load. Particles are stored by axis. The z line of the mesh has two cells of padding; the first is
 * the ghost of cell 0, so that a particle's upper z neighbour is always the next cell.
 */
#define _GNU_SOURCE
#include <fftw3.h>
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { BITS = 24, MASS_BITS = 20 };
#define FRACTION 0x1p-24f
#define MASS (1 << MASS_BITS)
#define RMS_CELLS 1.5

typedef float v4 __attribute__((vector_size(16)));



static bool hugePages = true;
static bool json;
static int repeats = 5;
static int threads = 1;
static unsigned rigour = FFTW_MEASURE;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void fail(const char *what) {
  fprintf(stderr, "floor: %s\n", what);
  exit(1);
}

/* Zeroed memory, on huge pages if the kernel gives them. */
static void *block(size_t bytes) {
  const size_t page = 2 << 20;
  bytes = (bytes + page - 1) / page * page;
  void *p = aligned_alloc(page, bytes);
  if (!p)
    fail("out of memory: take a smaller --mesh");
  madvise(p, bytes, hugePages ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  memset(p, 0, bytes);
  return p;
}

/* ---- one simulation */

typedef struct {
  int n;                 /* cells an axis */
  int row;               /* elements of a z line: n + 2 */
  int32_t *x[3], *p[3];  /* by axis, n^3 each */
  float *mesh;           /* n n row: int32 weights, then overdensity, then potential */
  fftwf_complex *modes;  /* the same memory, or its own if that transforms faster */
  float *force[3];       /* split: n n row each */
  v4 *packed;            /* n n row */
  fftwf_plan r2c, c2r;
  int slabs;             /* x slabs beside a cut that the other thread may paint into */
} Sim;

static size_t cells(const Sim *s) {
  return (size_t) s->n * s->n * s->n;
}

/* ---- kernels, each on the slabs i0 <= i < i1. What a z line of particles needs is worked out in vectors first. */

enum { LINE = 1024 };

/* Where the four z pairs of a particle's cube start, and how far into its cell it is. */
typedef struct {
  int32_t at[4][LINE];
  float f[3][LINE];
} Line;

static inline int32_t wrapped(int32_t cell, int32_t n) {
  cell = cell < 0 ? cell + n : cell;
  return cell >= n ? cell - n : cell;
}

static inline void locate(const Sim *s, int i, int j, Line *restrict l) {
  const int n = s->n, row = s->row;
  const size_t line = ((size_t) i * n + j) * n;
  const int32_t *restrict xs = s->x[0] + line, *restrict ys = s->x[1] + line, *restrict zs = s->x[2] + line;
  for (int k = 0; k < n; k++) {
    int32_t x = xs[k], y = ys[k], z = zs[k];
    int32_t a0 = wrapped(i + (x >> BITS), n), b0 = wrapped(j + (y >> BITS), n), c = wrapped(k + (z >> BITS), n);
    int32_t a1 = a0 + 1 == n ? 0 : a0 + 1, b1 = b0 + 1 == n ? 0 : b0 + 1;
    l->at[0][k] = (a0 * n + b0) * row + c;
    l->at[1][k] = (a0 * n + b1) * row + c;
    l->at[2][k] = (a1 * n + b0) * row + c;
    l->at[3][k] = (a1 * n + b1) * row + c;
    l->f[0][k] = (x & 0xffffff) * FRACTION;
    l->f[1][k] = (y & 0xffffff) * FRACTION;
    l->f[2][k] = (z & 0xffffff) * FRACTION;
  }
}

static int32_t drift(int32_t *restrict x, const int32_t *restrict p, double c, size_t from, size_t to) {
  int32_t largest = 0;
  for (size_t n = from; n < to; n++) {
    int32_t moved = x[n] + (int32_t) rint(c * p[n]);
    int32_t size = abs(moved);
    largest = size > largest ? size : largest;
    x[n] = moved;
  }
  return largest;
}

static void paint(Sim *s, int i0, int i1) {
  const int n = s->n;
  int32_t *restrict mesh = (int32_t *) s->mesh;
  Line l;
  int32_t w[8][LINE];
  for (int i = i0; i < i1; i++)
    for (int j = 0; j < n; j++) {
      locate(s, i, j, &l);
      for (int k = 0; k < n; k++) {
        float fx = l.f[0][k], fy = l.f[1][k], fz = l.f[2][k];
        int32_t m1 = (int32_t) (MASS * fx + 0.5f), m0 = MASS - m1;
        int32_t m11 = (int32_t) (m1 * fy + 0.5f), m10 = m1 - m11;
        int32_t m01 = (int32_t) (m0 * fy + 0.5f), m00 = m0 - m01;
        w[1][k] = (int32_t) (m00 * fz + 0.5f);
        w[0][k] = m00 - w[1][k];
        w[3][k] = (int32_t) (m01 * fz + 0.5f);
        w[2][k] = m01 - w[3][k];
        w[5][k] = (int32_t) (m10 * fz + 0.5f);
        w[4][k] = m10 - w[5][k];
        w[7][k] = (int32_t) (m11 * fz + 0.5f);
        w[6][k] = m11 - w[7][k];
      }
      for (int k = 0; k < n; k++)
        for (int q = 0; q < 4; q++) {
          int32_t *at = mesh + l.at[q][k];
          at[0] += w[2 * q][k];
          at[1] += w[2 * q + 1][k];
        }
    }
}

/* Folds the ghost of each line and turns weights into overdensity, in place; returns the total. */
static int64_t overdensity(Sim *s, int i0, int i1) {
  const int n = s->n, row = s->row;
  const float unit = 1.0f / MASS;
  int64_t total = 0;
  for (size_t line = (size_t) i0 * n; line < (size_t) i1 * n; line++) {
    float *out = s->mesh + line * row;
    int32_t *in = (int32_t *) out;
    in[0] += in[n];
    int64_t sum = 0;
    for (int k = 0; k < n; k++) {
      int32_t m;
      memcpy(&m, in + k, 4);
      sum += m;
      float d = m * unit - 1;
      memcpy(out + k, &d, 4);
    }
    total += sum;
  }
  return total;
}

/* phi_k = -delta_k / k^2 and the transforms' 1 / n^3. */
static void green(Sim *s, int i0, int i1) {
  const int n = s->n, half = n / 2 + 1;
  const float unit = 2 * M_PI / n, factor = -1.0f / cells(s);
  float squares[half];
  for (int k = 0; k < half; k++)
    squares[k] = unit * k * unit * k;
  for (int i = i0; i < i1; i++)
    for (int j = 0; j < n; j++) {
      float kx = unit * (i <= n / 2 ? i : i - n), ky = unit * (j <= n / 2 ? j : j - n), xy = kx * kx + ky * ky;
      float *restrict m = (float *) (s->modes + ((size_t) i * n + j) * half);
      for (int k = 0; k < half; k++) {
        float g = factor / (xy + squares[k]);
        m[2 * k] *= g;
        m[2 * k + 1] *= g;
      }
      if (i == 0 && j == 0)
        m[0] = m[1] = 0;
    }
}

/* Lines around (i, j) of the potential, two below to two above along x and along y, and a z line with two ghosts a side. */
typedef struct {
  const float *x[5], *y[5];
} Around;

static Around around(const Sim *s, int i, int j) {
  Around a;
  for (int d = 0; d < 5; d++) {
    a.x[d] = s->mesh + ((size_t) wrapped(i + d - 2, s->n) * s->n + j) * s->row;
    a.y[d] = s->mesh + ((size_t) i * s->n + wrapped(j + d - 2, s->n)) * s->row;
  }
  return a;
}

/* z line with two ghosts on either side */
static void ghosts(const float *line, int n, float *padded) {
  memcpy(padded + 2, line, n * sizeof(float));
  padded[0] = line[n - 2];
  padded[1] = line[n - 1];
  padded[n + 2] = line[0];
  padded[n + 3] = line[1];
}

#define SLOPE(m2, m1, p1, p2) (scale * (8 * ((p1) - (m1)) - ((p2) - (m2))))

static void stencilSplit(Sim *s, int i0, int i1) {
  const int n = s->n;
  const float scale = -1.0f / 12;
  float z[n + 4];
  for (int i = i0; i < i1; i++)
    for (int j = 0; j < n; j++) {
      Around a = around(s, i, j);
      ghosts(a.x[2], n, z);
      size_t at = ((size_t) i * n + j) * s->row;
      float *restrict fx = s->force[0] + at, *restrict fy = s->force[1] + at, *restrict fz = s->force[2] + at;
      for (int k = 0; k < n; k++) {
        fx[k] = SLOPE(a.x[0][k], a.x[1][k], a.x[3][k], a.x[4][k]);
        fy[k] = SLOPE(a.y[0][k], a.y[1][k], a.y[3][k], a.y[4][k]);
        fz[k] = SLOPE(z[k], z[k + 1], z[k + 3], z[k + 4]);
      }
      fx[n] = fx[0];
      fy[n] = fy[0];
      fz[n] = fz[0];
    }
}

static void stencilPacked(Sim *s, int i0, int i1) {
  const int n = s->n;
  const float scale = -1.0f / 12;
  float z[n + 4];
  for (int i = i0; i < i1; i++)
    for (int j = 0; j < n; j++) {
      Around a = around(s, i, j);
      ghosts(a.x[2], n, z);
      float *restrict f = (float *) (s->packed + ((size_t) i * n + j) * s->row);
      for (int k = 0; k < n; k++) {
        f[4 * k] = SLOPE(a.x[0][k], a.x[1][k], a.x[3][k], a.x[4][k]);
        f[4 * k + 1] = SLOPE(a.y[0][k], a.y[1][k], a.y[3][k], a.y[4][k]);
        f[4 * k + 2] = SLOPE(z[k], z[k + 1], z[k + 3], z[k + 4]);
        f[4 * k + 3] = 0;
      }
      memcpy(f + 4 * n, f, sizeof(v4));
    }
}

static inline float lerp(float a, float b, float f) {
  return a + f * (b - a);
}

static inline float readAt(const float *restrict f, const Line *restrict l, int k) {
  const float *p00 = f + l->at[0][k], *p01 = f + l->at[1][k], *p10 = f + l->at[2][k], *p11 = f + l->at[3][k];
  const float fy = l->f[1][k], fz = l->f[2][k];
  float g0 = lerp(lerp(p00[0], p00[1], fz), lerp(p01[0], p01[1], fz), fy);
  float g1 = lerp(lerp(p10[0], p10[1], fz), lerp(p11[0], p11[1], fz), fy);
  return lerp(g0, g1, l->f[0][k]);
}

static inline v4 readPacked(const v4 *restrict f, const Line *restrict l, int k) {
  const v4 *p00 = f + l->at[0][k], *p01 = f + l->at[1][k], *p10 = f + l->at[2][k], *p11 = f + l->at[3][k];
  const float fx = l->f[0][k], fy = l->f[1][k], fz = l->f[2][k];
  v4 g00 = p00[0] + fz * (p00[1] - p00[0]), g01 = p01[0] + fz * (p01[1] - p01[0]);
  v4 g10 = p10[0] + fz * (p10[1] - p10[0]), g11 = p11[0] + fz * (p11[1] - p11[0]);
  v4 g0 = g00 + fy * (g01 - g00), g1 = g10 + fy * (g11 - g10);
  return g0 + fx * (g1 - g0);
}

#define LARGER(largest, value) largest = abs(value) > largest ? abs(value) : largest

/* P += round(c g(x)) on all axes, and with it, if d is not 0, the drift x += round(d P). */
static int32_t kick(Sim *s, bool packed, double c, double d, int i0, int i1) {
  const int n = s->n;
  int32_t largest = 0;
  Line l;
  float g[3][LINE];
  for (int i = i0; i < i1; i++)
    for (int j = 0; j < n; j++) {
      locate(s, i, j, &l);
      if (packed)
        for (int k = 0; k < n; k++) {
          v4 read = readPacked(s->packed, &l, k);
          for (int axis = 0; axis < 3; axis++)
            g[axis][k] = read[axis];
        }
      else
        for (int k = 0; k < n; k++)
          for (int axis = 0; axis < 3; axis++)
            g[axis][k] = readAt(s->force[axis], &l, k);
      for (int axis = 0; axis < 3; axis++) {
        int32_t *restrict p = s->p[axis] + ((size_t) i * n + j) * n;
        int32_t *restrict x = s->x[axis] + ((size_t) i * n + j) * n;
        const float *restrict gs = g[axis];
        for (int k = 0; k < n; k++) {
          p[k] += (int32_t) rint(c * gs[k]);
          LARGER(largest, p[k]);
        }
        if (d != 0)
          for (int k = 0; k < n; k++) {
            x[k] += (int32_t) rint(d * p[k]);
            LARGER(largest, x[k]);
          }
      }
    }
  return largest;
}

/* ---- parts, on all threads */

/* The slabs of this thread: from edge 0 to edge 1. */
static int slab(const Sim *s, int edge) {
  return s->n * (omp_get_thread_num() + edge) / threads;
}

#define EVERY_THREAD _Pragma("omp parallel num_threads(threads)")

static int32_t largestSeen; /* keeps the checks of size alive */

static void seen(int32_t value) {
#pragma omp critical
  LARGER(largestSeen, value);
}

static void drifts(Sim *s, double c) {
  const size_t plane = (size_t) s->n * s->n;
  EVERY_THREAD
  for (int axis = 0; axis < 3; axis++)
    seen(drift(s->x[axis], s->p[axis], c, slab(s, 0) * plane, slab(s, 1) * plane));
}

/* Two threads never touch one cell: each first paints its block less the last slabs, then, after both, those. */
static void paints(Sim *s) {
  const size_t plane = (size_t) s->n * s->row;
  EVERY_THREAD
  {
    int i0 = slab(s, 0), i1 = slab(s, 1), cut = threads > 1 ? i1 - s->slabs : i1;
    memset(s->mesh + i0 * plane, 0, (i1 - i0) * plane * sizeof(float));
#pragma omp barrier
    paint(s, i0, cut);
#pragma omp barrier
    paint(s, cut, i1);
  }
}

static void overdensities(Sim *s) {
  int64_t total = 0;
#pragma omp parallel num_threads(threads) reduction(+ : total)
  total += overdensity(s, slab(s, 0), slab(s, 1));
  if (total != (int64_t) cells(s) << MASS_BITS)
    fail("mass is not conserved");
}

static void greens(Sim *s) {
  EVERY_THREAD
  green(s, slab(s, 0), slab(s, 1));
}

static void stencils(Sim *s, bool packed) {
  EVERY_THREAD
  if (packed)
    stencilPacked(s, slab(s, 0), slab(s, 1));
  else
    stencilSplit(s, slab(s, 0), slab(s, 1));
}

/* A kick and, if d is not 0, the drift after it. */
static void kicks(Sim *s, bool packed, double c, double d) {
  EVERY_THREAD
  {
    int i0 = slab(s, 0), i1 = slab(s, 1);
    int32_t largest = kick(s, packed, c, d, i0, i1);
    seen(largest);
  }
}

enum Part { DRIFT, PAINT, OVERDENSITY, R2C, GREEN, C2R, STENCIL, KICK, STEP, FUSED, PARTS };
static const char *const NAMES[PARTS] = { "drifts", "paint", "overdensity", "r2c", "green", "c2r", "stencil", "read and kick",
  "step", "step, second drift in the kick" };

static void potential(Sim *s, double *took) {
  double t0 = now();
  fftwf_execute_dft_r2c(s->r2c, s->mesh, s->modes);
  double t1 = now();
  greens(s);
  double t2 = now();
  fftwf_execute_dft_c2r(s->c2r, s->modes, s->mesh);
  double t3 = now();
  took[R2C] = t1 - t0;
  took[GREEN] = t2 - t1;
  took[C2R] = t3 - t2;
}

/* One step, forward (sign 1) or back (-1); back undoes forward to the last bit. */
static void step(Sim *s, bool packed, bool fused, int sign, double *took) {
  const double half = sign * 0.05, kicked = sign * 0.1 * (1 << BITS);
  double t[6];
  t[0] = now();
  drifts(s, half);
  t[1] = now();
  paints(s);
  t[2] = now();
  overdensities(s);
  t[3] = now();
  potential(s, took);
  t[4] = now();
  stencils(s, packed);
  t[5] = now();
  kicks(s, packed, kicked, fused && sign > 0 ? half : 0);
  double t6 = now();
  if (!fused || sign < 0)
    drifts(s, half);
  double t7 = now();
  took[DRIFT] = t[1] - t[0] + t7 - t6;
  took[PAINT] = t[2] - t[1];
  took[OVERDENSITY] = t[3] - t[2];
  took[STENCIL] = t[5] - t[4];
  took[KICK] = t6 - t[5];
  took[STEP] = t7 - t[0];
}

/* ---- setting up */

static fftwf_plan plan(Sim *s, bool forward, fftwf_complex *modes) {
  const int n = s->n, size[3] = { n, n, n }, real[3] = { n, n, s->row }, half[3] = { n, n, n / 2 + 1 };
  fftwf_plan p = forward ? fftwf_plan_many_dft_r2c(3, size, 1, s->mesh, real, 1, 0, modes, half, 1, 0, rigour)
                         : fftwf_plan_many_dft_c2r(3, size, 1, modes, half, 1, 0, s->mesh, real, 1, 0, rigour);
  if (!p)
    fail("FFTW made no plan");
  return p;
}

static double transformsTook(Sim *s, fftwf_plan r2c, fftwf_plan c2r, fftwf_complex *modes) {
  double best = INFINITY;
  for (int r = 0; r <= repeats; r++) {
    memset(s->mesh, 0, cells(s) / s->n * s->row * sizeof(float));
    s->mesh[1] = 1;
    double t0 = now();
    fftwf_execute_dft_r2c(r2c, s->mesh, modes);
    fftwf_execute_dft_c2r(c2r, modes, s->mesh);
    double took = now() - t0;
    best = took < best ? took : best;
  }
  return best;
}

/* Plans transforms in place and out of place and keeps the faster pair; tells what each took. */
static void planTransforms(Sim *s, double *inPlace, double *outOfPlace) {
  fftwf_complex *own = block(cells(s) / s->n * s->row * sizeof(float)), *same = (fftwf_complex *) s->mesh;
  fftwf_plan_with_nthreads(threads);
  fftwf_plan r2c[2], c2r[2];
  for (int i = 0; i < 2; i++) {
    r2c[i] = plan(s, true, i ? own : same);
    c2r[i] = plan(s, false, i ? own : same);
  }
  *inPlace = transformsTook(s, r2c[0], c2r[0], same);
  *outOfPlace = transformsTook(s, r2c[1], c2r[1], own);
  int best = *outOfPlace < *inPlace;
  s->r2c = r2c[best];
  s->c2r = c2r[best];
  s->modes = best ? own : same;
  fftwf_destroy_plan(r2c[!best]);
  fftwf_destroy_plan(c2r[!best]);
  if (!best)
    free(own);
}

static double uniform(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return ((*state >> 11) + 0.5) * 0x1p-53;
}

/* Displacements: a Gaussian curl-free field of the given rms an axis; its density has P(k) ~ k^-1.5 smoothed over a cell. */
static double displace(Sim *s, double rms) {
  const int n = s->n, half = n / 2 + 1;
  const double unit = 2 * M_PI / n;
  uint64_t state = 0x9e3779b97f4a7c15;
  for (size_t line = 0; line < (size_t) n * n; line++)
    for (int k = 0; k < n; k++)
      s->mesh[line * s->row + k] = sqrt(-2 * log(uniform(&state))) * cos(2 * M_PI * uniform(&state));
  fftwf_execute_dft_r2c(s->r2c, s->mesh, s->modes);
  fftwf_complex *noise = (fftwf_complex *) s->force[0];
  memcpy(noise, s->modes, (size_t) n * n * half * sizeof(fftwf_complex));
  double scale = 0, largest = 0;
  for (int axis = 0; axis < 3; axis++) {
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++)
        for (int k = 0; k < half; k++) {
          int index[3] = { i <= n / 2 ? i : i - n, j <= n / 2 ? j : j - n, k };
          double square = 0;
          for (int d = 0; d < 3; d++)
            square += unit * index[d] * unit * index[d];
          bool still = square == 0 || 2 * index[axis] == n;
          double f = still ? 0 : unit * index[axis] / square * pow(square, -0.375) * exp(-square / 2);
          size_t m = ((size_t) i * n + j) * half + k;
          s->modes[m][0] = -f * noise[m][1];
          s->modes[m][1] = f * noise[m][0];
        }
    fftwf_execute_dft_c2r(s->c2r, s->modes, s->mesh);
    if (axis == 0) {
      for (size_t line = 0; line < (size_t) n * n; line++)
        for (int k = 0; k < n; k++)
          scale += (double) s->mesh[line * s->row + k] * s->mesh[line * s->row + k];
      scale = rms * (1 << BITS) / sqrt(scale / cells(s));
    }
    for (size_t line = 0; line < (size_t) n * n; line++)
      for (int k = 0; k < n; k++) {
        double x = rint(scale * s->mesh[line * s->row + k]);
        largest = fabs(x) > largest ? fabs(x) : largest;
        if (largest >= INT32_MAX / 2)
          fail("a displacement is too large for int32");
        s->x[axis][line * n + k] = s->p[axis][line * n + k] = x;
      }
  }
  return largest / (1 << BITS);
}

static Sim *create(int n) {
  Sim *s = calloc(1, sizeof *s);
  s->n = n;
  s->row = n + 2;
  const size_t meshBytes = (size_t) n * n * s->row * sizeof(float);
  s->mesh = block(meshBytes);
  s->packed = block(4 * meshBytes);
  for (int axis = 0; axis < 3; axis++) {
    s->x[axis] = block(cells(s) * sizeof(int32_t));
    s->p[axis] = block(cells(s) * sizeof(int32_t));
    s->force[axis] = block(meshBytes);
  }
  return s;
}

static void release(Sim *s) {
  fftwf_destroy_plan(s->r2c);
  fftwf_destroy_plan(s->c2r);
  if ((float *) s->modes != s->mesh)
    free(s->modes);
  free(s->mesh);
  free(s->packed);
  for (int axis = 0; axis < 3; axis++) {
    free(s->x[axis]);
    free(s->p[axis]);
    free(s->force[axis]);
  }
  free(s);
}

/* ---- is it right? */

/* The slabs beside a cut into which a particle of the other side may paint, and half a step's drift beyond. */
static void cutSlabs(Sim *s, double largest) {
  s->slabs = 2 * ((int) ceil(1.1 * largest) + 2);
  if (threads > 1 && s->slabs >= s->n / threads)
    fail("a mesh too small for its displacements and so many threads");
}

/* While displacements are small, the force at a particle is its displacement: relative rms difference of the two. */
static double linearError(Sim *s, bool packed) {
  cutSlabs(s, displace(s, 0.02));
  for (int axis = 0; axis < 3; axis++)
    memset(s->p[axis], 0, cells(s) * sizeof(int32_t));
  double took[PARTS];
  paints(s);
  overdensities(s);
  potential(s, took);
  stencils(s, packed);
  kicks(s, packed, 1 << BITS, 0);
  double error = 0, square = 0;
  for (int axis = 0; axis < 3; axis++)
    for (size_t i = 0; i < cells(s); i++) {
      double x = s->x[axis][i], d = s->p[axis][i] - x;
      error += d * d;
      square += x * x;
    }
  return sqrt(error / square);
}

static uint64_t digest(const Sim *s) {
  uint64_t h = 14695981039346656037u;
  for (int axis = 0; axis < 3; axis++)
    for (size_t i = 0; i < cells(s); i++) {
      h = (h ^ (uint32_t) s->x[axis][i]) * 1099511628211u;
      h = (h ^ (uint32_t) s->p[axis][i]) * 1099511628211u;
    }
  return h;
}

/* ---- reporting */

static void tell(const char *what, const char *force, int n, double seconds) {
  const double ns = seconds * 1e9 / ((double) n * n * n);
  if (json)
    printf("{\"peer\":\"floor\",\"versions\":{\"fftw\":\"%s\",\"cc\":\"%s\"},\"what\":\"%s\",\"force\":\"%s\",\"mesh\":%d,\"steps\":1,"
        "\"threads\":%d,\"ns_per_particle_step\":%.3f,\"seconds\":%.6f,\"repeats\":%d}\n",
        fftwf_version, __VERSION__, what, force, n, threads, ns, seconds, repeats);
  else
    printf("%5d^3  %d thread%s  %-34s %-7s %8.2f ns a particle\n", n, threads, threads > 1 ? "s" : " ", what, force, ns);
  fflush(stdout);
}

static void copies(void) {
  const size_t bytes = 256 << 20;
  char *a = block(bytes), *b = block(bytes);
  double best = INFINITY;
  for (int r = 0; r <= repeats; r++) {
    double t0 = now();
#pragma omp parallel num_threads(threads)
    {
      size_t part = bytes / threads, from = part * omp_get_thread_num();
      memcpy(b + from, a + from, part);
    }
    double took = now() - t0;
    best = took < best ? took : best;
  }
  if (b[bytes / 2])
    fail("a copy went wrong");
  if (json)
    printf("{\"peer\":\"floor\",\"what\":\"memcpy of 256 MiB\",\"threads\":%d,\"gb_per_s\":%.3f,\"seconds\":%.6f,\"repeats\":%d}\n",
        threads, bytes / best / 1e9, best, repeats);
  else
    printf("memcpy of 256 MiB  %d thread%s  %.2f GB/s copied\n", threads, threads > 1 ? "s" : " ", bytes / best / 1e9);
  free(a);
  free(b);
}

static void measure(int n) {
  Sim *s = create(n);
  double inPlace, outOfPlace;
  planTransforms(s, &inPlace, &outOfPlace);
  tell("r2c and c2r in place", "", n, inPlace);
  tell("r2c and c2r out of place", "", n, outOfPlace);
  for (int packed = 0; packed < 2; packed++) {
    double error = linearError(s, packed);
    if (!(error < 0.2))
      fail("the force of a small displacement is not that displacement");
    double largest = displace(s, RMS_CELLS);
    cutSlabs(s, largest);
    if (!json)
      printf("%5d^3  displacements of %.1f cells rms an axis, at most %.2f; linear force within %.3f\n", n, RMS_CELLS, largest,
          error);
    uint64_t before = digest(s);
    double best[PARTS];
    for (int part = 0; part < PARTS; part++)
      best[part] = INFINITY;
    for (int r = 0; r <= repeats; r++)
      for (int fused = 0; fused < 2; fused++)
        for (int sign = 1; sign >= -1; sign -= 2) {
          double took[PARTS];
          step(s, packed, fused, sign, took);
          if (r == 0)
            continue;
          for (int part = 0; part < STEP; part++)
            if (!fused || sign < 0)
              best[part] = fmin(best[part], took[part]);
          int whole = fused && sign > 0 ? FUSED : STEP;
          best[whole] = fmin(best[whole], took[STEP]);
        }
    if (digest(s) != before)
      fail("steps back did not undo steps forward");
    for (int part = 0; part < PARTS; part++)
      tell(NAMES[part], packed ? "packed" : "split", n, best[part]);
  }
  release(s);
}

int main(int count, char **arguments) {
  int meshes[16], n = 0;
  for (int i = 1; i < count; i++) {
    const char *a = arguments[i], *value = i + 1 < count ? arguments[i + 1] : "";
    if (!strcmp(a, "--json"))
      json = true;
    else if (!strcmp(a, "--small-pages"))
      hugePages = false;
    else if (!strcmp(a, "--patient"))
      rigour = FFTW_PATIENT;
    else if (!strcmp(a, "--mesh") && n < 16 && atoi(value) >= 16 && atoi(value) <= 1024 && atoi(value) % 2 == 0)
      meshes[n++] = atoi(value), i++;
    else if (!strcmp(a, "--threads") && atoi(value) > 0)
      threads = atoi(value), i++;
    else if (!strcmp(a, "--repeats") && atoi(value) > 0)
      repeats = atoi(value), i++;
    else {
      fprintf(stderr, "floor: %s %s: not understood; options are --mesh N (even, 16 ... 1024), --threads T, --repeats R, --json, "
          "--small-pages, --patient\n", a, value);
      return 2;
    }
  }
  fftwf_init_threads();
  copies();
  if (n == 0)
    for (n = 0; n < 3; n++)
      meshes[n] = 64 << n;
  for (int i = 0; i < n; i++)
    measure(meshes[i]);
  return 0;
}
