#include "bench/accuracy.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "bench/testing.hpp"
#include "reference/error.hpp"

namespace audit::bench {
namespace {

using impls::f32;
using impls::f64;
using impls::Format;
using impls::Implementation;
using impls::Map;
using reports::Record;

constexpr std::uint64_t seed = 5;

reference::Case normal(std::uint64_t index, std::size_t n = 8) {
  return reference::draw(Map::softmax, f32, "normal", n, seed, index);
}

std::vector<reference::Element> exact(const reference::Case& question) {
  const auto certified = reference::certify(question.map, question.format, question.row);
  std::vector<reference::Element> elements;
  for (std::size_t j = 0; j < certified.size(); ++j) elements.push_back(certified.element(j));
  return elements;
}

/// Correctly rounded, but for `ulps(row)` ulps more at element 2 of the row with that index.
Implementation off_by(std::vector<double> ulps) {
  return testing::answering("off", [ulps](const Format& format, const impls::Row& row) {
    testing::Row answer = testing::rounded(format, row);
    for (std::size_t index = 0; index < ulps.size(); ++index)
      if (row == normal(index).row) *answer[2] += std::ldexp(ulps[index], exact(normal(index))[2].ulp_exponent);
    return answer;
  });
}

Record measured(const Implementation& target, const Unit& unit) {
  const std::vector<Record> records = measure(unit, {&target}, seed);
  EXPECT_EQ(records.size(), 1U);
  return records.front();
}

const Unit three_rows{Map::softmax, f32, "normal", 8, 3};

TEST(Measure, DigestsTellWhichRowIsAnsweredOtherwise) {
  const std::string before = measured(off_by({0, 0, 0}), three_rows).row_digests;
  ASSERT_EQ(before.size(), 6U);
  const std::string now = measured(off_by({0, 1, 0}), three_rows).row_digests;
  EXPECT_EQ(now.substr(0, 2), before.substr(0, 2));
  EXPECT_NE(now.substr(2, 2), before.substr(2, 2));
  EXPECT_EQ(now.substr(4), before.substr(4));
}

// Row 0: element 1 is NaN, element 2 is 3 ulps above the rounded value, element 3 is 0, element 4 is not written.
TEST(Measure, CountsWhatIsThere) {
  const Implementation target = testing::answering("broken", [](const Format& format, const impls::Row& row) {
    testing::Row answer = testing::rounded(format, row);
    if (row != normal(0).row) return answer;
    answer[1] = NAN;
    *answer[2] += std::ldexp(3, exact(normal(0))[2].ulp_exponent);
    answer[3] = 0;
    answer[4].reset();
    return answer;
  });
  double sum = 0;
  for (std::uint64_t row = 0; row < 3; ++row) {
    const auto elements = exact(normal(row));
    for (std::size_t j = 0; j < elements.size(); ++j)
      if (row != 0 || j < 1 || j > 4) sum += std::abs(elements[j].residual);
  }
  const double off = 3 + exact(normal(0))[2].residual;

  const Record record = measured(target, three_rows);
  const std::string first = "softmax:f32:normal:n=8:seed=5:index=0";
  EXPECT_EQ(record.kind, "accuracy");
  EXPECT_EQ(record.target, "broken");
  EXPECT_EQ(record.rows, 3U);
  EXPECT_EQ(record.rows_in_domain, 3U);
  EXPECT_EQ(record.undecided, 0U);
  EXPECT_EQ(record.outcomes,
            (std::map<std::string, std::uint64_t>{
                {"correctly rounded", 20}, {"off", 1}, {"spurious nan", 1}, {"flushed", 1}, {"unwritten", 1}}));
  EXPECT_EQ(record.witnesses,
            (std::map<std::string, std::string>{
                {"spurious nan", first + "#1"}, {"flushed", first + "#3"}, {"unwritten", first + "#4"}}));
  EXPECT_EQ(record.max_ulp, off);
  EXPECT_EQ(record.max_ulp_case, first);
  EXPECT_EQ(record.max_ulp_element, 2U);
  const auto [low, high] = std::ranges::minmax(normal(0).row.x);
  EXPECT_EQ(record.max_ulp_spread, high - low);
  EXPECT_DOUBLE_EQ(record.mean_abs_ulp.value(), (sum + off) / 21);
  EXPECT_DOUBLE_EQ(record.correctly_rounded.value(), 20.0 / 24);
  EXPECT_FALSE(record.max_ulp_bound || record.bound_utilisation);
  ASSERT_EQ(record.findings.size(), 1U);
  EXPECT_EQ(record.findings[0].law, "output written, input kept");
  EXPECT_EQ(record.findings[0].element, 4U);
  EXPECT_TRUE(record.verdict.empty());
}

TEST(Measure, TheMaximumIsSigned) {
  const Record record = measured(off_by({3, -5}), three_rows);
  EXPECT_EQ(record.max_ulp, -5 + exact(normal(1))[2].residual);
  EXPECT_EQ(record.max_ulp_case, reference::id(normal(1)));
}

// Every element of every row has the same error: that of 1/3.
// 1 in place of a result of 2^-1074 is off by 2^1074 ulps, which no double is.
TEST(Measure, AnErrorBeyondF64IsInfiniteAndConfirmed) {
  const Implementation ones =
      testing::answering("ones", [](const Format&, const impls::Row& row) { return testing::Row(row.x.size(), 1.0); });
  const Record record = measured(ones, {Map::softmax, f64, "wide", 64, 8});
  EXPECT_EQ(record.max_ulp, INFINITY);
}

TEST(Measure, TheFirstOfEqualsIsKept) {
  const Record record = measured(testing::answering("third", testing::rounded), {Map::softmax, f32, "equal", 3, 3});
  EXPECT_EQ(record.max_ulp_case, "softmax:f32:equal:n=3:seed=5:index=0");
  EXPECT_EQ(record.max_ulp_element, 0U);
  EXPECT_NE(record.max_ulp, 0);
}

TEST(Measure, AClaimThatIsTooTightIsAFinding) {
  Implementation target = off_by({3, 9, -7, 0, 5});
  testing::claim(target, 2);  // 1 to 2 ulps, by the place in the binade
  const Record record = measured(target, {Map::softmax, f32, "normal", 8, 5});
  ASSERT_EQ(record.findings.size(), 3U);
  std::vector<double> utilisations;
  for (const reports::Finding& finding : record.findings) {
    EXPECT_EQ(finding.law, "error within claim");
    EXPECT_EQ(finding.source, "made up for a test");
    EXPECT_EQ(finding.replay, "softmax-audit replay " + finding.case_id + " --target off");
    EXPECT_EQ(finding.element, 2U);
    const reference::Case question = reference::rebuild(finding.case_id);
    const reference::Element element = exact(question)[2];
    EXPECT_EQ(std::strtod(finding.want.c_str(), nullptr), element.rounded);
    EXPECT_EQ(reference::measure(f32, std::strtod(finding.got.c_str(), nullptr), true, element).ulp, finding.ulp);
    EXPECT_GT(std::abs(*finding.ulp), finding.bound.value());
    utilisations.push_back(std::abs(*finding.ulp) / *finding.bound);
  }
  EXPECT_TRUE(std::ranges::is_sorted(utilisations, std::greater()));
  EXPECT_DOUBLE_EQ(record.bound_utilisation.value(), utilisations.front());
  EXPECT_EQ(record.utilisation_case, record.findings.front().case_id + "#2");
  EXPECT_EQ(record.max_ulp, 9 + exact(normal(1))[2].residual);
  EXPECT_DOUBLE_EQ(record.max_ulp_bound.value(),
                   reference::in_ulps({2 * impls::unit_roundoff(f32), 0}, exact(normal(1))[2]));
}

TEST(Measure, AClaimThatHoldsIsNone) {
  Implementation target = off_by({});
  testing::claim(target, 1);  // half an ulp is u at the foot of a binade
  const Record record = measured(target, three_rows);
  EXPECT_TRUE(record.findings.empty());
  EXPECT_GT(record.bound_utilisation.value(), 0);
  EXPECT_LE(record.bound_utilisation.value(), 1);
}

TEST(Measure, NaNBreaksAClaim) {
  Implementation target = testing::answering("nan", [](const Format& format, const impls::Row& row) {
    testing::Row answer = testing::rounded(format, row);
    answer[0] = answer[3] = NAN;
    return answer;
  });
  testing::claim(target, 1e6);
  const Record record = measured(target, three_rows);
  ASSERT_EQ(record.findings.size(), 3U);
  EXPECT_EQ(record.findings.front().got, "nan");
  EXPECT_EQ(record.witnesses.at("spurious nan"), reference::id(normal(0)) + "#0");
  EXPECT_FALSE(record.findings.front().ulp);
  EXPECT_TRUE(std::isinf(record.bound_utilisation.value()));
}

TEST(Measure, OutsideTheDomainNothingIsJudged) {
  Implementation target = off_by({9, 9, 99});
  testing::claim(target, 2, [](const impls::Row& row, const Format&) { return row == normal(1).row; });
  const Record record = measured(target, three_rows);
  EXPECT_EQ(record.rows, 3U);
  EXPECT_EQ(record.rows_in_domain, 1U);
  EXPECT_EQ(record.max_ulp_case, reference::id(normal(2)));
  EXPECT_FALSE(record.max_ulp_bound);
  EXPECT_LT(record.bound_utilisation.value(), 20);
  ASSERT_EQ(record.findings.size(), 1U);
  EXPECT_EQ(record.findings.front().case_id, reference::id(normal(1)));
}

TEST(Measure, NotSupportedIsListedAndNoFinding) {
  Implementation target = testing::answering("refuses", testing::rounded);
  target.prepare = [](const Format&, const impls::Shape&) -> impls::Kernel {
    return [](const impls::Call&) { return 1; };
  };
  testing::claim(target, 1);
  const Record record = measured(target, three_rows);
  EXPECT_EQ(record.rows, 0U);
  EXPECT_TRUE(record.findings.empty() && record.outcomes.empty());
  EXPECT_FALSE(record.max_ulp || record.mean_abs_ulp || record.correctly_rounded);
}

TEST(Measure, AChangedInputIsAFinding) {
  Implementation target = testing::answering("clobbers", testing::rounded);
  target.prepare = [inner = target.prepare](const Format& format, const impls::Shape& shape) -> impls::Kernel {
    return [kernel = inner(format, shape), format](const impls::Call& call) {
      const int status = kernel(call);
      impls::store_bits(format, impls::encode(format, 1), const_cast<void*>(call.x), 0);
      return status;
    };
  };
  const Record record = measured(target, three_rows);
  ASSERT_FALSE(record.findings.empty());
  EXPECT_EQ(record.findings.front().law, "input unchanged");
  EXPECT_EQ(record.findings.front().replay,
            "softmax-audit replay softmax:f32:normal:n=8:seed=5:index=0 --target clobbers");
}

TEST(Plan, AsksTargetsOnlyWhatTheyTake) {
  Implementation softmax = testing::answering("softmax", testing::rounded);
  Implementation other = testing::answering("other", testing::rounded), absent = other;
  softmax.formats = {f32};
  other.map = Map::logsumexp;
  absent.map = Map::sparsemax;
  absent.absent = "not here";
  const std::vector<const Implementation*> targets{&softmax, &other, &absent};
  std::set<std::string> keys;
  for (const Unit& unit : plan(targets, 2048)) {
    EXPECT_TRUE(unit.map == Map::softmax ? unit.format == f32 : unit.map == Map::logsumexp);
    EXPECT_GE(unit.rows, 1U);
    EXPECT_TRUE(unit.rows == 1 || unit.rows * unit.n <= 2048) << unit.family << ' ' << unit.n;
    keys.insert(key("t", unit));
  }
  EXPECT_EQ(keys.size(), plan(targets, 2048).size());
  EXPECT_TRUE(keys.contains("t:softmax:f32:normal:n=32000"));
  EXPECT_FALSE(keys.contains("t:softmax:f32:outlier_last:n=32000"));
  for (const reference::Family& family : reference::families())
    EXPECT_TRUE(family.fixed_n == 0 ||
                keys.contains(fmt::format("t:softmax:f32:{}:n={}", family.name, family.fixed_n)));
}

std::vector<std::vector<Record>> swept(const std::vector<Unit>& units,
                                       const std::vector<const Implementation*>& targets) {
  std::map<std::string, std::vector<Record>> records;
  sweep(units, targets, seed,
        [&](const Unit& unit, const std::vector<Record>& made) { records[key("", unit)] = made; });
  std::vector<std::vector<Record>> in_order;
  for (const Unit& unit : units) in_order.push_back(records.at(key("", unit)));
  return in_order;
}

std::vector<Unit> short_units(const std::vector<const Implementation*>& targets) {
  std::vector<Unit> units = plan(targets, 64);
  std::erase_if(units, [](const Unit& unit) { return unit.n > 9; });
  return units;
}

TEST(Sweep, IsTheSameOnAnyNumberOfThreads) {
  Implementation one = testing::answering("one", testing::shifted), two = testing::answering("two", testing::rounded);
  testing::claim(one, 2);
  const std::vector<const Implementation*> targets{&one, &two};
  const std::vector<Unit> units = short_units(targets);
  const auto many = swept(units, targets);
  const tbb::global_control single(tbb::global_control::max_allowed_parallelism, 1);
  EXPECT_EQ(swept(units, targets), many);
  EXPECT_EQ(measure(units.back(), targets, seed), many.back());
  EXPECT_EQ(many.front().size(), 2U);
}

TEST(Sweep, StopsBetweenUnits) {
  const Implementation target = testing::answering("t", testing::shifted);
  std::stop_source stop;
  std::size_t finished = 0;
  const std::vector<Unit> units = short_units({&target});
  sweep(
      units, {&target}, seed,
      [&](const Unit&, const auto&) {
        if (++finished == 3) stop.request_stop();
      },
      stop.get_token());
  EXPECT_GE(finished, 3U);
  EXPECT_LT(finished, units.size());
}

TEST(Sweep, AnErrorReachesTheCaller) {
  Implementation target = testing::answering("throws", testing::shifted);
  target.prepare = [](const Format&, const impls::Shape&) -> impls::Kernel { throw std::runtime_error("no"); };
  EXPECT_THROW(sweep(short_units({&target}), {&target}, seed, [](const Unit&, const auto&) {}), std::runtime_error);
}

}  // namespace
}  // namespace audit::bench
