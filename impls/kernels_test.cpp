#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "impls/catalogue.hpp"
#include "impls/every_kernel.hpp"

// What every kernel of the catalogue is held to beside its bound: what is written, and special values.

namespace audit::impls {
namespace {

constexpr double inf = INFINITY;

using testing::row_for;

bool is_nan(double v) { return std::isnan(v); }

class AnyKernel : public testing::EveryKernel {};
INSTANTIATE_TEST_SUITE_P(Kernels, AnyKernel, ::testing::ValuesIn(testing::kernels(testing::any)), testing::name_of);

class StrictKernel : public testing::EveryKernel {};
INSTANTIATE_TEST_SUITE_P(Kernels, StrictKernel, ::testing::ValuesIn(testing::kernels(testing::claims_a_bound)),
                         testing::name_of);

class KernelOfLogits : public testing::EveryKernel {
 protected:
  const double masked = target.map == Map::log_softmax ? -inf : 0;
};
INSTANTIATE_TEST_SUITE_P(Kernels, KernelOfLogits, ::testing::ValuesIn(testing::kernels(testing::takes_logits)),
                         testing::name_of);

class ClassifiedKernel : public KernelOfLogits {};
INSTANTIATE_TEST_SUITE_P(Kernels, ClassifiedKernel, ::testing::ValuesIn(testing::kernels(testing::is_classified)),
                         testing::name_of);

bool promises_exact_shifts(const Implementation& implementation) { return implementation.claim.promises & shift_exact; }

class ShiftExactKernel : public testing::EveryKernel {};
INSTANTIATE_TEST_SUITE_P(Kernels, ShiftExactKernel, ::testing::ValuesIn(testing::kernels(promises_exact_shifts)),
                         testing::name_of);

TEST_P(AnyKernel, WritesEveryElementAndNoInput) {
  for (const Format& format : target.formats) {
    const Row row = row_for(target, {0.5, -1, 2, 1, 1});
    const Answer got = ask(target, format, row);
    EXPECT_EQ(got.status, 0);
    EXPECT_FALSE(got.input_changed);
    EXPECT_EQ(got.y.size(), outputs(target.map, length(target.map, row)));
    EXPECT_TRUE(std::ranges::all_of(got.written, std::identity{}));
  }
}

TEST_P(AnyKernel, SupportsNoOtherFormatAndNoTemperatureOfZero) {
  const Format decimal{"decimal32", 24, -126, 127, 4};
  EXPECT_NE(ask(target, decimal, row_for(target, {1, 2})).status, 0);
  Row frozen = row_for(target, {1, 2});
  frozen.temperature = 0;
  EXPECT_NE(ask(target, target.formats.front(), frozen).status, 0);
}

// Its arrays are null: to touch one is to crash.
TEST_P(AnyKernel, TouchesNothingForEmptyRows) {
  Call nothing;
  nothing.shape = {3, 0, 2};
  for (const Format& format : target.formats) EXPECT_EQ(target.prepare(format, nothing.shape)(nothing), 0);
}

/// What a row of x alone gives.
double of_one_entry(Map map, double x) {
  switch (map) {
    case Map::logsumexp:
      return x;
    case Map::log_softmax:
    case Map::cross_entropy:
    case Map::softmax_vjp:
    case Map::log_softmax_vjp:
    case Map::sparsemax_vjp:
    case Map::cross_entropy_vjp:
      return 0;
    default:
      return 1;
  }
}

TEST_P(AnyKernel, IsExactOnOneEntry) {
  const Row row = traits(target.map).takes_tree ? Row{} : row_for(target, {3.5});
  for (const Format& format : target.formats) {
    if (!traits(target.map).takes_tree && !in_domain(target.claim, row, format)) continue;
    EXPECT_EQ(ask(target, format, row).y, std::vector<double>{of_one_entry(target.map, 3.5)});
  }
}

TEST_P(StrictKernel, ShowsANaN) {
  for (const Format& format : target.formats) {
    for (const std::vector<double>& x : {std::vector<double>{NAN, 1, 2}, {1, NAN, 2}, {2, 1, NAN}, {-inf, NAN}})
      EXPECT_TRUE(std::ranges::any_of(answer(format, x), is_nan)) << ::testing::PrintToString(x);
  }
}

TEST_P(ClassifiedKernel, GivesWhatItSaysForARowOfMasksOnly) {
  ASSERT_EQ(target.claim.all_masked, one_number_out ? AllMasked::zero : AllMasked::nan);
  for (const Format& format : formats_with_infinities()) {
    const std::vector<double> y = answer(format, {-inf, -inf, -inf});
    if (one_number_out) {
      EXPECT_EQ(y[0], -inf);
    } else {
      EXPECT_TRUE(std::ranges::all_of(y, is_nan));
    }
  }
}

// NaN everywhere, or NaN at the infinite entries and 0 (log_softmax: -inf) elsewhere, or one-hot.
TEST_P(ClassifiedKernel, ClassifiesPlusInfinity) {
  for (const Format& format : formats_with_infinities()) {
    const std::vector<double> y = answer(format, {1, inf, -inf, 2});
    if (one_number_out) {
      EXPECT_TRUE(y[0] == inf || is_nan(y[0]));
      continue;
    }
    const bool nan_row = std::ranges::all_of(y, is_nan);
    const bool rest_masked = y[0] == masked && y[2] == masked && y[3] == masked;
    const double hot = target.map == Map::log_softmax ? 0 : 1;
    EXPECT_TRUE(nan_row || (rest_masked && (is_nan(y[1]) || y[1] == hot))) << ::testing::PrintToString(y);
  }
}

// Wherever the masks stand, a prefix included, the unmasked entries have the answer of the row without them, but for
// the order of the additions.
TEST_P(KernelOfLogits, MasksHaveNoInfluence) {
  const std::vector<double> bare{-20.5, -21, -19.25};
  const std::vector<std::vector<double>> rows{
      {-inf, -inf, -20.5, -21, -19.25}, {-20.5, -inf, -21, -19.25, -inf}, {-20.5, -21, -19.25, -inf, -inf}};
  for (const Format& format : formats_with_infinities()) {
    const std::vector<double> want = answer(format, bare);
    const std::vector<double> apart = testing::twice_the_claim(target, format, row_for(target, bare), want);
    for (const std::vector<double>& x : rows) {
      const std::vector<double> got = answer(format, x);
      std::vector<double> left;
      for (std::size_t j = 0; j < got.size(); ++j) {
        if (one_number_out || x[j] != -inf) {
          left.push_back(got[j]);
        } else {
          EXPECT_EQ(got[j], masked);
        }
      }
      ASSERT_EQ(left.size(), want.size());
      for (std::size_t j = 0; j < want.size(); ++j)
        EXPECT_LE(std::abs(left[j] - want[j]), apart[j]) << ::testing::PrintToString(x);
    }
  }
}

TEST_P(ShiftExactKernel, KeepsBitsUnderExactShifts) {
  for (const Format& format : target.formats) {
    const auto is_exact = [&](double v) { return round_to(format, v) == v; };
    std::size_t tried = 0;
    for (const std::vector<double>& x :
         {std::vector<double>{0.125, -3, 1.5, -inf, 7.0625, -0.0, 2}, {0, -3, 1, 2, 2}}) {
      for (const double c : {1.0, -1.0, -64.0, 4096.0}) {
        std::vector<double> shifted = x;
        for (double& v : shifted) v += c;
        if (!std::ranges::all_of(x, is_exact) || !std::ranges::all_of(shifted, is_exact)) continue;
        EXPECT_EQ(answer(format, shifted), answer(format, x)) << format.name << ' ' << c;
        ++tried;
      }
    }
    EXPECT_GE(tried, 2U) << format.name;
  }
}

/// A kernel that writes its first element only, and over its input.
int trespass(const Call& call) {
  static_cast<float*>(call.y)[0] = 1;
  const_cast<float*>(static_cast<const float*>(call.x))[1] = 7;
  return 0;
}

TEST(Ask, SeesWhatIsNotWrittenAndWhatIsTrespassedOn) {
  Implementation careless;
  careless.prepare = [](const Format&, const Shape&) { return trespass; };
  const Answer got = ask(careless, f32, {{1, 2, 3}, 1, {}});
  EXPECT_EQ(got.written, (std::vector<bool>{true, false, false}));
  EXPECT_TRUE(got.input_changed);
}

TEST(Ask, SeesATouchedOperand) {
  Implementation careless;
  careless.map = Map::gumbel_softmax;
  careless.prepare = [](const Format&, const Shape&) {
    return [](const Call& call) {
      const_cast<double*>(static_cast<const double*>(call.operand))[0] = 1;
      return 3;
    };
  };
  const Answer got = ask(careless, f64, {{1}, 1, {0.5}});
  EXPECT_TRUE(got.input_changed);
  EXPECT_EQ(got.status, 3);
}

// One file compiled twice must not be merged by the linker: each variant has its own function for the rows.
TEST(Catalogue, VariantsAreTheirOwnCode) {
  using Function = int (*)(const Call&);
  for (const Format& format : formats) {
    const Kernel plain = find("stable")->prepare(format, {}), fast = find("stable_fastmath")->prepare(format, {});
    ASSERT_TRUE(plain.target<Function>() && fast.target<Function>());
    EXPECT_NE(*plain.target<Function>(), *fast.target<Function>());
  }
}

TEST(Catalogue, FindsByNameAndByNothingElse) {
  for (const Implementation& implementation : catalogue()) {
    EXPECT_EQ(find(implementation.name), &implementation);
    EXPECT_EQ(implementation.absent.empty(), static_cast<bool>(implementation.prepare)) << implementation.name;
  }
  EXPECT_EQ(find("stabel"), nullptr);
}

}  // namespace
}  // namespace audit::impls
