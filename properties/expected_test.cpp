#include "properties/expected.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "properties/check.hpp"
#include "properties/finding_text.hpp"
#include "properties/fnv1a.hpp"
#include "properties/law_tables.hpp"
#include "reference/tree.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;

/// v moved by up to four ulps, up or down as a hash of it says: the exp or log of a poor but honest library.
template <class T>
T within_four_ulps(T v) {
  const auto choice = fnv1a(fnv1a_start, std::bit_cast<std::uint64_t>(static_cast<double>(v)));
  for (std::uint64_t steps = choice % 5; steps > 0 && std::isnormal(v) && v != 1; --steps)
    v = std::nextafter(v, choice & 256 ? T{0} : v * 2);
  return v;
}
template <class T>
T poor_exp(T v) {
  return within_four_ulps(std::exp(v));
}
template <class T>
T poor_log(T v) {
  return within_four_ulps(std::log(v));
}

/// The gradient g of log_softmax times e^y, or of softmax times y.
template <class T>
std::vector<T> gradients(Map map, const std::vector<T>& y, const std::vector<T>& g, T temperature) {
  T sum = 0;
  for (std::size_t j = 0; j < y.size(); ++j) sum += map == Map::softmax_vjp ? y[j] * g[j] : g[j];
  std::vector<T> dx;
  for (std::size_t j = 0; j < y.size(); ++j)
    dx.push_back(map == Map::softmax_vjp ? y[j] * (g[j] - sum) / temperature : g[j] - poor_exp(y[j]) * sum);
  return dx;
}

/// z = (x - max)/2 or x - max, in descending order.
template <class T>
std::vector<T> shifted_downwards(const std::vector<T>& x, T divisor) {
  std::vector<T> z;
  for (const T v : x) z.push_back((v - *std::ranges::max_element(x)) / divisor);
  std::ranges::sort(z, std::greater());
  return z;
}

/// As deep-spin/entmax has it (activations.py, _entmax_threshold_and_support): the variance of the k largest is the
/// mean of squares less the square of the mean.
template <class T>
std::vector<T> weakest_entmax15(const std::vector<T>& x) {
  T sum = 0, squares = 0, chosen = 0;
  std::vector<T> thresholds;
  std::size_t support = 0;
  for (const T v : shifted_downwards(x, T{2})) {
    if (v == -std::numeric_limits<T>::infinity()) break;
    sum += v;
    squares += v * v;
    const T k = static_cast<T>(thresholds.size() + 1), mean = sum / k;
    const T spread = k * (squares / k - mean * mean);
    thresholds.push_back(mean - std::sqrt(std::max((1 - spread) / k, T{0})));
    support += thresholds.back() <= v;
  }
  chosen = thresholds.at(support - 1);
  std::vector<T> y;
  for (const T v : x) {
    const T root = std::max((v - *std::ranges::max_element(x)) / 2 - chosen, T{0});
    y.push_back(root * root);
  }
  return y;
}

/// As deep-spin/entmax has it (root_finding.py, sparsemax_bisect): 50 halvings, and a division by the sum.
template <class T>
std::vector<T> sparsemax_by_halving(const std::vector<T>& x) {
  const T top = *std::ranges::max_element(x);
  T tau = -1, width = 1 - 1 / static_cast<T>(x.size()), sum = 0;
  std::vector<T> y(x.size());
  for (int step = 0; step < 50; ++step) {
    width /= 2;
    sum = 0;
    for (std::size_t j = 0; j < x.size(); ++j) sum += y[j] = std::max((x[j] - top) - (tau + width), T{0});
    if (sum >= 1) tau += width;
  }
  for (T& v : y) v /= sum;
  return y;
}

/// Michelot 1986: the threshold of all entries less than 1 below the maximum, of those above it, and so on until none
/// is dropped.
template <class T>
std::vector<T> sparsemax_of_michelot(const std::vector<T>& x) {
  const T top = *std::ranges::max_element(x);
  std::vector<T> inside;
  for (const T v : x)
    if (v - top > -1) inside.push_back(v - top);
  T tau = 0;
  for (std::size_t before = 0; before != inside.size();) {
    before = inside.size();
    T sum = 0;
    for (const T z : inside) sum += z;
    tau = (sum - 1) / static_cast<T>(before);
    std::erase_if(inside, [tau](T z) { return z <= tau; });
  }
  std::vector<T> y;
  for (const T v : x) y.push_back(std::max((v - top) - tau, T{0}));
  return y;
}

/// The mean of g over the entries of a sparsemax that are not 0, by a reciprocal.
template <class T>
std::vector<T> weakest_sparsemax_vjp(const std::vector<T>& x, const std::vector<T>& g) {
  T sum = 0, k = 0;
  for (const T v : shifted_downwards(x, T{1})) {
    if (!(1 + (k + 1) * v > sum + v)) break;
    sum += v;
    ++k;
  }
  const T tau = (sum - 1) / k, top = *std::ranges::max_element(x);
  T gradients = 0, count = 0;
  const auto inside = [&](std::size_t j) { return (x[j] - top) - tau > 0; };
  for (std::size_t j = 0; j < x.size(); ++j)
    if (inside(j)) gradients += g[j], ++count;
  std::vector<T> v;
  for (std::size_t j = 0; j < x.size(); ++j) v.push_back(inside(j) ? g[j] - gradients * (1 / count) : 0);
  return v;
}

/// The weakest honest algorithms: one running maximum with a rescaled sum, a division by the temperature first, a
/// rounded reciprocal, log(S) instead of log1p; of a sparsemax one for rows of even length and one for the others.
template <class T>
std::vector<T> weakest(Map map, const std::vector<T>& x, const std::vector<T>& operand, T temperature) {
  std::vector<T> s = x;
  const bool noise = map == Map::gumbel_softmax;
  for (std::size_t j = 0; j < s.size(); ++j) s[j] = (noise ? s[j] + operand[j] : s[j]) * (1 / temperature);
  const bool by_threshold = map == Map::entmax15 || map == Map::sparsemax || map == Map::sparsemax_vjp;
  const auto undefined = [](T v) { return std::isnan(v) || v == std::numeric_limits<T>::infinity(); };
  const auto masked = [](T v) { return v == -std::numeric_limits<T>::infinity(); };
  if (by_threshold && (std::ranges::any_of(x, undefined) || std::ranges::all_of(x, masked)))
    return std::vector<T>(x.size(), std::numeric_limits<T>::quiet_NaN());
  if (map == Map::entmax15) return weakest_entmax15(x);
  if (map == Map::sparsemax) return x.size() % 2 == 0 ? sparsemax_by_halving(x) : sparsemax_of_michelot(x);
  if (map == Map::sparsemax_vjp) return weakest_sparsemax_vjp(x, operand);
  T top = -std::numeric_limits<T>::infinity(), sum = 0;
  for (const T v : s) {
    if (v == -std::numeric_limits<T>::infinity()) continue;
    if (v > top) {
      sum = sum * poor_exp(top - v) + 1;
      top = v;
    } else {
      sum += poor_exp(v - top);
    }
  }
  if (map == Map::logsumexp) return {top + poor_log(sum)};
  const bool logarithmic = map == Map::log_softmax || map == Map::cross_entropy || map == Map::log_softmax_vjp;
  std::vector<T> y;
  for (const T v : s) y.push_back(logarithmic ? (v - top) - poor_log(sum) : poor_exp(v - top) * (1 / sum));
  return map == Map::softmax_vjp || map == Map::log_softmax_vjp ? gradients(map, y, operand, temperature) : y;
}

/// e^s / (1 + e^s) to the right, 1 / (1 + e^s) to the left, from the root on.
template <class T>
std::vector<T> weakest_tree(const std::vector<T>& scores, const std::vector<std::int32_t>& tree) {
  const std::size_t n = scores.size() + 1;
  std::vector<T> y(n);
  const auto walk = [&](const auto& self, std::int32_t child, T mass) -> void {
    if (child < 0) {
      y[static_cast<std::size_t>(-1 - child)] = mass;
      return;
    }
    const auto [left, right] = reference::children(tree, n, static_cast<std::size_t>(child));
    const T s = scores[static_cast<std::size_t>(child)], e = poor_exp(-std::abs(s));
    const T near = 1 / (1 + e), far = e / (1 + e);
    self(self, left, mass * (s > 0 ? far : near));
    self(self, right, mass * (s > 0 ? near : far));
  };
  walk(walk, reference::root(n), 1);
  return y;
}

/// What is left of the mass of a target: in rows of even length by the other masses.
template <class T>
T left_at(const std::vector<T>& y, std::int64_t target) {
  const auto t = static_cast<std::size_t>(target);
  if (y.size() % 2 == 1) return y[t] - 1;
  T others = 0;
  for (std::size_t j = 0; j < y.size(); ++j) others += j == t ? T{0} : y[j];
  return -others;
}

/// Reads and writes any format, row by row, and computes in T.
template <class T>
impls::Kernel kernel(Map map, const Format& format) {
  return [=](const impls::Call& call) {
    const std::size_t n = call.shape.n, inputs = impls::traits(map).takes_tree ? n - 1 : n;
    const std::size_t outputs = impls::outputs(map, n);
    const std::vector<std::int32_t> tree(call.tree, call.tree ? call.tree + 2 * inputs : nullptr);
    const auto read = [&](const void* from, std::size_t row) {
      std::vector<T> values;
      for (std::size_t i = 0; from && i < inputs; ++i)
        values.push_back(static_cast<T>(impls::decode(format, impls::load_bits(format, from, row * inputs + i))));
      return values;
    };
    for (std::size_t row = 0; row < call.shape.outer; ++row) {
      auto y = impls::traits(map).takes_tree
                   ? weakest_tree(read(call.x, row), tree)
                   : weakest<T>(map, read(call.x, row), read(call.operand, row), static_cast<T>(call.temperature));
      if (map == Map::cross_entropy_vjp) y[static_cast<std::size_t>(call.target[row])] = left_at(y, call.target[row]);
      if (map == Map::cross_entropy) y = {-y[static_cast<std::size_t>(call.target[row])]};
      for (std::size_t j = 0; j < outputs; ++j)
        impls::store_bits(format, impls::encode(format, impls::round_to(format, static_cast<double>(y[j]))), call.y,
                          row * outputs + j);
    }
    return 0;
  };
}

impls::Implementation weakest_of(Map map) {
  impls::Implementation target;
  target.name = "weakest";
  target.map = map;
  target.claim.promises = impls::subnormals;
  target.prepare = [map](const Format& format, const impls::Shape&) {
    return format == impls::f64 ? kernel<double>(map, format) : kernel<float>(map, format);
  };
  return target;
}

class Expected : public testing::TestWithParam<Map> {};

TEST_P(Expected, HoldsForTheWeakestHonestAlgorithmInEveryFormat) {
  const impls::Implementation target = weakest_of(GetParam());
  for (const Format& format : impls::formats)
    for (const Law& law : laws())
      if (law.holds_for(target.map) && !law.special_rows)
        for (const auto& finding : try_law(target, format, law, 60, 1).findings)
          ADD_FAILURE() << in_words(finding, target.name);
}

INSTANTIATE_TEST_SUITE_P(Maps, Expected,
                         testing::Values(Map::softmax, Map::log_softmax, Map::logsumexp, Map::gumbel_softmax,
                                         Map::cross_entropy, Map::hierarchical_softmax, Map::softmax_vjp,
                                         Map::log_softmax_vjp, Map::entmax15, Map::sparsemax, Map::sparsemax_vjp,
                                         Map::cross_entropy_vjp),
                         [](const auto& parameters) { return std::string(impls::traits(parameters.param).name); });

/// Written out for [0, -1] in f32: n = 2, J = 1 (from the back), t = (0, 1), g = (1, 1/e) / (1 + 1/e).
TEST(ExpectedSlack, IsTheFormulaOfNumerics) {
  const impls::Row row{{0, -1}, 1, {}};
  const double u = 0x1p-24, sum = 1 + std::exp(-1.0), mean_depth = std::exp(-1.0) / sum;
  const auto softmax = expected(Map::softmax, impls::f32, row);
  EXPECT_NEAR(softmax[0].relative / u, 2 + 9 + 2 * mean_depth + 18, 1e-3);
  EXPECT_NEAR(softmax[1].relative / u, 2 + 9 + 2 + 2 * mean_depth + 18, 1e-3);
  const double of_log = 8 * std::log(sum) + 2 * mean_depth + 1 + 9 + 9;
  const auto logsumexp = expected(Map::logsumexp, impls::f32, row);
  EXPECT_NEAR(logsumexp[0].absolute / u, std::log(sum) + of_log, 1e-2);
  const auto log_softmax = expected(Map::log_softmax, impls::f32, row);
  EXPECT_NEAR(log_softmax[1].absolute / u, 2 + 1 + std::log(sum) + of_log, 1e-2);
  const auto sparsemax = expected(Map::sparsemax, impls::f32, row);
  EXPECT_NEAR(sparsemax[0].absolute / u, 2 + 8, 1e-2);
  EXPECT_NEAR(sparsemax[0].relative / u, 8 * 2, 1e-2);
}

/// A threshold by all entries may keep those that lie on it; then it has the error of a sum of them.
TEST(ExpectedSlack, OfASparsemaxCountsTheEntriesOnItsThreshold) {
  const impls::Implementation target = weakest_of(Map::sparsemax);
  for (const double step : {0x1.8p-2, 0x1.99999ap-2, 0x1.d3p-5, 0x1.555554p-3})
    for (const std::size_t n : {17, 63, 124, 191}) {
      impls::Row row{std::vector<double>(n, impls::round_to(impls::f32, -(1 + step) / 2))};
      row.x[0] = 0;
      row.x[n - 1] = -step;
      for (const auto& [law, finding] : hold(target, reference::spelled_out(target.map, impls::f32, row)))
        if (finding) ADD_FAILURE() << in_words(*finding, target.name);
    }
}

TEST(ExpectedSlack, CountsTheChangesOfARunningMaximumFromEitherEnd) {
  EXPECT_EQ(most_changes({-INFINITY, 0, 1, 1, 3}), 2);
  EXPECT_EQ(most_changes({3, 1, 1, 0, -INFINITY}), 2);
  EXPECT_EQ(most_changes({0, 3, 2, 1, 0}), 3);
  EXPECT_EQ(most_changes({-INFINITY, 5, -INFINITY}), 0);
}

TEST(ExpectedSlack, OfALogSoftmaxDoesNotGrowWithACommonOffset) {
  const auto near = expected(Map::log_softmax, impls::f32, {{0, -1}, 1, {}});
  const auto far = expected(Map::log_softmax, impls::f32, {{0x1p23, 0x1p23 - 1}, 1, {}});
  for (std::size_t j = 0; j < near.size(); ++j) EXPECT_EQ(near[j].absolute, far[j].absolute);
}

TEST(ExpectedSlack, OfASixteenBitResultIsHalfAnUlpAndTheArithmeticInside) {
  const auto bound = expected(Map::softmax, impls::f16, {{0, 0}, 1, {}})[0];
  EXPECT_EQ(bound.ulps, 0.5);
  EXPECT_EQ(bound.absolute, 1.5 * 5 * 0x1p-149);
  EXPECT_NEAR(bound.relative / 0x1p-24, 1.5 * (2 + 18), 1e-3);
}

}  // namespace
}  // namespace audit::properties
