#include "reference/sparsemax.hpp"

#include <algorithm>
#include <boost/multiprecision/gmp.hpp>
#include <cmath>
#include <functional>
#include <optional>
#include <stdexcept>

#include "reference/rounding.hpp"

namespace audit::reference {
namespace {

using Rational = boost::multiprecision::mpq_rational;

/// The threshold τ. Only entries within 1 of the maximum can be in the support, so only they are summed.
Rational threshold(const std::vector<double>& x) {
  const double top = *std::ranges::max_element(x);
  std::vector<double> candidates;
  std::ranges::copy_if(x, std::back_inserter(candidates),
                       [least = std::nextafter(top - 1, -INFINITY)](double v) { return v >= least && v != -INFINITY; });
  std::ranges::sort(candidates, std::greater());
  Rational sum = 0, tau = 0;
  for (std::size_t j = 0; j < candidates.size(); ++j) {
    const Rational entry(candidates[j]);
    sum += entry;
    const auto k = static_cast<unsigned long>(j + 1);
    if (1 + k * entry <= sum) break;
    tau = (sum - 1) / k;
  }
  return tau;
}

/// Σ max(x_j - τ, 0)^p.
Rational mass_above(const std::vector<double>& x, const Rational& tau, int p) {
  Rational sum = 0;
  for (const double v : x) {
    if (v == -INFINITY || v <= tau) continue;
    const Rational above = Rational(v) - tau;
    sum += p == 1 ? above : Rational(above * above);
  }
  return sum;
}

/// What an answer leaves of max(x_j - τ, 0): it is in [low, high], and where low ≤ 0 only known to be no more than
/// high.
struct Height {
  Rational low, high;
};

/// Whether one τ is left by all heights, and Σ max(x_j - τ, 0)^p = mass by one of those; nullopt of a height: nothing
/// is said.
template <class HeightOf>
Optimality judged(const std::vector<double>& x, HeightOf height_of, int p, int mass) {
  // Each element leaves τ ≥ x_j - high_j, and where low_j > 0 also τ ≤ x_j - low_j.
  std::optional<Rational> least, most;
  Optimality found;
  for (std::size_t j = 0; j < x.size(); ++j) {
    const std::optional<Height> height = x[j] == -INFINITY ? std::nullopt : height_of(j);
    if (!height) continue;
    const Rational at(x[j]);
    if (!least || at - height->high > *least) least = at - height->high, found.highest = j;
    if (height->low > 0 && (!most || at - height->low < *most)) most = at - height->low, found.lowest = j;
  }
  found.one_threshold = !least || !most || *least <= *most;
  const bool enough = !least || mass_above(x, *least, p) >= mass;
  const bool little = !most || mass_above(x, *most, p) <= mass;
  found.mass_of_one = enough && little;
  return found;
}

/// √v between two doubles; 0 where v is not above 0.
double root_below(double v) { return v <= 0 ? 0 : std::nextafter(std::sqrt(std::nextafter(v, 0)), 0); }
double root_above(double v) { return std::nextafter(std::sqrt(std::nextafter(std::max(v, 0.0), INFINITY)), INFINITY); }

/// A rational is enclosed by its two roundings at a precision, a point where it is dyadic and short enough. The
/// distance of a rational N/(k·2^e) that is not dyadic to any boundary is at least 1/(k·2^e'), so the ladder ends;
/// every sum of doubles fits in 2200 bits.
Element round_rational(const impls::Format& format, const Rational& q) {
  for (mpfr_prec_t bits = 128; bits <= 8192; bits *= 4) {
    mpfr_t low, high;
    mpfr_inits2(bits, low, high, nullptr);
    mpfr_set_q(low, q.backend().data(), MPFR_RNDD);
    mpfr_set_q(high, q.backend().data(), MPFR_RNDU);
    const auto decided = decide(format, low, high);
    mpfr_clears(low, high, nullptr);
    if (decided) return *decided;
  }
  throw std::logic_error("a rational of more than 8192 bits");
}

std::vector<Element> zeros(const impls::Format& format, std::size_t n) {
  Element zero;
  zero.ulp_exponent = impls::ulp_exponent(format, 0);
  return std::vector<Element>(n, zero);
}

}  // namespace

std::vector<Element> sparsemax(const impls::Format& format, const std::vector<double>& x) {
  const Rational tau = threshold(x);
  std::vector<Element> y = zeros(format, x.size());
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (x[j] == -INFINITY) continue;
    const Rational above = Rational(x[j]) - tau;
    if (above > 0) y[j] = round_rational(format, above);
  }
  return y;
}

std::vector<Element> sparsemax_vjp(const impls::Format& format, const std::vector<double>& x,
                                   const std::vector<double>& g) {
  const Rational tau = threshold(x);
  std::vector<std::size_t> support;
  Rational mean = 0;
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (x[j] == -INFINITY || x[j] <= tau) continue;
    support.push_back(j);
    mean += Rational(g[j]);
  }
  mean /= static_cast<unsigned long>(support.size());
  std::vector<Element> v = zeros(format, x.size());
  for (const std::size_t j : support) v[j] = round_rational(format, Rational(g[j]) - mean);
  return v;
}

Optimality optimality(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& slack) {
  const auto height = [&](std::size_t j) -> std::optional<Height> {
    if (std::isinf(slack[j])) return std::nullopt;
    return Height{Rational(y[j]) - Rational(slack[j]), Rational(y[j]) + Rational(slack[j])};
  };
  return judged(x, height, 1, 1);
}

Optimality entmax15_optimality(const std::vector<double>& x, const std::vector<double>& y,
                               const std::vector<double>& slack) {
  const auto height = [&](std::size_t j) -> std::optional<Height> {
    if (std::isinf(slack[j])) return std::nullopt;
    return Height{2 * Rational(root_below(y[j] - slack[j])), 2 * Rational(root_above(y[j] + slack[j]))};
  };
  return judged(x, height, 2, 4);
}

bool on_simplex(const std::vector<double>& x) {
  if (!std::ranges::all_of(x, [](double v) { return v >= 0 && v <= 1; })) return false;
  Rational sum = 0;
  for (const double v : x) sum += Rational(v);
  return sum == 1;
}

}  // namespace audit::reference
