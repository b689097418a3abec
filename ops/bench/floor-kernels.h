/* The arithmetic of a forward step, twice; floor.c says what it is. Mesh values are C order, z fastest. */
#include <fftw3.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 24, MASS_BITS = 20 };
#define FRACTION 0x1p-24f
#define MASS (1 << MASS_BITS)

typedef float v4 __attribute__((vector_size(16)));

/* ---- one simulation */

typedef struct {
  int n;                 /* cells an axis */
  int row;               /* elements of a z line: n + 2 */
  int32_t *x[3], *p[3];  /* by axis, n^3 each */
  float *mesh;           /* n n row: int32 weights, then overdensity, then potential */
  fftwf_complex *modes;  /* the same memory, or its own if that transforms faster */
  float *force[3];       /* plain: n n row each */
  v4 *packed;            /* tuned: n n row */
  fftwf_plan r2c, c2r;
  int slabs;             /* x slabs beside a cut that the other thread may paint into */
} Sim;

static size_t cells(const Sim *s) {
  return (size_t) s->n * s->n * s->n;
}

/* ---- kernels, each on the slabs i0 <= i < i1 */

static inline int32_t wrapped(int32_t cell, int32_t n) {
  cell = cell < 0 ? cell + n : cell;
  return cell >= n ? cell - n : cell;
}

/* Where the corners of a particle's cell lie, and how far into it the particle is. */
typedef struct {
  int32_t a0, a1, b0, b1, c;
  float fx, fy, fz;
} Corner;

static inline Corner corner(const Sim *s, int i, int j, int k, size_t m) {
  const int n = s->n;
  int32_t x = s->x[0][m], y = s->x[1][m], z = s->x[2][m];
  Corner at = { .a0 = wrapped(i + (x >> BITS), n), .b0 = wrapped(j + (y >> BITS), n), .c = wrapped(k + (z >> BITS), n),
    .fx = (x & 0xffffff) * FRACTION, .fy = (y & 0xffffff) * FRACTION, .fz = (z & 0xffffff) * FRACTION };
  at.a1 = at.a0 + 1 == n ? 0 : at.a0 + 1;
  at.b1 = at.b0 + 1 == n ? 0 : at.b0 + 1;
  return at;
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

/* ---- the plain variant */

static void paintPlain(Sim *s, int i0, int i1) {
  const int n = s->n, row = s->row;
  int32_t *restrict mesh = (int32_t *) s->mesh;
  size_t m = (size_t) i0 * n * n;
  for (int i = i0; i < i1; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < n; k++, m++) {
        Corner at = corner(s, i, j, k, m);
        int32_t m1 = (int32_t) (MASS * at.fx + 0.5f), m0 = MASS - m1;
        int32_t m11 = (int32_t) (m1 * at.fy + 0.5f), m10 = m1 - m11;
        int32_t m01 = (int32_t) (m0 * at.fy + 0.5f), m00 = m0 - m01;
        int32_t m111 = (int32_t) (m11 * at.fz + 0.5f), m101 = (int32_t) (m10 * at.fz + 0.5f);
        int32_t m011 = (int32_t) (m01 * at.fz + 0.5f), m001 = (int32_t) (m00 * at.fz + 0.5f);
        int32_t *l = mesh + (at.a0 * n + at.b0) * row + at.c;
        l[0] += m00 - m001;
        l[1] += m001;
        l = mesh + (at.a0 * n + at.b1) * row + at.c;
        l[0] += m01 - m011;
        l[1] += m011;
        l = mesh + (at.a1 * n + at.b0) * row + at.c;
        l[0] += m10 - m101;
        l[1] += m101;
        l = mesh + (at.a1 * n + at.b1) * row + at.c;
        l[0] += m11 - m111;
        l[1] += m111;
      }
}

static inline float lerp(float a, float b, float f) {
  return a + f * (b - a);
}

#define LARGER(largest, value) largest = abs(value) > largest ? abs(value) : largest

/* P += round(c g(x)) on all axes; returns the largest |P|. */
static int32_t kickPlain(Sim *s, double c, int i0, int i1) {
  const int n = s->n, row = s->row;
  int32_t largest = 0;
  size_t m = (size_t) i0 * n * n;
  for (int i = i0; i < i1; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < n; k++, m++) {
        Corner at = corner(s, i, j, k, m);
        size_t l00 = (at.a0 * n + at.b0) * row + at.c, l01 = (at.a0 * n + at.b1) * row + at.c;
        size_t l10 = (at.a1 * n + at.b0) * row + at.c, l11 = (at.a1 * n + at.b1) * row + at.c;
        for (int axis = 0; axis < 3; axis++) {
          const float *restrict f = s->force[axis];
          float g00 = lerp(f[l00], f[l00 + 1], at.fz), g01 = lerp(f[l01], f[l01 + 1], at.fz);
          float g10 = lerp(f[l10], f[l10 + 1], at.fz), g11 = lerp(f[l11], f[l11 + 1], at.fz);
          float g = lerp(lerp(g00, g01, at.fy), lerp(g10, g11, at.fy), at.fx);
          int32_t kicked = s->p[axis][m] + (int32_t) lrint(c * g);
          LARGER(largest, kicked);
          s->p[axis][m] = kicked;
        }
      }
  return largest;
}

static void stencilPlain(Sim *s, int i0, int i1) {
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

/* ---- the tuned variant */

/* The longest line and a bit: arrays 4096 bytes apart would share their sets of the first cache. */
enum { LINE = 1024 + 16 };

/* Neighbours paint into the same cells, and a load must wait for a store not yet done: so they are taken this many apart. */
enum { STREAMS = 8 };

/* Where the four z pairs of a particle's cube start, and how far into its cell it is. */
typedef struct {
  int32_t at[4][LINE];
  float f[3][LINE];
} Line;

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

static void paintTuned(Sim *s, int i0, int i1) {
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
      for (int first = 0; first < n / STREAMS; first++)
        for (int k = first; k < n; k += n / STREAMS)
          for (int q = 0; q < 4; q++) {
            int32_t *at = mesh + l.at[q][k];
            at[0] += w[2 * q][k];
            at[1] += w[2 * q + 1][k];
          }
    }
}

static void stencilTuned(Sim *s, int i0, int i1) {
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

static inline v4 read(const v4 *restrict f, const Line *restrict l, int k) {
  const v4 *p00 = f + l->at[0][k], *p01 = f + l->at[1][k], *p10 = f + l->at[2][k], *p11 = f + l->at[3][k];
  const float fx = l->f[0][k], fy = l->f[1][k], fz = l->f[2][k];
  v4 g00 = p00[0] + fz * (p00[1] - p00[0]), g01 = p01[0] + fz * (p01[1] - p01[0]);
  v4 g10 = p10[0] + fz * (p10[1] - p10[0]), g11 = p11[0] + fz * (p11[1] - p11[0]);
  v4 g0 = g00 + fy * (g01 - g00), g1 = g10 + fy * (g11 - g10);
  return g0 + fx * (g1 - g0);
}

static int32_t kickTuned(Sim *s, double c, int i0, int i1) {
  const int n = s->n;
  int32_t largest = 0;
  Line l;
  float g[3][LINE];
  for (int i = i0; i < i1; i++)
    for (int j = 0; j < n; j++) {
      locate(s, i, j, &l);
      for (int k = 0; k < n; k++) {
        v4 force = read(s->packed, &l, k);
        for (int axis = 0; axis < 3; axis++)
          g[axis][k] = force[axis];
      }
      for (int axis = 0; axis < 3; axis++) {
        int32_t *restrict p = s->p[axis] + ((size_t) i * n + j) * n;
        for (int k = 0; k < n; k++) {
          p[k] += (int32_t) rint(c * g[axis][k]);
          LARGER(largest, p[k]);
        }
      }
    }
  return largest;
}
