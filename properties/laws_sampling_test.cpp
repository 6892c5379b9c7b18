// The declared power of the sampling test, measured: a bias of the declared effect is found, honest draws never are.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "properties/check.hpp"

namespace audit::properties {
namespace {

using impls::Implementation;

/// gumbel_softmax of contiguous rows with so much more in the first of two logits.
Implementation biased(double bias) {
  Implementation target = *impls::find("gumbel_softmax");
  target.claim.bounds = [](const impls::Row& row, const impls::Format&) {
    return std::vector<impls::Bound>(row.x.size(), {0, 1});
  };
  target.claim.promises = impls::subnormals;
  target.prepare = [prepare = target.prepare, bias](const impls::Format& format, const impls::Shape& shape) {
    return impls::Kernel([kernel = prepare(format, shape), bias](impls::Call call) {
      const auto* x = static_cast<const double*>(call.x);
      std::vector<double> more(x, x + call.shape.outer * call.shape.n);
      for (std::size_t o = 0; o < call.shape.outer; ++o) more[o * call.shape.n] += bias;
      call.x = more.data();
      return kernel(call);
    });
  };
  return target;
}

/// In how many of 40 rows of two equal logits, each with noise of its own, the test finds something.
int found(const Implementation& target) {
  int count = 0;
  for (int i = 0; i < 40; ++i) {
    const double x = 0.25 * i;
    const impls::Row row{{x, x}, i % 2 ? 0.5 : 1.0, {0, 0}};
    for (const auto& [law, finding] : hold(target, reference::spelled_out(impls::Map::gumbel_softmax, impls::f64, row)))
      count += law->name == "sampling" && finding;
  }
  return count;
}

TEST(Sampling, HasItsDeclaredPowerAndAccusesNobody) {
  // Masses of 0.55 and 0.45 in place of two halves: Cohen's w = sqrt(2 · 0.05² / 0.5) = 0.1.
  EXPECT_GE(found(biased(std::log(0.55 / 0.45))), 39);
  EXPECT_EQ(found(biased(0)), 0);
}

/// A target that draws the first class where its noise is above 6, by -log(-log u) once in 400 draws, and the last
/// class elsewhere.
Implementation drawing_the_first() {
  Implementation target = biased(0);
  target.prepare = [](const impls::Format&, const impls::Shape&) {
    return impls::Kernel([](const impls::Call& call) {
      const auto* noise = static_cast<const double*>(call.operand);
      auto* y = static_cast<double*>(call.y);
      const std::size_t n = call.shape.n;
      for (std::size_t o = 0; o < call.shape.outer; ++o)
        for (std::size_t j = 0; j < n; ++j) y[o * n + j] = j == (n == 1 || noise[o * n] > 6 ? 0 : 1 + o % (n - 1));
      return 0;
    });
  };
  return target;
}

/// Classes of no mass, or of next to none, are not to be drawn, be it once in 400 draws.
TEST(Sampling, NoticesAClassThatIsHardlyEverDrawn) {
  for (const char* first : {"-inf", "-0x1.8p+4"}) {
    const std::string row = std::string(first) + ",0x0p+0,0x0p+0";
    const auto held =
        hold(drawing_the_first(), reference::rebuild("gumbel_softmax:f64:row=" + row + ":operand=3@0x0p+0"));
    EXPECT_TRUE(std::ranges::any_of(held, [](const Holding& h) { return h.law->name == "sampling" && h.finding; }))
        << row;
  }
}

}  // namespace
}  // namespace audit::properties
