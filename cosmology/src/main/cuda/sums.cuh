// Exact sums: ExactSum's fixed point of 128 bits, quantum 2^-64, without its carries. Each 32 bits of a term are added to a number of
// 64 bits of their own, so additions commute and 2^32 terms fit; the fifth number counts the terms that are not finite or beyond
// +-2^62. The host carries.
#pragma once

#define SUM_WORDS 5

// What a kernel answers with: ANSWER_SLOTS times ANSWER_WORDS numbers, of which blocks take turns, so that few wait for one another. The
// first words of a slot are a sum, then come largest magnitudes; the host joins the slots.
#define ANSWER_SLOTS 512
#define ANSWER_WORDS 16
#define ANSWER_LARGEST 5

FN u64 *slot_of(u64 *answer) {
  u32 block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  return answer + block % ANSWER_SLOTS * ANSWER_WORDS;
}

// One of the largest over a block's threads; all of them call it.
FN void answer_largest(u64 *answer, int which, u64 value) {
  raise_all(slot_of(answer) + ANSWER_LARGEST + which, value);
}

struct Sum {
  u64 limbs[4];
  u64 bad;
};

FN Sum zero_sum() {
  Sum sum = {{0, 0, 0, 0}, 0};
  return sum;
}

// A term is rounded towards zero to a multiple of 2^-64; a term and its negative cancel.
FN void add_term(Sum &sum, double term) {
  double size = fabs(term);
  if (size < 0x1p62) {
    u64 high = (u64) size;
    u64 low = (u64) ((size - (double) high) * 0x1p64);
    if (term < 0) {
      high = low == 0 ? 0 - high : ~high;
      low = 0 - low;
    }
    sum.limbs[0] += low & 0xffffffffull;
    sum.limbs[1] += low >> 32;
    sum.limbs[2] += high & 0xffffffffull;
    sum.limbs[3] += (u64) ((i64) high >> 32);
  } else {
    sum.bad++;
  }
}

// Adds the sums of a block's threads; all of them call it.
FN void answer_sum(u64 *answer, const Sum &sum) {
  const u64 words[SUM_WORDS] = {sum.limbs[0], sum.limbs[1], sum.limbs[2], sum.limbs[3], sum.bad};
  add_all(slot_of(answer), words);
}

// Adds the sum of one thread.
FN void add_sum(u64 *total, const Sum &sum) {
  for (int i = 0; i < 4; i++)
    if (sum.limbs[i] != 0)
      add_one(total + i, sum.limbs[i]);
  if (sum.bad != 0)
    add_one(total + 4, sum.bad);
}
