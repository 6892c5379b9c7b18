#include "bench/replay.hpp"

#include <gtest/gtest.h>

#include "bench/testing.hpp"

namespace audit::bench {
namespace {

TEST(Replay, ShowsTheLargestErrorHoweverManyHaveNone) {
  const auto target = testing::answering("flushes", [](const impls::Format& format, const impls::Row& question) {
    testing::Row answer = testing::rounded(format, question);
    for (std::size_t i = 0; i + 1 < answer.size(); ++i) answer[i] = 0;
    *answer.back() *= 2;
    return answer;
  });
  const auto shown = replay(target, reference::rebuild("softmax:f32:equal:n=64:seed=1:index=0"), 40);
  EXPECT_NE(shown.table.find("\n     63  "), std::string::npos) << shown.table;
  EXPECT_NE(shown.table.find("flushed"), std::string::npos) << shown.table;
  EXPECT_NE(shown.table.find("the 40 worst of 64 elements"), std::string::npos) << shown.table;
}

}  // namespace
}  // namespace audit::bench
