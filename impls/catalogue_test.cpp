#include "impls/catalogue.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace audit::impls {
namespace {

Implementation target_of(Map map, Kernel kernel) {
  Implementation made;
  made.map = map;
  made.formats = {f32};
  made.prepare = [kernel = std::move(kernel)](const Format&, const Shape&) { return kernel; };
  return made;
}

TEST(Ask, PassesOnWhatEachMapTakesAndTakesAsManyNumbersAsItGives) {
  Call seen;
  std::int64_t target = -1;
  std::int32_t last_child = 0;
  const auto remember = [&](const Call& call) {
    seen = call;
    if (call.target) target = *call.target;
    if (call.tree) last_child = call.tree[3];
    return 0;
  };
  const Answer loss = ask(target_of(Map::cross_entropy, remember), f32, {.x = {1, 2, 3}, .target = {2}});
  EXPECT_EQ(loss.y.size(), 1U);
  EXPECT_EQ(target, 2);
  EXPECT_EQ(seen.tree, nullptr);

  const Row scores{.x = {1, 2}, .tree = {1, -1, -3, -2}};
  const Answer leaves = ask(target_of(Map::hierarchical_softmax, remember), f32, scores);
  EXPECT_EQ(leaves.y.size(), 3U);
  EXPECT_EQ(last_child, -2);
  EXPECT_EQ(seen.shape.n, 3U) << "leaves";
  EXPECT_EQ(seen.x_stride.outer, 2);
  EXPECT_EQ(seen.y_stride.outer, 3);
  EXPECT_EQ(seen.target, nullptr);
  ask(target_of(Map::hierarchical_softmax, remember), f32, {.x = {1, 2}});
  EXPECT_EQ(seen.tree, nullptr) << "heap order";
}

TEST(Ask, SeesAChangedTargetOrTree) {
  const auto meddle = [](const Call& call) {
    if (call.target) *const_cast<std::int64_t*>(call.target) = 0;
    if (call.tree) *const_cast<std::int32_t*>(call.tree) = 0;
    return 0;
  };
  EXPECT_TRUE(ask(target_of(Map::cross_entropy, meddle), f32, {.x = {1, 2}, .target = {1}}).input_changed);
  EXPECT_TRUE(ask(target_of(Map::hierarchical_softmax, meddle), f32, {.x = {1}, .tree = {-1, -2}}).input_changed);
  EXPECT_FALSE(ask(target_of(Map::hierarchical_softmax, meddle), f32, {.x = {1}}).input_changed);
}

TEST(InDomain, IsATreeOfOneLeaf) {
  EXPECT_TRUE(in_domain(find("hierarchical_softmax")->claim, {}, f32));
  EXPECT_FALSE(in_domain(find("hierarchical_softmax")->claim, {.x = {-INFINITY}}, f32));
}

// Who knows a NaN by the bits of the usual one is to meet others.
TEST(Ask, GivesNaNsInOddPlacesAllBitsOfTheirSignificand) {
  std::vector<std::uint64_t> seen;
  const auto remember = [&](const Call& call) {
    for (std::size_t j = 0; j < 4; ++j) seen.push_back(load_bits(f32, call.x, j));
    return 0;
  };
  ask(target_of(Map::softmax, remember), f32, {.x = {NAN, NAN, -NAN, -NAN}});
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0x7FC00000, 0x7FFFFFFF, 0xFFC00000, 0xFFFFFFFF}));
}

// f8e4m3 has two NaNs, one a sign: a kernel may write either, and the poison is one of them.
TEST(Ask, TellsANaNFromWhatWasNeverWrittenInEveryFormat) {
  for (const Format& format : formats)
    for (const bool negative : {false, true}) {
      const auto first_alone = [&](const Call& call) {
        const std::uint64_t sign = std::uint64_t{negative} << (8 * format.bytes - 1);
        store_bits(format, encode(format, NAN) | sign, call.y, 0);
        return 0;
      };
      const Answer answer = ask(target_of(Map::softmax, first_alone), format, {.x = {1, 2}});
      EXPECT_TRUE(std::isnan(answer.y[0]));
      EXPECT_TRUE(answer.written[0]) << format.name << negative;
      EXPECT_FALSE(answer.written[1]) << format.name << negative;
    }
}

}  // namespace
}  // namespace audit::impls
