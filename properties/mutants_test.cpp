#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "properties/check.hpp"
#include "properties/finding_text.hpp"
#include "reference/tree.hpp"

namespace audit::properties {
namespace {

using impls::Call;
using impls::Format;
using impls::Implementation;
using impls::Map;

/// A target that is wrong on purpose: a row function body(x, y) for the f32 and f64 of one map. It claims nothing, and
/// promises what the defect needs to be one.
template <class Body>
Implementation mutant(std::string name, Map map, Body body, unsigned promises = impls::subnormals) {
  const auto run = [body, map]<class T>(const Call& call, T) {
    const std::size_t outputs = impls::traits(map).one_number_out ? 1 : call.shape.n;
    for (std::size_t o = 0; o < call.shape.outer; ++o)
      body(std::span(static_cast<const T*>(call.x) + o * call.shape.n, call.shape.n),
           std::span(static_cast<T*>(call.y) + o * outputs, outputs));
    return call.temperature == 1 ? 0 : 1;
  };
  Implementation made;
  made.name = std::move(name);
  made.map = map;
  made.formats = {impls::f64, impls::f32};
  made.prepare = [run](const Format& format, const impls::Shape&) -> impls::Kernel {
    if (format == impls::f64) return [run](const Call& call) { return run(call, double{}); };
    return [run](const Call& call) { return run(call, float{}); };
  };
  made.claim.promises = promises;
  return made;
}

/// One of a map that takes more than logits, in f64: body(call, x, y) for a row at a time.
template <class Body>
Implementation mutant_of_call(std::string name, Map map, Body body) {
  Implementation made;
  made.name = std::move(name);
  made.map = map;
  made.formats = {impls::f64};
  made.prepare = [body, map](const Format&, const impls::Shape&) -> impls::Kernel {
    return [body, map](const Call& call) {
      const std::size_t n = call.shape.n;
      body(call, std::span(static_cast<const double*>(call.x), impls::traits(map).takes_tree ? n - 1 : n),
           std::span(static_cast<double*>(call.y), impls::outputs(map, n)));
      return call.shape.outer == 1 ? 0 : 1;
    };
  };
  made.claim.promises = impls::subnormals;
  return made;
}

/// exp(x - shift) / Σ, with an exp of one's own.
template <class T, class Exp>
void divide(std::span<const T> x, std::span<T> y, T shift, Exp exp) {
  T sum = 0;
  for (std::size_t j = 0; j < x.size(); ++j) sum += y[j] = exp(x[j] - shift);
  for (T& v : y) v /= sum;
}

/// The maximum of an honest kernel: a NaN wins.
template <class T>
T top(std::span<const T> x, T start = -std::numeric_limits<T>::infinity()) {
  return std::accumulate(x.begin(), x.end(), start, [](T a, T b) { return a >= b ? a : std::isnan(a) ? a : b; });
}

constexpr auto exact_exp = [](auto v) { return std::exp(v); };

constexpr auto honest_softmax = []<class T>(std::span<const T> x, std::span<T> y) { divide(x, y, top(x), exact_exp); };

template <class T>
T log_sum(std::span<const T> x, T shift) {
  T sum = 0;
  for (const T v : x) sum += std::exp(v - shift);
  return std::log(sum);
}

/// The sparsemax of Martins & Astudillo 2016 with its support `off` entries too large.
constexpr auto sparsemax_off_by = [](std::size_t off) {
  return [off]<class T>(std::span<const T> x, std::span<T> y) {
    const T a = top(x);
    std::vector<T> z;
    for (const T v : x) z.push_back(v - a);
    std::ranges::sort(z, std::greater<>());
    T sum = 0, threshold = 0;
    std::size_t beyond = 0;
    for (std::size_t k = 0; k < z.size() && beyond <= off; ++k) {
      sum += z[k];
      const bool inside = 1 + static_cast<T>(k + 1) * z[k] > sum;
      if (inside || ++beyond <= off) threshold = (sum - 1) / static_cast<T>(k + 1);
    }
    for (std::size_t j = 0; j < x.size(); ++j) y[j] = std::isnan(a) ? a : std::max(x[j] - a - threshold, T{0});
  };
};

struct Planted {
  Implementation target;
  std::string law;         ///< one that must catch it
  std::size_t smallest_n;  ///< the row it shrinks to is no longer
};

std::vector<Planted> planted() {
  const auto softmax = [](std::string name, auto body, unsigned promises = impls::subnormals) {
    return mutant(std::move(name), Map::softmax, body, promises);
  };
  std::vector<Planted> all;
  all.push_back(
      {softmax("no_max", []<class T>(std::span<const T> x, std::span<T> y) { divide(x, y, T{0}, exact_exp); }),
       "error within claim", 2});
  all.push_back({softmax("max_init_zero",
                         []<class T>(std::span<const T> x, std::span<T> y) { divide(x, y, top(x, T{0}), exact_exp); }),
                 "shift invariance, exact", 2});
  all.push_back({softmax("shift_mean",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           const T mean = std::accumulate(x.begin(), x.end(), T{0}) / static_cast<T>(x.size());
                           divide(x, y, mean, exact_exp);
                         }),
                 "error within claim", 4});
  all.push_back({softmax("finite_sentinel", []<class T>(std::span<const T> x,
                                                        std::span<T> y) { divide(x, y, top(x, T{-5e4}), exact_exp); }),
                 "normalization", 2});
  all.push_back({softmax("exp_clamp_-80",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           divide(x, y, top(x), [](T v) { return std::exp(std::max(v, T{-80})); });
                         }),
                 "masked entries", 2});
  all.push_back({softmax("exp_neginf_fltmin",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           divide(x, y, top(x),
                                  [](T v) { return std::max(std::exp(v), std::numeric_limits<T>::min()); });
                         }),
                 "masked entries", 2});
  all.push_back({softmax("nan_swallowed",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           T a = -std::numeric_limits<T>::infinity();
                           for (const T v : x) a = std::fmax(a, v);
                           divide(x, y, a, [](T v) { return std::isnan(v) ? T{0} : std::exp(v); });
                         }),
                 "NaN shows", 2});
  all.push_back({softmax("posinf_zero_row",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           divide(x, y, top(x), exact_exp);
                           if (top(x) == INFINITY) std::ranges::fill(y, T{0});
                         }),
                 "+inf classified", 1});
  all.push_back({softmax("allmask_uniform",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           divide(x, y, std::max(top(x), std::numeric_limits<T>::lowest()), exact_exp);
                           if (top(x) == -INFINITY) std::ranges::fill(y, T{1} / static_cast<T>(x.size()));
                         }),
                 "all masked", 1});
  all.push_back({softmax("exp_ftz",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           divide(x, y, top(x), [](T v) {
                             const T e = std::exp(v);
                             return e < std::numeric_limits<T>::min() ? T{0} : e;
                           });
                         }),
                 "error within claim", 2});
  all.push_back({softmax("last_lane_wrong",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           honest_softmax(x, y);
                           if (x.size() % 8 != 0) y.back() *= static_cast<T>(1.001);
                         }),
                 "normalization", 1});
  all.push_back({softmax("tail_swapped",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           honest_softmax(x, y);
                           if (x.size() % 8 > 1) std::swap(y[x.size() - 1], y[x.size() - 2]);
                         }),
                 "order", 2});
  all.push_back({softmax("online_block_max_only",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           T a = top(x.first(std::min<std::size_t>(x.size(), 4)));
                           for (std::size_t i = 4; i < x.size(); i += 4)
                             a = top(x.subspan(i, std::min<std::size_t>(4, x.size() - i)));
                           divide(x, y, a, exact_exp);
                         }),
                 "permutation", 5});
  all.push_back({softmax(
                     "last_bit_by_sign",
                     []<class T>(std::span<const T> x, std::span<T> y) {
                       honest_softmax(x, y);
                       if (top(x) > 0) y[0] = std::nextafter(y[0], T{0});
                     },
                     impls::shift_exact | impls::subnormals),
                 "shift invariance, exact", 2});
  Implementation boundless = softmax("nan_within_no_bound", []<class T>(std::span<const T> x, std::span<T> y) {
    honest_softmax(x, y);
    if (x.size() > 2) y[2] = std::numeric_limits<T>::quiet_NaN();
  });
  boundless.claim.bounds = [](const impls::Row& row, const Format&) {
    return std::vector<impls::Bound>(row.x.size(), {INFINITY, INFINITY});
  };
  all.push_back({std::move(boundless), "error within claim", 3});
  all.push_back({softmax("last_unwritten",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           std::vector<T> all_of_it(x.size());
                           honest_softmax(x, std::span(all_of_it));
                           std::copy_n(all_of_it.begin(), x.size() - 1, y.begin());
                         }),
                 "output written, input kept", 1});
  all.push_back({softmax("input_clobber",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           honest_softmax(x, y);
                           const_cast<T&>(x[0]) = y[0];
                         }),
                 "output written, input kept", 1});
  all.push_back({softmax("sum_plus_eps",
                         []<class T>(std::span<const T> x, std::span<T> y) {
                           honest_softmax(x, y);
                           for (T& v : y) v /= T{1} + static_cast<T>(1e-6);
                         }),
                 "single entry", 1});
  all.push_back({mutant("lsm_add_big", Map::log_softmax,
                        []<class T>(std::span<const T> x, std::span<T> y) {
                          const T lse = top(x) + log_sum(x, top(x));
                          for (std::size_t j = 0; j < x.size(); ++j) y[j] = x[j] - lse;
                        }),
                 "error within claim", 4});
  all.push_back({mutant("log_eps", Map::log_softmax,
                        []<class T>(std::span<const T> x, std::span<T> y) {
                          honest_softmax(x, y);
                          for (T& v : y) v = std::log(v + static_cast<T>(1e-5));
                        }),
                 "range", 1});
  all.push_back({mutant("lse_off_by_constant", Map::logsumexp,
                        []<class T>(std::span<const T> x, std::span<T> y) {
                          y[0] = std::isinf(top(x)) ? top(x) : top(x) + log_sum(x, top(x)) * static_cast<T>(1.0001);
                        }),
                 "error within claim", 2});
  Implementation earns = mutant("lse_log_not_log1p", Map::logsumexp, []<class T>(std::span<const T> x, std::span<T> y) {
    y[0] = std::isinf(top(x)) ? top(x) : top(x) + log_sum(x, top(x));
  });
  earns.claim.bounds = impls::find("logsumexp_log1p")->claim.bounds;
  all.push_back({std::move(earns), "error within claim", 3});
  const auto operand = [](const Call& call) { return static_cast<const double*>(call.operand); };
  const auto masses = [](const Call& call, std::span<const double> x) {
    std::vector<double> y, z;
    for (const double v : x) z.push_back(v / call.temperature);
    y.resize(z.size());
    honest_softmax(std::span<const double>(z), std::span(y));
    return y;
  };
  all.push_back({mutant_of_call("grad_copy", Map::softmax_vjp,
                                [=](const Call& call, auto, std::span<double> dx) {
                                  std::copy_n(operand(call), dx.size(), dx.begin());
                                }),
                 "gradients add up to 0", 1});
  all.push_back({mutant_of_call("grad_without_temperature", Map::softmax_vjp,
                                [=](const Call& call, std::span<const double> x, std::span<double> dx) {
                                  const auto y = masses(call, x);
                                  const double sum = std::inner_product(y.begin(), y.end(), operand(call), 0.0);
                                  for (std::size_t j = 0; j < dx.size(); ++j) dx[j] = y[j] * (operand(call)[j] - sum);
                                }),
                 "temperature", 2});
  all.push_back({mutant_of_call("grad_round_first", Map::log_softmax_vjp,
                                [=](const Call& call, std::span<const double> x, std::span<double> dx) {
                                  const auto y = masses(call, x);
                                  const double sum = std::accumulate(operand(call), operand(call) + y.size(), 0.0);
                                  for (std::size_t j = 0; j < dx.size(); ++j)
                                    dx[j] = operand(call)[j] - static_cast<float>(y[j]) * sum;
                                }),
                 "gradients add up to 0", 2});
  all.push_back({mutant_of_call("ce_clipped", Map::cross_entropy,
                                [=](const Call& call, std::span<const double> x, std::span<double> y) {
                                  y[0] = -std::log(
                                      std::max(masses(call, x)[static_cast<std::size_t>(*call.target)], 1e-15));
                                  if (std::ranges::any_of(x, [](double v) { return std::isnan(v); })) y[0] = NAN;
                                }),
                 "error within claim", 2});
  all.push_back({mutant_of_call("ce_target_before_masks", Map::cross_entropy,
                                [=](const Call& call, std::span<const double> x, std::span<double> y) {
                                  const auto target = static_cast<std::size_t>(*call.target);
                                  const std::size_t seen =
                                      target > 0 && x[target - 1] == -INFINITY ? target - 1 : target;
                                  y[0] = top(x) - x[seen] + log_sum(x, top(x));
                                }),
                 "masked entries", 2});
  all.push_back({mutant_of_call("tree_always_heap", Map::hierarchical_softmax,
                                [](const Call&, std::span<const double> x, std::span<double> y) {
                                  std::vector<double> mass(2 * x.size() + 1, 1.0);
                                  for (std::size_t i = 0; i < x.size(); ++i) {
                                    mass[2 * i + 1] = mass[i] / (1 + std::exp(x[i]));
                                    mass[2 * i + 2] = mass[i] / (1 + std::exp(-x[i]));
                                  }
                                  std::ranges::copy(std::span(mass).last(y.size()), y.begin());
                                }),
                 "error within claim", 2});
  all.push_back({mutant_of_call("tree_complement", Map::hierarchical_softmax,
                                [](const Call& call, std::span<const double> x, std::span<double> y) {
                                  const std::vector<std::int32_t> tree(call.tree,
                                                                       call.tree ? call.tree + 2 * x.size() : nullptr);
                                  const auto walk = [&](const auto& self, std::int32_t child, double mass) -> void {
                                    if (child < 0) {
                                      y[static_cast<std::size_t>(-1 - child)] = mass;
                                      return;
                                    }
                                    const auto node = static_cast<std::size_t>(child);
                                    const auto [left, right] = reference::children(tree, y.size(), node);
                                    const double p = 1 / (1 + std::exp(-x[node]));
                                    self(self, left, mass * (1 - p));
                                    self(self, right, mass * p);
                                  };
                                  walk(walk, 0, 1.0);
                                }),
                 "error within claim", 1});
  all.push_back({mutant("sparsemax_k_off1", Map::sparsemax, sparsemax_off_by(1)), "normalization", 2});
  return all;
}

/// What googletest prints instead of the bytes.
void PrintTo(const Planted& planted, std::ostream* out) { *out << planted.target.name; }

class Dies : public testing::TestWithParam<Planted> {};

TEST_P(Dies, ByTheExpectedLawOnASmallRowThatReplays) {
  const auto& [target, expected, smallest_n] = GetParam();
  bool caught = false;
  std::size_t shortest = SIZE_MAX;
  for (const Law& law : laws()) {
    if (!law.holds_for(target.map)) continue;
    for (const auto& finding : try_law(target, target.formats.back(), law, 150, 1).findings) {
      caught = caught || finding.law == expected;
      const reference::Case again = reference::rebuild(finding.case_id);
      shortest = std::min(shortest, again.row.x.size());
      const auto held = hold(target, again);
      EXPECT_TRUE(std::ranges::any_of(held, [&](const Holding& h) { return h.law->name == law.name && h.finding; }))
          << "does not replay: " << in_words(finding, target.name);
    }
  }
  EXPECT_TRUE(caught) << target.name << " survives \"" << expected << '"';
  EXPECT_LE(shortest, smallest_n);
}

INSTANTIATE_TEST_SUITE_P(Mutants, Dies, testing::ValuesIn(planted()), [](const auto& parameters) {
  std::string name = parameters.param.target.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

/// The helpers above are honest themselves: what kills a mutant is its defect.
TEST(Mutants, AreHonestWithoutTheirDefect) {
  std::vector<Implementation> honest;
  honest.push_back(mutant("honest_softmax", Map::softmax, honest_softmax, impls::subnormals | impls::shift_exact));
  honest.push_back(mutant("honest_sparsemax", Map::sparsemax, sparsemax_off_by(0)));
  honest.push_back(mutant("honest_logsumexp", Map::logsumexp, []<class T>(std::span<const T> x, std::span<T> y) {
    y[0] = std::isinf(top(x)) ? top(x) : top(x) + log_sum(x, top(x));
  }));
  for (const Implementation& target : honest)
    for (const Format& format : target.formats)
      for (const Law& law : laws())
        if (law.holds_for(target.map))
          for (const auto& finding : try_law(target, format, law, 80, 1).findings)
            ADD_FAILURE() << in_words(finding, target.name);
}

}  // namespace
}  // namespace audit::properties
