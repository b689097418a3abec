// Functions of each element of a field, and products of fields.

// Pointwise.Function, in its order.
enum Function { F_EXP, F_LOG, F_LOG1P, F_TANH, F_SQRT, F_SQUARE, F_RECIPROCAL, F_SIGMOID, F_ABS, F_POWER, F_MAX };

// The sign is that of the power of a negative x; see power_of.
FN double function_of(int f, double parameter, double sign, double x) {
  switch (f) {
    case F_EXP:
      return exp_of(x);
    case F_LOG:
      return log_of(x);
    case F_LOG1P:
      return log1p_of(x);
    case F_TANH:
      return tanh_of(x);
    case F_SQRT:
      return sqrt(x);
    case F_SQUARE:
      return x * x;
    case F_RECIPROCAL:
      return 1 / x;
    case F_SIGMOID:
      return sigmoid_of(x);
    case F_ABS:
      return fabs(x);
    case F_POWER:
      return parameter == 0 ? 1 : power_of(x, parameter, sign);
    default:
      return x < (float) parameter ? (float) parameter : x;
  }
}

// Cotangent times the derivative; the sign is that of the power less one.
FN double pulled_back(int f, double parameter, double sign, double x, double cotangent) {
  switch (f) {
    case F_EXP:
      return cotangent * exp_of(x);
    case F_LOG:
      return cotangent / x;
    case F_LOG1P:
      return cotangent / (1 + x);
    case F_TANH:
      return cotangent * tanh_slope(x);
    case F_SQRT:
      return cotangent * (0.5 / sqrt(x));
    case F_SQUARE:
      return cotangent * (2.0 * x);
    case F_RECIPROCAL:
      return cotangent * (-1 / (x * x));
    case F_SIGMOID:
      return cotangent * sigmoid_slope(x);
    case F_ABS:
      return cotangent * (x > 0 ? 1.0 : x < 0 ? -1.0 : x == 0 ? 0.0 : NO_NUMBER);
    case F_POWER:
      return parameter == 0 || parameter == 1 ? cotangent * parameter
                                              : cotangent * (parameter * power_of(x, parameter - 1, sign));
    default:
      return x < (float) parameter ? 0 : cotangent;
  }
}

KERNEL(apply_function, int f, double parameter, double sign, const float *x, float *out, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      out[n] = (float) function_of(f, parameter, sign, x[n]);
  }
}

KERNEL(pull_back_function, int f, double parameter, double sign, const float *x, const float *cotangent, float *out,
    int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      out[n] = (float) pulled_back(f, parameter, sign, x[n], cotangent[n]);
  }
}

// Adds cotangent times the derivative of x^a by a, each term apart.
KERNEL(power_by_exponent, double exponent, const float *x, const float *cotangent, int size, u64 *answer) {
  THREADS {
    Sum sum = zero_sum();
    for (i64 n = thread_number(); n < size; n += thread_count()) {
      double logarithm = log_of(x[n]);
      double slope = x[n] == 0 && exponent > 0 ? 0 : exp_of(exponent * logarithm) * logarithm;
      add_term(sum, cotangent[n] * slope);
    }
    answer_sum(answer, sum);
  }
}

KERNEL(multiply_fields, const float *x, const float *y, float *out, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      out[n] = x[n] * y[n];
  }
}

KERNEL(divide_fields, const float *x, const float *y, float *out, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      out[n] = x[n] / y[n];
  }
}

KERNEL(affine, double a, const float *x, double b, float *out, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      out[n] = (float) (a * x[n] + b);
  }
}

KERNEL(max_fields, const float *x, const float *y, float *out, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      out[n] = x[n] < y[n] || y[n] != y[n] ? y[n] : x[n];
  }
}

KERNEL(max_transpose, const float *x, const float *y, const float *cotangent, float *out, int size) {
  THREADS {
    for (i64 n = thread_number(); n < size; n += thread_count())
      out[n] = x[n] >= y[n] ? cotangent[n] : 0;
  }
}

// Adds factor x, each term apart.
KERNEL(sum_field, const float *x, int size, double factor, u64 *answer) {
  THREADS {
    Sum sum = zero_sum();
    for (i64 n = thread_number(); n < size; n += thread_count())
      add_term(sum, factor * x[n]);
    answer_sum(answer, sum);
  }
}

// Counts what is infinite or NaN.
KERNEL(count_not_finite, const float *x, int size, u64 *answer) {
  THREADS {
    u64 count[1] = {0};
    for (i64 n = thread_number(); n < size; n += thread_count())
      count[0] += (bits_of(x[n]) & 0x7f800000) == 0x7f800000 ? 1 : 0;
    add_all(slot_of(answer), count);
  }
}

// The largest of keys that grow as floats shrink: 2^32 less the place of a float among all in order; 2^32 of NaN.
KERNEL(least, const float *x, int size, u64 *answer) {
  THREADS {
    u64 largest = 0;
    for (i64 n = thread_number(); n < size; n += thread_count()) {
      u32 bits = (u32) bits_of(x[n]);
      u32 place = bits >> 31 ? ~bits : bits | 0x80000000u;
      u64 key = x[n] == x[n] ? 0xffffffffu - place : 0x100000000ull;
      largest = key > largest ? key : largest;
    }
    answer_largest(answer, 0, largest);
  }
}
