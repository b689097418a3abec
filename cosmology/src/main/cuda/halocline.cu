// All kernels of the GPU lane, one module. Every number is made of correctly rounded operations alone, without contraction
// (-fmad=false, -ffp-contract=off) or fast math, so that a core computes the same.
#include "device.cuh"
#include "sums.cuh"
#include "grid.cuh"
#include "noise.cuh"
#include "elementary.cuh"

#include "particles.cu"
#include "meshes.cu"
#include "vectors.cu"
#include "pointwise.cu"
#include "lines.cu"
#include "spectra.cu"
#include "modes.cu"
