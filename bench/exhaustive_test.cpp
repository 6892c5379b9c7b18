#include "bench/exhaustive.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <cmath>

#include "bench/tally.hpp"

namespace audit::bench {
namespace {

using impls::Format;
using impls::Implementation;
using impls::Map;
using reports::Record;

Unit space_of(const Format& format, std::string_view family, std::size_t n, Map map = Map::softmax) {
  Unit space{map, format, std::string(family), n, 0};
  space.rows = size_of(space);
  return space;
}

Unit first_rows(Unit space, std::size_t rows) {
  space.rows = rows;
  return space;
}

Record whole(const Implementation& target, const Unit& space) { return enumerate(target, space, {}, {}).value(); }

std::vector<std::vector<std::uint32_t>> rows_of(const Unit& space) {
  std::vector<std::vector<std::uint32_t>> rows;
  std::vector<std::uint32_t> patterns;
  for (std::size_t part = 0; part < parts_of(space); ++part) {
    PartRows source(space, part);
    for (source.next(1000, patterns); !patterns.empty(); source.next(1000, patterns))
      for (auto at = patterns.begin(); at != patterns.end(); at += static_cast<std::ptrdiff_t>(space.n))
        rows.emplace_back(at, at + static_cast<std::ptrdiff_t>(space.n));
  }
  return rows;
}

TEST(Spaces, HoldEveryRowOnce) {
  const Unit pairs = space_of(impls::f8e4m3, every_row, 2);
  const auto rows = rows_of(pairs);
  ASSERT_EQ(rows.size(), 65536U);
  for (std::uint32_t i = 0; i < 65536; ++i) ASSERT_EQ(rows[i], (std::vector<std::uint32_t>{i >> 8, i & 0xFF}));

  EXPECT_EQ(rows_of(first_rows(space_of(impls::f16, every_row, 2), 70000)).back(),
            (std::vector<std::uint32_t>{1, 4463}));
  EXPECT_EQ(rows_of(first_rows(space_of(impls::f32, every_difference, 2), 9)).back(),
            (std::vector<std::uint32_t>{0, 8}));
  EXPECT_EQ(size_of(space_of(impls::bf16, every_row, 2)), std::uint64_t{1} << 32);
  EXPECT_EQ(size_of(space_of(impls::f32, every_difference, 2)), std::uint64_t{1} << 32);
  EXPECT_EQ(size_of(space_of(impls::f8e5m2, every_row, 4)), std::uint64_t{1} << 32);
}

TEST(Spaces, AreThoseOfTheFormatsAndOfMapsOfLogitsAlone) {
  std::vector<std::string> keys;
  for (const Unit& space : spaces(*impls::find("stable"))) keys.push_back(key("stable", space));
  EXPECT_EQ(keys,
            (std::vector<std::string>{"stable:softmax:f32:every_difference:n=2", "stable:softmax:f16:every_row:n=2",
                                      "stable:softmax:bf16:every_row:n=2", "stable:softmax:f8e4m3:every_row:n=2",
                                      "stable:softmax:f8e4m3:every_row:n=3", "stable:softmax:f8e4m3:every_row:n=4",
                                      "stable:softmax:f8e5m2:every_row:n=2", "stable:softmax:f8e5m2:every_row:n=3",
                                      "stable:softmax:f8e5m2:every_row:n=4"}));
  EXPECT_TRUE(spaces(*impls::find("gumbel_softmax")).empty());
}

/// What the sweep says, row by row and by certify() alone.
Record slowly(const Implementation& target, const Unit& space) {
  Tally tally(target, space.format, space.family, space.n, 0);
  for (const auto& patterns : rows_of(space)) {
    impls::Row row;
    for (const std::uint32_t bits : patterns) row.x.push_back(impls::decode(space.format, bits));
    const auto question = reference::spelled_out(space.map, space.format, row);
    const auto exact = reference::certify(space.map, space.format, row);
    if (exact.special == reference::Special::none) {
      tally.add(question, exact, judge(target, question, exact, impls::ask(target, space.format, row)));
    } else {
      tally.add_special(1);
    }
  }
  return tally.record();
}

class SameAsSlowly : public testing::TestWithParam<std::pair<const char*, Unit>> {};

TEST_P(SameAsSlowly, ElementByElement) {
  const auto& [name, space] = GetParam();
  const Implementation& target = *impls::find(name);
  const Record fast = whole(target, space), slow = slowly(target, space);
  EXPECT_EQ(fast.rows, slow.rows);
  EXPECT_EQ(fast.special_rows, slow.special_rows);
  EXPECT_EQ(fast.rows_in_domain, slow.rows_in_domain);
  EXPECT_EQ(fast.outcomes, slow.outcomes);
  EXPECT_EQ(fast.witnesses, slow.witnesses);
  EXPECT_EQ(fast.correctly_rounded, slow.correctly_rounded);
  EXPECT_NEAR(*fast.mean_abs_ulp, *slow.mean_abs_ulp, 1e-9);
  EXPECT_NEAR(std::abs(*fast.max_ulp), std::abs(*slow.max_ulp), 0x1p-20);
  EXPECT_EQ(fast.bound_utilisation.has_value(), slow.bound_utilisation.has_value());
  EXPECT_LE(fast.bound_utilisation.value_or(0), slow.bound_utilisation.value_or(0) + 0x1p-20);
  EXPECT_EQ(fast.undecided, 0U);
  EXPECT_EQ(fast.proved_by_enumeration, space.rows == size_of(space));
  const auto question = reference::rebuild(fast.max_ulp_case);
  EXPECT_EQ(judge(target, question, reference::certify(question.map, question.format, question.row),
                  impls::ask(target, question.format, question.row))
                .errors[fast.max_ulp_element]
                .ulp,
            fast.max_ulp);
}

const Unit e4m3_pairs = space_of(impls::f8e4m3, every_row, 2), e5m2_pairs = space_of(impls::f8e5m2, every_row, 2);

std::vector<std::pair<const char*, Unit>> small_sweeps() {
  return {{"stable", e4m3_pairs},
          {"naive", e5m2_pairs},
          {"stable", first_rows(space_of(impls::f8e5m2, every_row, 3), 50000)},
          {"log_sum_exp", first_rows(space_of(impls::f16, every_row, 2), 66000)},
          {"online", first_rows(space_of(impls::bf16, every_row, 2), 40000)},
          {"stable", first_rows(space_of(impls::f32, every_difference, 2), 5000)},
          {"log_softmax_log1p", space_of(impls::f8e4m3, every_row, 2, Map::log_softmax)},
          {"logsumexp_log1p", space_of(impls::f8e5m2, every_row, 2, Map::logsumexp)},
          {"sparsemax_sort", first_rows(space_of(impls::f8e5m2, every_row, 2, Map::sparsemax), 9000)}};
}

std::string name_of(const testing::TestParamInfo<std::pair<const char*, Unit>>& instance) {
  const auto& [name, space] = instance.param;
  return std::string(name) + "_" + std::string(space.format.name) + "_" + std::to_string(space.n);
}

INSTANTIATE_TEST_SUITE_P(Exhaustive, SameAsSlowly, testing::ValuesIn(small_sweeps()), name_of);

/// `stable`, with something done to the answer to each row of a batch: x and y are its bits.
template <class S, class Change>
Implementation changed(Change change) {
  Implementation made = *impls::find("stable");
  made.name = "changed";
  made.prepare = [inner = made.prepare, change](const Format& format, const impls::Shape& shape) -> impls::Kernel {
    return [kernel = inner(format, shape), change](const impls::Call& call) {
      const int status = kernel(call);
      for (std::size_t row = 0; row < call.shape.outer; ++row)
        change(static_cast<const S*>(call.x) + row * call.shape.n, static_cast<S*>(call.y) + row * call.shape.n);
      return status;
    };
  };
  return made;
}

const Unit some_pairs = first_rows(space_of(impls::f16, every_row, 2), 2 << 20);

TEST(Enumerate, NamesTheOneWrongAnswerOfMillions) {
  const Implementation target = changed<std::uint16_t>([](const std::uint16_t* x, std::uint16_t* y) {
    if (x[0] == 27 && x[1] == 0xC321) y[1] += 2;
  });
  const Record record = whole(target, some_pairs);
  EXPECT_EQ(record.outcomes.at("off"), 1U);
  const reference::Case worst = reference::rebuild(record.max_ulp_case);
  EXPECT_EQ(worst.row.x, (std::vector<double>{27 * 0x1p-24, impls::decode(impls::f16, 0xC321)}));
  EXPECT_EQ(record.max_ulp_element, 1U);
  EXPECT_NEAR(*record.max_ulp, 2, 0.5);
  ASSERT_EQ(record.findings.size(), 1U);
  EXPECT_EQ(record.findings[0].case_id, record.max_ulp_case);
  EXPECT_EQ(record.findings[0].element, 1U);
  EXPECT_GT(*record.bound_utilisation, 1);
}

TEST(Enumerate, CountsWhatHasNoNumber) {
  const std::uint16_t poison = static_cast<std::uint16_t>(impls::poison(impls::f16));
  const Implementation target = changed<std::uint16_t>([poison](const std::uint16_t* x, std::uint16_t* y) {
    if (x[0] == 1 && x[1] == 0x4000) y[0] = poison;
    if (x[0] == 1 && x[1] == 0x4100) y[0] = 0x7E00;
    if (x[0] == 1 && x[1] == 0x4200) y[0] = 0;
    if (x[0] == 1 && x[1] == 0xFC00) y[1] = 1;
  });
  const Record record = whole(target, first_rows(some_pairs, 2 << 16));
  for (const char* outcome : {"unwritten", "spurious nan", "flushed", "leaked"}) {
    EXPECT_EQ(record.outcomes.at(outcome), 1U) << outcome;
    EXPECT_TRUE(record.witnesses.at(outcome).starts_with("softmax:f16:row=0x1p-24,")) << outcome;
  }
}

TEST(Enumerate, HoldsSpecialRowsToThePolicyAndToNothingElse) {
  const Record record = whole(changed<std::uint16_t>([](const std::uint16_t* x, std::uint16_t* y) {
                                if (x[1] == 0x7E00) y[0] = y[1] = 0;
                                if (x[1] == 0x7C00) y[0] = 0x3800;
                              }),
                              first_rows(some_pairs, 1 << 16));
  EXPECT_EQ(record.special_rows, 1024U + 1023U) << "1 +inf and 1023 NaN of each sign beside 0";
  ASSERT_EQ(record.findings.size(), 2U);
  for (const auto& finding : record.findings) EXPECT_EQ(finding.law, "special values");
  EXPECT_EQ(record.findings[0].want, "a NaN row (but for masks), NaN at the +inf entries alone, or one-hot");
  EXPECT_EQ(record.findings[1].want, "a NaN somewhere");
  for (const auto& [outcome, count] : record.outcomes)
    EXPECT_TRUE(outcome == "exact" || outcome == "correctly rounded" || outcome == "faithful") << outcome;
}

TEST(Enumerate, SeesAKernelThatWritesToItsInput) {
  const Record record = whole(changed<std::uint8_t>([](const std::uint8_t* x, std::uint8_t*) {
                                if (x[0] == 3 && x[1] == 4) const_cast<std::uint8_t*>(x)[0] = 5;
                              }),
                              e4m3_pairs);
  ASSERT_FALSE(record.findings.empty());
  EXPECT_EQ(record.findings[0].law, "input unchanged");
}

TEST(Enumerate, ResumesToTheSameRecord) {
  const Implementation& target = *impls::find("stable");
  std::stop_source source;
  std::vector<Record> kept;
  const auto stop_at_once = [&](const Record& part, double) {
    kept.push_back(part);
    source.request_stop();
  };
  {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    EXPECT_FALSE(enumerate(target, some_pairs, {}, stop_at_once, source.get_token()));
  }
  ASSERT_EQ(kept.size(), 1U);
  std::size_t asked_again = 0;
  const auto resumed = enumerate(target, some_pairs, kept, [&](const Record&, double) { ++asked_again; });
  EXPECT_EQ(asked_again, 1U);
  EXPECT_EQ(resumed, whole(target, some_pairs));
}

TEST(Enumerate, GivesTheSameRecordOnOneThread) {
  const Implementation& target = *impls::find("online");
  const Record many = whole(target, some_pairs);
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  EXPECT_EQ(whole(target, some_pairs), many);
}

}  // namespace
}  // namespace audit::bench
