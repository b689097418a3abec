// White noise as NoiseKey makes it: Philox4x32-10 (Salmon et al. 2011), Box and Muller with the logarithm, sine and cosine of FDLIBM 5.3,
// which is what Java's StrictMath computes, operation by operation, for the arguments there are: log of (0, 1], angles in (0, 2 pi].
//
// The polynomials and the reduction are FDLIBM's: Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved. Permission to
// use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
#pragma once

struct Words {
  u32 w[4];
};

FN Words philox(u64 counter, u32 draw, u32 last, u32 keyLow, u32 keyHigh) {
  u32 c0 = (u32) counter, c1 = (u32) (counter >> 32), c2 = draw, c3 = last;
  for (int round = 0; round < 10; round++) {
    u32 high0 = high_product(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
    u32 high1 = high_product(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ keyLow;
    c1 = low1;
    c2 = high0 ^ c3 ^ keyHigh;
    c3 = low0;
    keyLow += 0x9E3779B9u;
    keyHigh += 0xBB67AE85u;
  }
  Words words = {{c0, c1, c2, c3}};
  return words;
}

// In (0, 1], 53 bits.
FN double uniform(u32 high, u32 low) {
  u64 bits = ((u64) high << 32 | low) >> 11;
  return (double) (bits + 1) * 0x1p-53;
}

FN int high_word(double x) {
  return (int) (bits_of(x) >> 32);
}

// ln of a normal number in (0, 1].
FN double log_unit(double x) {
  const double LN2_HIGH = 0x1.62e42feep-1, LN2_LOW = 0x1.a39ef35793c76p-33;
  const double L1 = 0x1.5555555555593p-1, L2 = 0x1.999999997fa04p-2, L3 = 0x1.2492494229359p-2,
               L4 = 0x1.c71c51d8e78afp-3, L5 = 0x1.7466496cb03dep-3, L6 = 0x1.39a09d078c69fp-3,
               L7 = 0x1.2f112df3e5244p-3;
  int high = high_word(x);
  int mantissa = high & 0xfffff;
  int above = (mantissa + 0x95f64) & 0x100000;
  int k = (high >> 20) - 1023 + (above >> 20);
  // x or x/2: within a factor sqrt(2) of 1.
  u64 bits = (bits_of(x) & 0xffffffffull) | (u64) (u32) (mantissa | (above ^ 0x3ff00000)) << 32;
  double f = of_bits(bits) - 1.0;
  double dk = k;
  if ((0xfffff & (2 + mantissa)) < 3) {
    if (f == 0)
      return k == 0 ? 0 : dk * LN2_HIGH + dk * LN2_LOW;
    double r = f * f * (0.5 - 0.33333333333333333 * f);
    return k == 0 ? f - r : dk * LN2_HIGH - ((r - dk * LN2_LOW) - f);
  }
  double s = f / (2.0 + f);
  double z = s * s;
  double w = z * z;
  double even = w * (L2 + w * (L4 + w * L6));
  double odd = z * (L1 + w * (L3 + w * (L5 + w * L7)));
  double r = odd + even;
  if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
    double half = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : dk * LN2_HIGH - ((half - (s * (half + r) + dk * LN2_LOW)) - f);
  }
  return k == 0 ? f - s * (f - r) : dk * LN2_HIGH - ((s * (f - r) - dk * LN2_LOW) - f);
}

// An angle less a multiple of pi/2, as two doubles.
struct Reduced {
  double y0, y1;
  int quadrant;
};

FN int exponent(double x) {
  return (high_word(x) >> 20) & 0x7ff;
}

// Of an angle in (0, 2 pi].
FN Reduced reduce(double x) {
  const double PIO2_1 = 0x1.921fb544p0, PIO2_1T = 0x1.0b4611a626331p-34, PIO2_2 = 0x1.0b4611a6p-34,
               PIO2_2T = 0x1.3198a2e037073p-69, PIO2_3 = 0x1.3198a2ep-69, PIO2_3T = 0x1.b839a252049c1p-104;
  Reduced r = {x, 0, 0};
  int high = high_word(x);
  if (high <= 0x3fe921fb)
    return r;
  if (high < 0x4002d97c) {
    r.quadrant = 1;
    double z = x - PIO2_1;
    double tail = PIO2_1T;
    if (high == 0x3ff921fb) {
      z -= PIO2_2;
      tail = PIO2_2T;
    }
    r.y0 = z - tail;
    r.y1 = (z - r.y0) - tail;
    return r;
  }
  r.quadrant = (int) (x * 0x1.45f306dc9c883p-1 + 0.5);
  double n = r.quadrant;
  double t = x - n * PIO2_1;
  double w = n * PIO2_1T;
  r.y0 = t - w;
  int multiple = r.quadrant == 2 ? 0x400921fb : r.quadrant == 3 ? 0x4012d97c : 0x401921fb;
  if (high == multiple && exponent(x) - exponent(r.y0) > 16) {
    double before = t;
    w = n * PIO2_2;
    t = before - w;
    w = n * PIO2_2T - ((before - t) - w);
    r.y0 = t - w;
    if (exponent(x) - exponent(r.y0) > 49) {
      before = t;
      w = n * PIO2_3;
      t = before - w;
      w = n * PIO2_3T - ((before - t) - w);
      r.y0 = t - w;
    }
  }
  r.y1 = (t - r.y0) - w;
  return r;
}

FN double sine(const Reduced &r) {
  const double S1 = -0x1.5555555555549p-3, S2 = 0x1.111111110f8a6p-7, S3 = -0x1.a01a019c161d5p-13,
               S4 = 0x1.71de357b1fe7dp-19, S5 = -0x1.ae5e68a2b9cebp-26, S6 = 0x1.5d93a5acfd57cp-33;
  double x = r.y0;
  if ((high_word(x) & 0x7fffffff) < 0x3e400000)
    return x;
  double z = x * x;
  double v = z * x;
  double p = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
  return r.quadrant == 0 ? x + v * (S1 + z * p) : x - ((z * (0.5 * r.y1 - v * p) - r.y1) - v * S1);
}

FN double cosine(const Reduced &r) {
  const double C1 = 0x1.555555555554cp-5, C2 = -0x1.6c16c16c15177p-10, C3 = 0x1.a01a019cb159p-16,
               C4 = -0x1.27e4f809c52adp-22, C5 = 0x1.1ee9ebdb4b1c4p-29, C6 = -0x1.8fae9be8838d4p-37;
  double x = r.y0;
  int high = high_word(x) & 0x7fffffff;
  if (high < 0x3e400000)
    return 1;
  double z = x * x;
  double p = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
  if (high < 0x3fd33333)
    return 1.0 - (0.5 * z - (z * p - x * r.y1));
  double q = high > 0x3fe90000 ? 0.28125 : of_bits((u64) (u32) (high - 0x00200000) << 32);
  return (1.0 - q) - ((0.5 * z - q) - (z * p - x * r.y1));
}

// The first (half 0) or second normal of block `index` of a stream.
FN double normal(u64 index, int half, u32 seedLow, u32 seedHigh, u32 draw, u32 last) {
  Words words = philox(index + 1, draw, last, seedLow, seedHigh);
  double radius = sqrt(-2 * log_unit(uniform(words.w[0], words.w[1])));
  Reduced angle = reduce(0x1.921fb54442d18p2 * uniform(words.w[2], words.w[3]));
  int turn = (angle.quadrant + 1 - half) & 3;
  // cos(n pi/2 + y): cos y, -sin y, -cos y, sin y; sin is a quarter turn behind.
  double value = (turn & 1) == 1 ? cosine(angle) : sine(angle);
  return radius * ((turn & 2) == 0 ? value : -value);
}
