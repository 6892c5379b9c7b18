// The functions of a library are held against each other: each against each, one of them off by a hundredth.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "properties/check.hpp"
#include "properties/relatives.hpp"

namespace audit::properties {
namespace {

using impls::Implementation;
using impls::Map;

constexpr std::array family{Map::softmax, Map::log_softmax, Map::logsumexp, Map::cross_entropy, Map::cross_entropy_vjp};

std::vector<Implementation> library() { return impls::load(MUTANT_OBJECTS "/unmutated.so", {.timeout = 5}); }

Implementation function(Map map) {
  const auto all = library();
  return *std::ranges::find(all, map, &Implementation::map);
}

/// The same function, a hundredth more in every element.
Implementation off(Implementation honest) {
  honest.prepare = [prepare = honest.prepare, map = honest.map](const impls::Format& format,
                                                                const impls::Shape& shape) {
    return impls::Kernel([kernel = prepare(format, shape), map](const impls::Call& call) {
      const int status = kernel(call);
      auto* y = static_cast<double*>(call.y);
      for (std::size_t i = 0; i < call.shape.outer * impls::outputs(map, call.shape.n); ++i) y[i] += 0.01;
      return status;
    });
  };
  return honest;
}

/// Whether the law speaks of a row of three, and what it says.
bool parts(const Implementation& target) {
  impls::Row row{{0, 1, 2}, 1, {}};
  if (impls::traits(target.map).takes_target) row.target = {1};
  const auto held = hold(target, reference::spelled_out(target.map, impls::f64, row));
  const auto law = std::ranges::find_if(held, [](const Holding& h) { return h.law->name == "log consistency"; });
  EXPECT_NE(law, held.end());
  return law != held.end() && law->finding.has_value();
}

TEST(LogConsistency, PartsWhatDiffersInEveryPair) {
  for (const Map map : family)
    for (const Map other : family) {
      if (map == other) continue;
      Implementation target = function(map);
      target.library = [&] { return std::vector{target, function(other)}; };
      EXPECT_FALSE(parts(target)) << impls::traits(map).name << " and " << impls::traits(other).name;
      target.library = [&] { return std::vector{target, off(function(other))}; };
      EXPECT_TRUE(parts(target)) << impls::traits(map).name << " and " << impls::traits(other).name;
    }
}

TEST(Relatives, AreTheOtherMapsOfTheFamilyInTheFormat) {
  const auto found = relatives(function(Map::log_softmax), impls::f64);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].map, Map::softmax);
  EXPECT_TRUE(relatives(function(Map::log_softmax), impls::f32).empty()) << "it offers f64 alone";
  EXPECT_TRUE(relatives(function(Map::hierarchical_softmax), impls::f64).empty());
}

TEST(Relatives, AreAskedTheSameLogits) {
  const auto question = reference::rebuild("softmax:f64:row=-inf,0x1p+0:temperature=0x1p+1");
  EXPECT_FALSE(asked_of(Map::logsumexp, question).has_value()) << "it takes no temperature";
  EXPECT_EQ(asked_of(Map::log_softmax, question)->row, question.row);
  const auto masked = reference::rebuild("softmax:f64:row=-inf,0x1p+0,-inf");
  EXPECT_EQ(asked_of(Map::cross_entropy, masked)->row.target, std::vector<std::int64_t>{1});
}

}  // namespace
}  // namespace audit::properties
