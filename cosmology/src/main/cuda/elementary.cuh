// Exponentials and logarithms of doubles that came from floats, as Elementary has them, operation by operation: additions, products,
// quotients and bits alone, each rounded by itself.
#pragma once

#define FARTHEST 708.0
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define ROUND_DOUBLE 0x1.8p52
#define INFINITE of_bits(0x7ff0000000000000ull)
#define NO_NUMBER of_bits(0x7ff8000000000000ull)

FN double clamp_far(double x) {
  return x > FARTHEST ? FARTHEST : x < -FARTHEST ? -FARTHEST : x;
}

// e^r - 1 for |r| <= ln(2)/2.
FN double small_exponential(double r) {
  double sum = 1.0 / 3628800 + r * (1.0 / 39916800);
  sum = 1.0 / 362880 + r * sum;
  sum = 1.0 / 40320 + r * sum;
  sum = 1.0 / 5040 + r * sum;
  sum = 1.0 / 720 + r * sum;
  sum = 1.0 / 120 + r * sum;
  sum = 1.0 / 24 + r * sum;
  sum = 1.0 / 6 + r * sum;
  sum = 1.0 / 2 + r * sum;
  return r + r * r * sum;
}

struct Exponential {
  double scale, small;
};

// e^x = scale (1 + small).
FN Exponential exponential(double x) {
  double clamped = clamp_far(x);
  double rounded = clamped * 0x1.71547652b82fep0 + ROUND_DOUBLE;
  double k = rounded - ROUND_DOUBLE;
  Exponential e;
  e.scale = of_bits((bits_of(rounded) + 1023) << 52);
  e.small = small_exponential(clamped - k * LN2_HIGH - k * LN2_LOW);
  return e;
}

FN double exp_of(double x) {
  Exponential e = exponential(x);
  return e.scale + e.scale * e.small;
}

FN double expm1_of(double x) {
  Exponential e = exponential(x);
  return e.scale * e.small + (e.scale - 1);
}

FN double log_of(double x) {
  const u64 ONE = 0x3ff0000000000000ull;
  u64 bits = bits_of(x);
  u64 exponent = (bits + (ONE - 0x3fe6a09e667f3bcdull)) >> 52;
  double k = of_bits(exponent | 0x4330000000000000ull) - (0x1p52 + 1023);
  double m = of_bits(bits - (exponent << 52) + ONE);
  double f = m - 1;
  double s = f / (2 + f);
  double z = s * s;
  double sum = 1.0 / 17 + z * (1.0 / 19);
  sum = 1.0 / 15 + z * sum;
  sum = 1.0 / 13 + z * sum;
  sum = 1.0 / 11 + z * sum;
  sum = 1.0 / 9 + z * sum;
  sum = 1.0 / 7 + z * sum;
  sum = 1.0 / 5 + z * sum;
  sum = 1.0 / 3 + z * sum;
  double twice = 2 * s;
  double value = k * LN2_HIGH + (k * LN2_LOW + (twice + twice * z * sum));
  double at_end = x == 0 ? -INFINITE : x > 0 ? x : NO_NUMBER;
  return x > 0 && x < INFINITE ? value : at_end;
}

FN double log1p_of(double x) {
  double sum = 1 + x;
  double lost = x - (sum - 1);
  double value = log_of(sum);
  return sum > 0 && sum < INFINITE ? value + lost / sum : value;
}

FN double tanh_of(double x) {
  double size = fabs(x);
  double minus = expm1_of(2 * (size > 20 ? 20 : size));
  return of_bits(bits_of(minus / (minus + 2)) | (bits_of(x) & 0x8000000000000000ull));
}

FN double tanh_slope(double x) {
  double e = exp_of(-2 * fabs(x));
  double sum = 1 + e;
  return 4 * e / (sum * sum);
}

FN double sigmoid_of(double x) {
  return 1 / (1 + exp_of(-x));
}

FN double sigmoid_slope(double x) {
  double e = exp_of(-fabs(x));
  double sum = 1 + e;
  return e / (sum * sum);
}

// x^a for a that is not 0. The sign is that of the power of a negative x, or 0 where it has none.
FN double power_of(double x, double exponent, double negativeSign) {
  double value = exp_of(exponent * log_of(fabs(x)));
  double negative = negativeSign == 0 ? NO_NUMBER : negativeSign * value;
  return x < 0 ? negative : value;
}
