#include "reference/fast/fast.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <bit>
#include <cfenv>
#include <cmath>

#include "reference/cases.hpp"
#include "reference/fast/bounds.hpp"
#include "reference/fast/fast_testing.hpp"
#include "reference/fast/targets.hpp"
#include "reference/oracle.hpp"

namespace audit::reference::fast {
namespace {

using impls::f32;
using impls::f64;
using impls::Format;
using impls::Map;
using impls::Row;

constexpr Map maps[] = {Map::softmax, Map::gumbel_softmax, Map::log_softmax, Map::logsumexp};

Row with(std::vector<double> x, double temperature = 1, std::vector<double> operand = {}) {
  Row row;
  row.x = std::move(x);
  row.temperature = temperature;
  row.operand = std::move(operand);
  return row;
}

TEST(Fast, ConstantsAreWhatTheySayTheyAre) {
  mpfr_t exact, part;
  mpfr_inits2(300, exact, part, nullptr);
  mpfr_const_log2(exact, MPFR_RNDN);
  const double parts[] = {log2.high, log2.middle, log2.low};
  for (const double written : parts) {
    mpfr_set(part, exact, MPFR_RNDN);
    EXPECT_TRUE(written != log2.middle || mpfr_get_d(part, MPFR_RNDN) == log2.tail);
    EXPECT_LE(std::abs(mpfr_get_d(part, MPFR_RNDN) / written - 1), written == log2.low ? 0 : 0x1p-40);
    mpfr_sub_d(exact, exact, written, MPFR_RNDN);
  }
  EXPECT_LE(std::abs(mpfr_get_d(exact, MPFR_RNDN)), 0x1p-139);
  EXPECT_EQ(std::ldexp(log2.high, 42), std::nearbyint(std::ldexp(log2.high, 42)));
  EXPECT_EQ(std::ldexp(log2.middle, 85), std::nearbyint(std::ldexp(log2.middle, 85)));
  mpfr_const_log2(exact, MPFR_RNDN);
  mpfr_ui_div(exact, 1, exact, MPFR_RNDN);
  EXPECT_EQ(mpfr_get_d(exact, MPFR_RNDN), log2.inverse);

  mpfr_set_ui(exact, 1, MPFR_RNDN);
  for (unsigned long k = 0; k <= last_term; ++k) {
    if (k > 1) mpfr_div_ui(exact, exact, k, MPFR_RNDN);
    EXPECT_EQ(mpfr_get_d(exact, MPFR_RNDN), taylor[k].hi) << k;
    mpfr_sub_d(part, exact, taylor[k].hi, MPFR_RNDN);
    EXPECT_EQ(mpfr_get_d(part, MPFR_RNDN), taylor[k].lo) << k;
  }
  mpfr_clears(exact, part, nullptr);
}

TEST(Fast, IsMpfrBitForBitOnEveryFamily) {
  Comparison all;
  for (const Format& format : impls::formats)
    for (const Map map : maps)
      for (const Family& family : families())
        for (const std::size_t n : {1, 2, 3, 7, 8, 9, 33, 100}) {
          if (family.fixed_n != 0 && (n > 1 || family.fixed_n > 2000)) continue;
          const Case c = draw(map, format, family.name, family.fixed_n ? family.fixed_n : n, 3, n);
          compare(c, all);
          if (HasFatalFailure()) return;
        }
  EXPECT_GT(all.elements, 70000U);
  EXPECT_EQ(all.rows_off, 0U);
  EXPECT_LT(all.open * 1000, all.elements) << "the fast path leaves elements open in near-ties of f64 alone";
}

TEST(Fast, IsMpfrBitForBitOnRandomBits) {
  Comparison all;
  for (const Format& format : impls::formats)
    for (const Map map : maps)
      for (std::uint64_t index = 0; index < 1500; ++index) {
        compare(random_bits(map, format, 1 + index % 41, index), all);
        if (HasFatalFailure()) return;
      }
  EXPECT_GT(all.elements, 200000U);
  EXPECT_LT(all.open * 200, all.elements);
}

// The same on ten million elements and rows of up to 2^20: ten minutes. Run it with --gtest_also_run_disabled_tests.
TEST(Fast, DISABLED_IsMpfrBitForBitOnTenMillionElements) {
  Comparison all;
  for (const Format& format : impls::formats)
    for (const Map map : maps) {
      for (const Family& family : families())
        for (const std::size_t n : sizes)
          for (std::uint64_t index = 0; index < std::max<std::uint64_t>(1, 1000 / n); ++index) {
            if (family.fixed_n != 0 && (n > 1 || index >= family.rows)) continue;
            compare(draw(map, format, family.name, family.fixed_n ? family.fixed_n : n, 4, index), all);
            if (HasFatalFailure()) return;
          }
      for (std::uint64_t index = 0; index < 20000; ++index) {
        compare(random_bits(map, format, 1 + index % 67, index + 5000), all);
        if (HasFatalFailure()) return;
      }
      compare(draw(map, format, "normal", 1 << 20, 4, 0), all);
    }
  EXPECT_GT(all.elements, 10'000'000U);
  std::printf("%zu elements of %zu rows the same, %zu left open, %zu rows not for the fast path\n", all.elements,
              all.rows, all.open, all.rows_off);
}

struct Named {
  const char* what;
  Row row;
};
std::vector<Named> awkward(const Format& format) {
  const double most = impls::largest_finite(format), least = impls::smallest_subnormal(format);
  std::vector<Named> rows = {
      {"one entry", with({3})},
      {"one entry, -0", with({-0.0})},
      {"one entry, others masked", with({-INFINITY, 5, -INFINITY})},
      {"all equal, a power of two of them", with(std::vector<double>(16, -3))},
      {"all equal, 1/k no dyadic number", with(std::vector<double>(7, 1.5))},
      {"two maxima, the rest far below", with({8, 8, -64, -64})},
      {"finite masks", with({1, 2, -most, 3, -most})},
      {"the ends of the format", with({most, -most, 0})},
      {"the smallest numbers", with({0, least, -least, 2 * least})},
      {"a tie broken by the others alone", with({0, -1.5, -most})},
      {"a cold temperature", with({1, 1.25, 1.5}, 0x1p-6)},
      {"a hot temperature", with({-32, 1, 32}, 0x1p6)},
      {"noise", with({1, 2, 3}, 0.5, {0.25, -1, 4})},
      {"noise that cancels", with({24, -24, 0}, 1, {-24, 24, 0})},
      {"noise, equal only in exact arithmetic", with({most / 4, least}, 1, {least, most / 4})},
      {"a masked entry with noise", with({1, -INFINITY, 3}, 1, {0.25, -1, 4})},
  };
  if (!format.infinities)
    std::erase_if(rows, [](const Named& n) { return std::ranges::count(n.row.x, -INFINITY) > 0; });
  return rows;
}

TEST(Fast, IsMpfrBitForBitOnAwkwardRows) {
  Comparison all;
  for (const Format& format : impls::formats)
    for (const Map map : maps)
      for (const Named& named : awkward(format)) {
        if (named.row.operand.empty() == (map == Map::gumbel_softmax)) continue;
        if (named.row.temperature != 1 && !impls::traits(map).takes_temperature) continue;
        SCOPED_TRACE(named.what);
        compare(spelled_out(map, format, named.row), all);
      }
  EXPECT_GT(all.elements, 100U);
}

// Spreads from nothing to beyond every exponential, in one long row.
TEST(Fast, LongRowsAndWideSpreads) {
  Comparison all;
  for (const Format& format : {f64, f32}) {
    std::vector<double> x;
    for (int i = 0; i < 20000; ++i) x.push_back(impls::round_to(format, -1500.0 * i / 20000 * (1 + 0x1p-20 * i)));
    x.push_back(-1e30);
    x.push_back(-INFINITY);
    for (const Map map : {Map::softmax, Map::log_softmax, Map::logsumexp})
      compare(spelled_out(map, format, with(x)), all);
  }
  EXPECT_EQ(all.open, 0U);
  EXPECT_GT(all.elements, 80000U);
}

/// The largest error ÷ proved bound that the softmax of drawn rows shows before it is rounded.
double largest_share_of_the_bound(const Format& format, double perturbation) {
  double largest = 0;
  for (const char* family : {"normal", "normal10", "near_ties", "wide"})
    for (const std::size_t n : {2, 3, 5, 8, 40, 1000})
      for (std::uint64_t index = 0; index < 2000 / n; ++index)
        largest = std::max(largest, share_of_the_bound(draw(Map::softmax, format, family, n, 9, index), perturbation));
  return largest;
}

TEST(Fast, ErrorsStayWithinTheProvedBoundsAndUseThem) {
  for (const Format& format : {f32, f64}) {
    const double share = largest_share_of_the_bound(format, 0);
    EXPECT_LE(share, 1) << format.name;
    EXPECT_GE(share, 0.05) << format.name << ": the bound is loose, or this test measures nothing";
    RecordProperty(std::string(format.name), std::to_string(share));
  }
}

TEST(Fast, AnErrorOfTwiceTheBoundShows) {
  EXPECT_GT(largest_share_of_the_bound(f32, 2 * narrow_error(2)), 1);
  EXPECT_GT(largest_share_of_the_bound(f64, 2 * pair_error(2)), 1);
}

// y = 1/2 - 2^-52·(1/8 + …): 2^-51 of y decides on which side of 1/2 it lies. With an error of that size the side would
// be lost, were it not known from the maxima alone.
TEST(Fast, WhatStandsNearABoundaryIsLeftToMoreBits) {
  std::size_t refined = 0;
  for (int k = 20; k < 60; ++k) {
    const Row row = with({0, std::ldexp(1.0, -k)});
    const Exact exact = certify(Map::softmax, f32, row), mpfr = certify_by_mpfr(Map::softmax, f32, row);
    EXPECT_EQ(exact.rounded, mpfr.rounded) << k;
    EXPECT_EQ(exact.element(0).side, mpfr.element(0).side) << k;
    EXPECT_EQ(exact.element(1).side, mpfr.element(1).side) << k;
    refined += exact.bits == 106;
  }
  EXPECT_GT(refined, 5U);
}

TEST(Fast, WhatTooFewBitsLeaveOpenFallsBack) {
  const Row row = with({0, 0x1p-140});
  const Exact exact = certify(Map::softmax, f32, row);
  EXPECT_EQ(exact.fallbacks, 2U);
  EXPECT_TRUE(exact.undecided.empty());
  EXPECT_EQ(exact.element(0).side, 1);
  EXPECT_EQ(exact.element(1).side, -1);
  EXPECT_EQ(certify(Map::softmax, f32, with({0, 1})).fallbacks, 0U);
}

TEST(Fast, EveryTargetGivesTheSameRoundedValues) {
  std::vector<Case> cases;
  for (const Format& format : {f64, f32, impls::f16})
    for (const Map map : maps)
      for (const char* family : {"normal", "wide", "masked_half", "two_maxima"})
        for (const std::size_t n : {1, 5, 8, 100}) cases.push_back(draw(map, format, family, n, 21, n));
  std::vector<Exact> first;
  std::size_t targets = 0;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    ++targets;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      Exact exact;
      exact.format = cases[i].format;
      ASSERT_EQ(try_certify(cases[i].map, cases[i].row, exact), Status::certified);
      if (i == first.size()) first.push_back(exact);
      EXPECT_EQ(exact.rounded, first[i].rounded) << hwy::TargetName(target) << " " << id(cases[i]);
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  EXPECT_GE(targets, 1U);
  RecordProperty("targets", static_cast<int>(targets));
}

TEST(Fast, KnowsWhatIsNotForIt) {
  Exact exact;
  exact.format = f32;
  EXPECT_EQ(try_certify(Map::softmax, with({1, NAN}), exact), Status::special);
  EXPECT_EQ(try_certify(Map::softmax, with({1, INFINITY}), exact), Status::special);
  EXPECT_EQ(try_certify(Map::softmax, with({-INFINITY, -INFINITY}), exact), Status::special);
  EXPECT_EQ(try_certify(Map::gumbel_softmax, with({1, 2}, 1, {1, -INFINITY}), exact), Status::special);
  EXPECT_EQ(try_certify(Map::softmax, with({}), exact), Status::off);
  EXPECT_EQ(try_certify(Map::sparsemax, with({1, 2}), exact), Status::off);
  EXPECT_EQ(try_certify(Map::gumbel_softmax, with({1e30, 1}, 1, {1, 1e30}), exact), Status::off) << "beyond 2^80";
  EXPECT_EQ(try_certify(Map::softmax, with({1, 2}, 0x1p-300), exact), Status::off);
  std::fesetround(FE_UPWARD);
  const Status upward = try_certify(Map::softmax, with({1, 2}), exact);
  std::fesetround(FE_TONEAREST);
  EXPECT_EQ(upward, Status::off);
}

TEST(Fast, AnAnswerIsWrittenOverAnother) {
  Exact exact = certify(Map::softmax, f32, with({0, 0x1p-140}));
  const double* kept = exact.rounded.data();
  certify_into(Map::softmax, f64, with({1, 2}), exact);
  EXPECT_EQ(exact.rounded.data(), kept);
  EXPECT_EQ(exact.rounded, certify_by_mpfr(Map::softmax, f64, with({1, 2})).rounded);
  EXPECT_EQ(exact.fallbacks, 0U);
  certify_into(Map::softmax, f64, with({NAN}), exact);
  EXPECT_EQ(exact.special, Special::nan);
  EXPECT_EQ(exact.size(), 0U);
  certify_into(Map::logsumexp, f64, with({1, 2}), exact);
  EXPECT_EQ(exact.special, Special::none);
  EXPECT_EQ(exact.size(), 1U);
}

}  // namespace
}  // namespace audit::reference::fast
