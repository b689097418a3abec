// A cuFFT whose transforms are checks of what they were given: they copy, and add 1 to each number, or 2 where inverse.
#include <stddef.h>
#include <string.h>

#ifndef VERSION
#error "say -DVERSION"
#endif

typedef struct {
  int live, type, automatic;
  long long length, in, out, batch;
  void *work, *stream;
} Plan;
static Plan plans[16];

int cufftGetVersion(int *version) { *version = VERSION; return 0; }
int cufftCreate(int *handle) {
  for (*handle = 1; plans[*handle].live; ++*handle)
    ;
  plans[*handle] = (Plan){.live = 1, .automatic = 1};
  return 0;
}
int cufftDestroy(int handle) { plans[handle].live = 0; return 0; }
int cufftSetAutoAllocation(int handle, int automatic) { plans[handle].automatic = automatic; return 0; }
int cufftMakePlanMany64(int handle, int rank, long long *n, long long *inembed, long long istride, long long idist,
                        long long *onembed, long long ostride, long long odist, int type, long long batch, size_t *work) {
  Plan *plan = &plans[handle];
  if (!plan->live || plan->automatic || rank != 1 || *inembed != *n || *onembed != *n || istride != 1 || ostride != 1)
    return 4;
  if (*n == 31)
    return 5;
  plan->type = type;
  plan->length = *n;
  plan->in = idist;
  plan->out = odist;
  plan->batch = batch;
  *work = 777;
  return 0;
}
int cufftSetWorkArea(int handle, void *work) { plans[handle].work = work; return 0; }
int cufftSetStream(int handle, void *stream) { plans[handle].stream = stream; return 0; }

static int run(int handle, const float *in, float *out, long long stride, float value, int type) {
  Plan *plan = &plans[handle];
  if (plan->type != type || !plan->work || !plan->stream)
    return 6;
  memset(plan->work, 0x55, 777);
  for (long long i = 0; i < stride * plan->batch; i++)
    out[i] = in[i] + value;
  return 0;
}
int cufftExecR2C(int handle, float *in, float *out) {
  Plan *plan = &plans[handle];
  return plan->in != 2 * plan->out ? 4 : run(handle, in, out, plan->in, 1, 0x2a);
}
int cufftExecC2R(int handle, float *in, float *out) {
  Plan *plan = &plans[handle];
  return plan->out != 2 * plan->in ? 4 : run(handle, in, out, plan->out, 1, 0x2c);
}
int cufftExecC2C(int handle, float *in, float *out, int direction) {
  Plan *plan = &plans[handle];
  return plan->in != plan->length ? 4 : run(handle, in, out, 2 * plan->in, direction == 1 ? 2 : 1, 0x29);
}

