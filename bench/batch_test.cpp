#include "bench/batch.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace audit::bench {
namespace {

using impls::f32;
using impls::Map;

// 150 rows, 64 of them drawn, in three stretches: whatever the call, the rows are those of their cases.
TEST(Batch, HoldsItsCasesInEveryStretch) {
  Batch batch(f32, 5, 150, 3, true);
  const impls::Call first = batch.call(Map::gumbel_softmax);
  for (int stretch = 0; stretch < 4; ++stretch) {
    const impls::Call call = batch.move_on(first);
    for (const std::size_t row : {0U, 63U, 64U, 149U}) {
      const reference::Case question = batch.question(Map::gumbel_softmax, row);
      for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(impls::decode(f32, impls::load_bits(f32, call.x, row * 5 + i)), question.row.x[i]);
        EXPECT_EQ(impls::decode(f32, impls::load_bits(f32, call.operand, row * 5 + i)), question.row.operand[i]);
      }
      EXPECT_EQ(batch.question(Map::logsumexp, row).row.x, question.row.x);
    }
  }
  const void* here = batch.move_on(first).x;
  EXPECT_NE(batch.move_on(first).x, here);
  EXPECT_NE(batch.move_on(first).x, here);
  EXPECT_EQ(batch.move_on(first).x, here);
}

TEST(Batch, TellsWhatWasWritten) {
  Batch batch(f32, 3, 4, 1, false);
  batch.poison(Map::softmax, 2);
  float* y = static_cast<float*>(batch.call(Map::softmax).y);
  y[2 * 3 + 1] = 0.25F;
  const impls::Answer answer = batch.answer(Map::softmax, 2);
  EXPECT_EQ(answer.written, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(answer.y[1], 0.25);
  batch.poison(Map::logsumexp, 3);
  y[3] = 7;
  EXPECT_EQ(batch.answer(Map::logsumexp, 3).y, std::vector<double>{7});
}

TEST(Batch, CopiesAStretch) {
  Batch batch(f32, 3, 4, 1, false);
  batch.copy();
  const impls::Call call = batch.call(Map::softmax);
  EXPECT_EQ(std::memcmp(call.x, call.y, 4 * 3 * sizeof(float)), 0);
}

TEST(Batch, MendsItsLastByte) {
  Batch batch(f32, 3, 4, 2, true);
  EXPECT_TRUE(batch.mend());
  const impls::Call last = batch.move_on(batch.call(Map::gumbel_softmax));
  for (const void* array : {last.x, last.operand}) {
    float& end = static_cast<float*>(const_cast<void*>(array))[11];
    const float before = end;
    end = -before;
    EXPECT_FALSE(batch.mend());
    EXPECT_EQ(end, before);
    EXPECT_TRUE(batch.mend());
  }
}

}  // namespace
}  // namespace audit::bench
