#include "bench/speed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "bench/testing.hpp"

namespace audit::bench {
namespace {

using impls::f32;
using impls::f64;
using impls::Format;
using impls::Implementation;
using reports::Record;
using Targets = std::vector<const Implementation*>;

const Record* find(const std::vector<Record>& records, const std::string& target, const Format& format, std::size_t n,
                   const std::string& cache) {
  const auto it = std::ranges::find_if(records, [&](const Record& record) {
    return record.target == target && record.format == format.name && record.n == n && record.cache == cache;
  });
  return it == records.end() ? nullptr : &*it;
}

std::vector<Record> quickly(const Targets& targets, std::vector<std::size_t> in, std::vector<std::size_t> out,
                            std::vector<Format> formats, const std::stop_token& stop = {}) {
  return speed(targets, {std::move(in), std::move(out), std::move(formats), 3, 1e-4}, {}, stop);
}

TEST(Speed, EverySizeHasItsCopy) {
  const Implementation target = testing::idle("idle");
  const std::vector<Record> records = quickly({&target}, {3, 64}, {1024}, {f32, f64});
  EXPECT_EQ(records.size(), 12U);
  for (const Format& format : {f32, f64}) {
    for (const auto& [n, cache] : {std::pair<std::size_t, const char*>{3, "in"}, {64, "in"}, {1024, "out"}}) {
      for (const char* name : {"copy", "idle"}) {
        const Record* record = find(records, name, format, n, cache);
        ASSERT_TRUE(record) << name << ' ' << format.name << ' ' << n << ' ' << cache;
        EXPECT_EQ(record->kind, "speed");
        EXPECT_GT(record->rows, 0U);
        EXPECT_GT(record->ns_min.value(), 0);
        EXPECT_LE(*record->ns_min, record->ns_median.value());
        EXPECT_LE(*record->ns_median, record->ns_max.value());
        EXPECT_DOUBLE_EQ(record->gb_per_s.value(), 2 * static_cast<double>(format.bytes) / *record->ns_median);
        EXPECT_DOUBLE_EQ(record->roofline_fraction.value(),
                         *find(records, "copy", format, n, cache)->ns_median / *record->ns_median);
      }
    }
  }
}

// The calls are those in cache; what they meet in memory is what differs.
TEST(Speed, OutOfCacheGoesOnThroughMemory) {
  Implementation target = testing::idle("walks");
  std::set<const void*> met;
  std::size_t calls = 0;
  target.prepare = [&](const Format&, const impls::Shape&) -> impls::Kernel {
    return [&](const impls::Call& call) {
      ++calls;
      if (met.insert(call.x).second) std::memcpy(call.y, call.x, call.shape.outer * call.shape.n * f32.bytes);
      return 0;
    };
  };
  const auto in = quickly({&target}, {1024}, {}, {f32});
  EXPECT_EQ(met.size(), 1U);
  met.clear();
  calls = 0;
  const auto out = speed({&target}, {{}, {1024}, {f32}, 3, 0.03}, {});
  const std::size_t rows = find(out, "walks", f32, 1024, "out")->rows;
  EXPECT_EQ(rows, find(in, "walks", f32, 1024, "in")->rows);
  const std::size_t batch = rows * 1024 * 2 * f32.bytes, beyond_the_cache = std::size_t{64} << 20;
  EXPECT_GE(met.size() * batch, std::min(calls * batch, beyond_the_cache)) << "comes back before";
}

TEST(Speed, AWrongAnswerHasNone) {
  Implementation beyond = testing::answering("beyond", [](const Format& format, const impls::Row& row) {
    testing::Row answer = testing::rounded(format, row);
    *answer[4] *= 1.5;
    return answer;
  });
  testing::claim(beyond, 100);
  const Implementation nan = testing::answering("nan", [](const Format& format, const impls::Row& row) {
    testing::Row answer = testing::rounded(format, row);
    answer[1] = NAN;
    return answer;
  });
  const Implementation leaves_out = testing::answering("leaves_out", [](const Format& format, const impls::Row& row) {
    testing::Row answer = testing::rounded(format, row);
    answer.back().reset();
    return answer;
  });
  const std::vector<Record> records = quickly({&beyond, &nan, &leaves_out}, {4000}, {}, {f32});
  ASSERT_EQ(records.size(), 4U);
  EXPECT_TRUE(find(records, "copy", f32, 4000, "in")->ns_median);
  for (const char* name : {"beyond", "nan", "leaves_out"}) {
    const Record& record = *find(records, name, f32, 4000, "in");
    EXPECT_FALSE(record.ns_min || record.ns_median || record.ns_max || record.gb_per_s || record.roofline_fraction);
    ASSERT_EQ(record.findings.size(), 1U) << name;
    EXPECT_EQ(record.findings.front().replay,
              "softmax-audit replay softmax:f32:normal:n=4000:seed=1:index=0 --target " + std::string(name));
  }
  EXPECT_EQ(find(records, "beyond", f32, 4000, "in")->findings.front().element, 4U);
  EXPECT_EQ(find(records, "leaves_out", f32, 4000, "in")->findings.front().got, "unwritten");
}

// Right on the first row of the batch, never looks at the others.
TEST(Speed, ABatchIsHeldToItsLastRow) {
  Implementation target = testing::answering("first_row_only", testing::rounded);
  target.prepare = [inner = target.prepare](const Format& format, const impls::Shape& shape) -> impls::Kernel {
    return [kernel = inner(format, shape)](impls::Call call) {
      call.shape.outer = 1;
      return kernel(call);
    };
  };
  const std::vector<Record> records = quickly({&target}, {100}, {}, {f32});
  const Record& record = *find(records, "first_row_only", f32, 100, "in");
  EXPECT_FALSE(record.ns_median);
  ASSERT_EQ(record.findings.size(), 1U);
  EXPECT_EQ(record.findings.front().got, "unwritten");
}

TEST(Speed, AChangedInputIsFoundAndMended) {
  Implementation clobbers = testing::idle("clobbers"), after = testing::idle("after");
  clobbers.prepare = [](const Format&, const impls::Shape& shape) -> impls::Kernel {
    return [shape](const impls::Call& call) {
      static_cast<float*>(const_cast<void*>(call.x))[shape.outer * shape.n - 1] = 0;
      return 0;
    };
  };
  const std::vector<Record> records = quickly({&clobbers, &after}, {64}, {}, {f32});
  EXPECT_EQ(find(records, "clobbers", f32, 64, "in")->findings.at(0).law, "input unchanged");
  EXPECT_TRUE(find(records, "after", f32, 64, "in")->ns_median);
}

TEST(Speed, NotSupportedIsListed) {
  Implementation target = testing::idle("refuses");
  target.prepare = [](const Format&, const impls::Shape&) -> impls::Kernel {
    return [](const impls::Call&) { return 1; };
  };
  const std::vector<Record> records = quickly({&target}, {64}, {}, {f32});
  const Record& record = *find(records, "refuses", f32, 64, "in");
  EXPECT_EQ(record.rows, 0U);
  EXPECT_FALSE(record.ns_median);
  EXPECT_TRUE(record.findings.empty());
}

TEST(Speed, TheOracleIsTimedBesidePlainMpfrInCacheAlone) {
  SpeedPlan plan{{64}, {128}, {f32}, 3, 1e-4};
  plan.oracle = true;
  std::size_t of = 0, seen = 0;
  const auto records = speed({}, plan, [&](std::size_t done, std::size_t total) { seen = done, of = total; });
  EXPECT_EQ(seen, of);
  ASSERT_EQ(records.size(), 4U);
  const Record* oracle = find(records, "oracle", f32, 64, "in");
  const Record* plain = find(records, "mpfr_128", f32, 64, "in");
  ASSERT_TRUE(oracle && plain);
  for (const Record* record : {oracle, plain}) {
    EXPECT_GT(record->ns_median.value(), 0);
    EXPECT_EQ(record->rows, 1U);
  }
}

TEST(Speed, ProgressEndsAtItsTotal) {
  const Implementation target = testing::idle("idle");
  std::vector<std::size_t> seen;
  std::size_t of = 0;
  speed({&target}, {{3, 8}, {}, {f32}, 4, 1e-4},
        [&](std::size_t done, std::size_t total) { seen.push_back(done), of = total; });
  EXPECT_EQ(of, 16U);
  ASSERT_EQ(seen.size(), 16U);
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i + 1);
}

TEST(Speed, WhatIsCutShortIsLeftOut) {
  const Implementation target = testing::idle("idle");
  std::stop_source stop;
  const auto records = speed(
      {&target}, {{3, 8}, {}, {f32}, 4, 1e-4},
      [&](std::size_t done, std::size_t) {
        if (done == 9) stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(records.size(), 2U);
  EXPECT_TRUE(find(records, "copy", f32, 3, "in"));
  EXPECT_TRUE(quickly({&target}, {3}, {}, {f32}, stop.get_token()).empty());
  EXPECT_EQ(quickly({&target}, {3}, {}, {f32}).size(), 2U);
}

}  // namespace
}  // namespace audit::bench
