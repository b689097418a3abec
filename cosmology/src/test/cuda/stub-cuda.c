// A CUDA driver with one device that is this machine's memory, for tests of how JCuda passes arguments on. Work is done
// when it is enqueued. Kernels: add(int *data, int n, int value).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long address;
static int live;

int cuInit(unsigned flags) { return flags != 0; }
int cuDriverGetVersion(int *version) { *version = 12040; return 0; }
int cuDeviceGetCount(int *count) { *count = 1; return 0; }
int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return ordinal == 0 ? 0 : 101; }
int cuDeviceGetName(char *name, int length, int device) { snprintf(name, length, "Stub %d", device); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 6000000000ul + device; return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  *value = attribute == 75 ? 8 : attribute == 76 ? 6 : -1;
  return device;
}
int cuGetErrorName(int error, const char **text) { *text = error == 2 ? "CUDA_ERROR_OUT_OF_MEMORY" : "CUDA_ERROR_STUB"; return 0; }
int cuGetErrorString(int error, const char **text) { *text = error == 2 ? "out of memory" : "a stub's error"; return 0; }

int cuDevicePrimaryCtxRetain(void **context, int device) { live++; *context = &live; return device; }
int cuDevicePrimaryCtxRelease_v2(int device) { live--; return device; }
int cuCtxSetCurrent(void *context) { return context != &live; }

int cuModuleLoadDataEx(void **module, const char *image, unsigned count, int *options, void **values) {
  if (strstr(image, "nonsense")) {
    for (unsigned i = 0; i < count; i++)
      if (options[i] == 5)
        strcpy(values[i], "ptxas: nonsense in line 4");
    return 218;
  }
  live++;
  *module = &live;
  return strncmp(image, ".version", 8) != 0;
}
int cuModuleUnload(void *module) { live--; return module != &live; }
int cuModuleGetFunction(void **function, void *module, const char *name) {
  *function = strdup(name);
  return module != &live;
}

int cuMemAlloc_v2(address *memory, size_t bytes) {
  if (bytes > 6000000000ul)
    return 2;
  live++;
  *memory = (address) aligned_alloc(256, bytes);
  return 0;
}
int cuMemFree_v2(address memory) { live--; free((void *) memory); return 0; }
int cuMemGetInfo_v2(size_t *available, size_t *total) { *available = 5000000000ul; *total = 6000000000ul; return 0; }
int cuMemHostAlloc(void **memory, size_t bytes, unsigned flags) {
  live++;
  *memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  return flags != 1;
}
int cuMemFreeHost(void *memory) { live--; free(memory); return 0; }

int cuStreamCreate(void **stream, unsigned flags) { live++; *stream = malloc(1); return flags != 1; }
int cuStreamDestroy_v2(void *stream) { live--; free(stream); return 0; }
int cuStreamWaitEvent(void *stream, void *event, unsigned flags) { return stream == 0 || event == 0 || flags; }
int cuEventCreate(void **event, unsigned flags) { live++; *event = calloc(1, sizeof(int)); return flags != 2; }
int cuEventDestroy_v2(void *event) { live--; free(event); return 0; }
int cuEventRecord(int *event, void *stream) { *event = 3; return stream == 0; }
int cuStreamQuery(void *stream) { return 0; }
int cuEventQuery(int *event) { return --*event > 0 ? 600 : 0; }

int cuMemcpyDtoHAsync_v2(void *to, address from, size_t bytes, void *stream) { memcpy(to, (void *) from, bytes); return stream == 0; }
int cuMemcpyHtoDAsync_v2(address to, void *from, size_t bytes, void *stream) { memcpy((void *) to, from, bytes); return stream == 0; }
int cuMemcpyDtoDAsync_v2(address to, address from, size_t bytes, void *stream) {
  memcpy((void *) to, (void *) from, bytes);
  return stream == 0;
}
int cuMemsetD8Async(address to, unsigned char value, size_t count, void *stream) { memset((void *) to, value, count); return stream == 0; }
int cuMemsetD32Async(address to, unsigned value, size_t count, void *stream) {
  for (size_t i = 0; i < count; i++)
    ((unsigned *) to)[i] = value;
  return stream == 0;
}
int cuMemsetD2D32Async(address to, size_t pitch, unsigned value, size_t width, size_t height, void *stream) {
  for (size_t row = 0; row < height; row++)
    for (size_t i = 0; i < width; i++)
      ((unsigned *) (to + row * pitch))[i] = value;
  return stream == 0;
}

int cuLaunchKernel(const char *function, unsigned x, unsigned y, unsigned z, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void *stream, void **parameters, void **extra) {
  if (strcmp(function, "add") || x != 3 || y != 2 || z != 1 || bx != 64 || by != 1 || bz != 1 || shared || extra || !stream)
    return 1;
  int *data = *(int **) parameters[0];
  int n = *(int *) parameters[1];
  int value = *(int *) parameters[2];
  for (int i = 0; i < n; i++)
    data[i] += value;
  return 0;
}

int stub_live(void) { return live; }
