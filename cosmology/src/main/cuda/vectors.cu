// Vector algebra on whole fields: element by element, and sums of terms in exact fixed point, so in any order.

KERNEL(fill, float *field, int size, float value) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      field[n] = value;
  }
}

KERNEL(add_scaled, float a, const float *x, float *y, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      y[n] += a * x[n];
  }
}

KERNEL(scale, float a, float *y, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      y[n] *= a;
  }
}

KERNEL(rotate, float *q, float *p, int size, double c, double s) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count()) {
      double qn = q[n];
      double pn = p[n];
      q[n] = (float) (c * qn + s * pn);
      p[n] = (float) (c * pn - s * qn);
    }
  }
}

KERNEL(accumulate, const float *field, double *sum, double *squares, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count()) {
      double value = field[n];
      sum[n] += value;
      squares[n] += value * value;
    }
  }
}

// Adds factor a b, each term apart.
KERNEL(dot, const float *a, const float *b, int size, double factor, u64 *answer) {
  THREADS {
    Sum sum = zero_sum();
    for (i64 n = thread_number(); n < size; n += thread_count())
      add_term(sum, factor * ((double) a[n] * b[n]));
    answer_sum(answer, sum);
  }
}

// model <- (model - data) weight; adds (model - data)^2 weight, each term apart.
KERNEL(residual, float *model, const float *data, int size, double weight, u64 *answer) {
  THREADS {
    Sum sum = zero_sum();
    for (i64 n = thread_number(); n < size; n += thread_count()) {
      double r = (double) model[n] - data[n];
      model[n] = (float) (r * weight);
      add_term(sum, r * r * weight);
    }
    answer_sum(answer, sum);
  }
}

// One normal a cell of a block, counted by global cell index. The launch's x runs along z, its y and z over the block's lines.
KERNEL(normals, float *into, int nz, i64 x0, i64 y0, i64 meshY, u32 seedLow, u32 seedHigh, u32 draw, u32 last) {
  THREADS {
    int k = cell_k();
    if (k < nz) {
      i64 cell = ((x0 + blockIdx.z) * meshY + y0 + blockIdx.y) * nz + k;
      i64 at = ((i64) blockIdx.z * gridDim.y + blockIdx.y) * nz + k;
      into[at] = (float) normal((u64) cell >> 1, (int) (cell & 1), seedLow, seedHigh, draw, last);
    }
  }
}
