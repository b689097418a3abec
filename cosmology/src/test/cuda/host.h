// A core in the place of a GPU: one block at a time, a block's threads one after the other between two SYNCs.
#pragma once

#include <cmath>
#include <cstring>
#include <tuple>
#include <utility>

struct dim3 {
  unsigned x, y, z;
};

struct float2 {
  float x, y;
};

static inline float2 make_float2(float x, float y) {
  return {x, y};
}

static thread_local dim3 gridDim, blockIdx, blockDim, threadIdx;

template <typename... Parameters, std::size_t... I>
static void each_block(void (*kernel)(Parameters...), void **arguments, std::index_sequence<I...>) {
  for (blockIdx.z = 0; blockIdx.z < gridDim.z; blockIdx.z++)
    for (blockIdx.y = 0; blockIdx.y < gridDim.y; blockIdx.y++)
      for (blockIdx.x = 0; blockIdx.x < gridDim.x; blockIdx.x++)
        kernel(*static_cast<Parameters *>(arguments[I])...);
}

// Returns the number of parameters; runs nothing where there are not as many arguments.
template <typename... Parameters>
static int run(void (*kernel)(Parameters...), int x, int y, int z, int block, int count, void **arguments) {
  if (count == sizeof...(Parameters)) {
    gridDim = {(unsigned) x, (unsigned) y, (unsigned) z};
    blockDim = {(unsigned) block, 1, 1};
    each_block(kernel, arguments, std::index_sequence_for<Parameters...>());
  }
  return sizeof...(Parameters);
}

// The type of each parameter, a letter each.
static constexpr char letter(int) {
  return 'i';
}

static constexpr char letter(unsigned) {
  return 'i';
}

static constexpr char letter(long long) {
  return 'l';
}

static constexpr char letter(float) {
  return 'f';
}

static constexpr char letter(double) {
  return 'd';
}

static constexpr char letter(const void *) {
  return 'p';
}

template <typename... Parameters>
static const char *types(void (*)(Parameters...)) {
  static const char letters[] = {letter(Parameters())..., 0};
  return letters;
}

#define KERNEL(name, ...)                                                                                    \
  static void name(__VA_ARGS__);                                                                             \
  extern "C" int run_##name(int x, int y, int z, int block, int count, void **arguments) {                   \
    return run(name, x, y, z, block, count, arguments);                                                      \
  }                                                                                                          \
  extern "C" const char *types_##name() {                                                                    \
    return types(name);                                                                                      \
  }                                                                                                          \
  static void name(__VA_ARGS__)
#define FN static inline
#define CONSTANT static const
#define SHARED
#define THREADS for (threadIdx.x = 0; threadIdx.x < blockDim.x; threadIdx.x++)
#define SYNC
#define UNROLL

FN void add_cell(int *cell, int value) {
  *cell = (int) ((unsigned) *cell + (unsigned) value);
}

template <int N>
FN void add_all(u64 *totals, const u64 (&values)[N]) {
  for (int i = 0; i < N; i++)
    totals[i] += values[i];
}

FN void add_one(u64 *total, u64 value) {
  *total += value;
}

FN void raise_all(u64 *largest, u64 value) {
  if (value > *largest)
    *largest = value;
}

FN u64 bits_of(double value) {
  u64 bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

FN double of_bits(u64 bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

FN int bits_of(float value) {
  int bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

FN u32 high_product(u32 a, u32 b) {
  return (u32) ((u64) a * b >> 32);
}
