/*
 * The floor under a forward step: Halocline's drift-kick-drift step in C with FFTW, single precision, as good as a few
 * careful hours make it. ops/bench/README.md says what is measured how.
 *
 *   cc -O3 -march=native -fno-math-errno -fopenmp -o floor floor.c -lfftw3f_omp -lfftw3f -lm
 *   ./floor [--mesh N]... [--threads T] [--repeats R] [--json] [--small-pages] [--patient]
 *
 * A particle is an int32 displacement from its own site in units of 2^-24 cell and an int32 momentum. Paint adds int32
 * weights that sum to exactly 2^20 a particle; drifts and kicks add rounded increments. The force is one r2c and one
 * c2r transform for the potential of nabla^2 phi = delta (cell size 1) and a fourth-order stencil in real space, read
 * back with the paint's weights.
 *
 * Two variants are timed. "plain" is what one writes first: a loop over particles, three meshes of force, three reads
 * in one pass. "tuned" works a z line of particles out in vectors, paints particles in an order in which none waits for
 * the store of the one before, and packs the force into four floats a cell, so that one load fetches a corner for all
 * axes. Both run the same arithmetic. The z line of a mesh has two cells of padding; the first is the ghost of cell 0,
 * so that a particle's upper z neighbour is always the next cell.
 */
#define _GNU_SOURCE
#include "floor-kernels.h"
#include <omp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

#define RMS_CELLS 1.5

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

static struct {
  void *at;
  size_t bytes;
} held[16];
static int blocks;

/* Zeroed memory, on huge pages if the kernel gives them, that starts elsewhere within a page than the block before. */
static void *block(size_t bytes) {
  const size_t page = 2 << 20, shift = 320 * blocks, whole = bytes + 2 * page;
  char *p = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED || blocks == 16)
    fail("out of memory: take a smaller --mesh");
  madvise(p, whole, hugePages ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  held[blocks].at = p;
  held[blocks++].bytes = whole;
  p += page - (uintptr_t) p % page + shift;
  memset(p, 0, bytes);
  return p;
}

static void releaseBlocks(void) {
  while (blocks > 0) {
    blocks--;
    munmap(held[blocks].at, held[blocks].bytes);
  }
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
static void paints(Sim *s, bool tuned) {
  const size_t plane = (size_t) s->n * s->row;
  EVERY_THREAD
  {
    int i0 = slab(s, 0), i1 = slab(s, 1), cut = threads > 1 ? i1 - s->slabs : i1;
    memset(s->mesh + i0 * plane, 0, (i1 - i0) * plane * sizeof(float));
#pragma omp barrier
    if (tuned)
      paintTuned(s, i0, cut);
    else
      paintPlain(s, i0, cut);
#pragma omp barrier
    if (tuned)
      paintTuned(s, cut, i1);
    else
      paintPlain(s, cut, i1);
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

static void stencils(Sim *s, bool tuned) {
  EVERY_THREAD
  if (tuned)
    stencilTuned(s, slab(s, 0), slab(s, 1));
  else
    stencilPlain(s, slab(s, 0), slab(s, 1));
}

static void kicks(Sim *s, bool tuned, double c) {
  EVERY_THREAD
  seen(tuned ? kickTuned(s, c, slab(s, 0), slab(s, 1)) : kickPlain(s, c, slab(s, 0), slab(s, 1)));
}

enum Part { DRIFT, PAINT, OVERDENSITY, R2C, GREEN, C2R, POTENTIAL, STENCIL, KICK, FORCE, STEP, PARTS };
static const char *const NAMES[PARTS] = { "drift", "paint", "overdensity", "r2c", "green", "c2r", "potential", "stencil",
  "read and kick", "stencil, read and kick", "step" };

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
  took[POTENTIAL] = t3 - t0;
}

/* One step, forward (sign 1) or back (-1); back undoes forward to the last bit. */
static void step(Sim *s, bool tuned, int sign, double *took) {
  const double half = sign * 0.05, kicked = sign * 0.1 * (1 << BITS);
  double t[6];
  t[0] = now();
  drifts(s, half);
  t[1] = now();
  paints(s, tuned);
  t[2] = now();
  overdensities(s);
  t[3] = now();
  potential(s, took);
  t[4] = now();
  stencils(s, tuned);
  t[5] = now();
  kicks(s, tuned, kicked);
  double t6 = now();
  drifts(s, half);
  double t7 = now();
  took[DRIFT] = (t[1] - t[0] + t7 - t6) / 2;
  took[PAINT] = t[2] - t[1];
  took[OVERDENSITY] = t[3] - t[2];
  took[STENCIL] = t[5] - t[4];
  took[KICK] = t6 - t[5];
  took[FORCE] = t6 - t[4];
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
  releaseBlocks();
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
static double linearError(Sim *s, bool tuned) {
  cutSlabs(s, displace(s, 0.02));
  for (int axis = 0; axis < 3; axis++)
    memset(s->p[axis], 0, cells(s) * sizeof(int32_t));
  double took[PARTS];
  paints(s, tuned);
  overdensities(s);
  potential(s, took);
  stencils(s, tuned);
  kicks(s, tuned, 1 << BITS);
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

static void tell(const char *what, const char *variant, int n, double seconds) {
  const double ns = seconds * 1e9 / ((double) n * n * n);
  if (json)
    printf("{\"peer\":\"floor\",\"versions\":{\"fftw\":\"%s\",\"cc\":\"%s\"},\"what\":\"%s\",\"variant\":\"%s\",\"mesh\":%d,\"steps\":1,"
        "\"threads\":%d,\"ns_per_particle_step\":%.3f,\"seconds\":%.6f,\"repeats\":%d}\n",
        fftwf_version, __VERSION__, what, variant, n, threads, ns, seconds, repeats);
  else
    printf("%5d^3  %d thread%s  %-34s %-7s %8.2f ns a particle\n", n, threads, threads > 1 ? "s" : " ", what, variant, ns);
  fflush(stdout);
}

static void copies(void) {
  const size_t bytes = 256 << 20;
  char *a = block(2 * bytes), *b = a + bytes;
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
  releaseBlocks();
}

static void measure(int n) {
  Sim *s = create(n);
  double inPlace, outOfPlace;
  planTransforms(s, &inPlace, &outOfPlace);
  tell("r2c and c2r in place", "", n, inPlace);
  tell("r2c and c2r out of place", "", n, outOfPlace);
  for (int tuned = 0; tuned < 2; tuned++)
    if (!(linearError(s, tuned) < 0.2))
      fail("the force of a small displacement is not that displacement");
  double largest = displace(s, RMS_CELLS), best[2][PARTS];
  cutSlabs(s, largest);
  if (!json)
    printf("%5d^3  displacements of %.1f cells rms an axis, at most %.2f\n", n, RMS_CELLS, largest);
  uint64_t before = digest(s);
  for (int r = 0; r <= repeats; r++)
    for (int both = 0; both < 4; both++) {
      double took[PARTS], *least = best[both / 2];
      step(s, both / 2, both % 2 ? -1 : 1, took);
      for (int part = 0; part < PARTS; part++)
        least[part] = r == 0 || took[part] < least[part] ? took[part] : least[part];
    }
  if (digest(s) != before)
    fail("steps back did not undo steps forward");
  for (int tuned = 0; tuned < 2; tuned++)
    for (int part = 0; part < PARTS; part++)
      tell(NAMES[part], tuned ? "tuned" : "plain", n, best[tuned][part]);
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
    else if (!strcmp(a, "--mesh") && n < 16 && atoi(value) >= 16 && atoi(value) <= 1024 && atoi(value) % STREAMS == 0)
      meshes[n++] = atoi(value), i++;
    else if (!strcmp(a, "--threads") && atoi(value) > 0)
      threads = atoi(value), i++;
    else if (!strcmp(a, "--repeats") && atoi(value) > 0)
      repeats = atoi(value), i++;
    else {
      fprintf(stderr, "floor: %s %s: not understood; options are --mesh N (a multiple of 8, 16 ... 1024), --threads T, --repeats R, --json, "
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
