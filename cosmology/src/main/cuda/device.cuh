// What a kernel may use of the machine. The same sources are compiled for a GPU and, with host.h, for a core: there a block's threads
// run one after the other, so whatever lies between two SYNCs is wrapped in THREADS, and no thread returns early.
#pragma once

typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;

#ifdef __CUDACC__

#define KERNEL(name, ...) extern "C" __global__ void name(__VA_ARGS__)
#define FN static __device__ __forceinline__
#define CONSTANT static __device__ const
#define SHARED __shared__
#define THREADS
#define SYNC __syncthreads()
#define UNROLL _Pragma("unroll")

FN void add_cell(int *cell, int value) {
  atomicAdd(cell, value);
}

// Adds N numbers of each thread of a block to as many of global memory, with one atomic a block and number. All threads of the block,
// whole warps of them, call it, once a kernel. Integers: the order does not matter.
template <int N>
FN void add_all(u64 *totals, const u64 (&values)[N]) {
  __shared__ u64 parts[N][32];
  UNROLL for (int i = 0; i < N; i++) {
    u64 value = values[i];
    for (int offset = 16; offset > 0; offset >>= 1)
      value += __shfl_down_sync(0xffffffffu, value, offset);
    if ((threadIdx.x & 31) == 0)
      parts[i][threadIdx.x >> 5] = value;
  }
  __syncthreads();
  if (threadIdx.x < N) {
    u64 total = 0;
    for (u32 warp = 0; warp < blockDim.x >> 5; warp++)
      total += parts[threadIdx.x][warp];
    if (total != 0)
      atomicAdd(totals + threadIdx.x, total);
  }
}

FN void add_one(u64 *total, u64 value) {
  atomicAdd(total, value);
}

// Raises a number of global memory to the largest of a block's, with one atomic a warp at most: none where the number is as large
// already. It only grows, so one that is read too early costs an atomic and no more.
FN void raise_all(u64 *largest, u64 value) {
  for (int offset = 16; offset > 0; offset >>= 1) {
    u64 other = __shfl_down_sync(0xffffffffu, value, offset);
    value = other > value ? other : value;
  }
  if ((threadIdx.x & 31) == 0 && value > *(const volatile u64 *) largest)
    atomicMax(largest, value);
}

FN u64 bits_of(double value) {
  return (u64) __double_as_longlong(value);
}

FN double of_bits(u64 bits) {
  return __longlong_as_double((i64) bits);
}

FN int bits_of(float value) {
  return __float_as_int(value);
}

FN u32 high_product(u32 a, u32 b) {
  return __umulhi(a, b);
}

#else
#include "host.h"
#endif

// The number of this thread among all threads of a launch along x, and how many there are.
FN i64 thread_number() {
  return (i64) blockIdx.x * blockDim.x + threadIdx.x;
}

FN i64 thread_count() {
  return (i64) gridDim.x * blockDim.x;
}

// Of magnitudes: ordered as they are, with NaN above all.
FN u64 ordered(double magnitude) {
  return bits_of(magnitude) & 0x7fffffffffffffffull;
}

// Towards zero, what does not fit as the nearest that does, NaN as 0: Java's cast.
FN int to_int(double value) {
  if (value >= 2147483647.0)
    return 2147483647;
  if (value > -2147483648.0)
    return (int) value;
  return value == value ? -2147483647 - 1 : 0;
}

FN int to_int(float value) {
  if (value >= 2147483648.0f)
    return 2147483647;
  if (value > -2147483648.0f)
    return (int) value;
  return value == value ? -2147483647 - 1 : 0;
}
