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

/// Σ max(x_j - τ, 0).
Rational mass_above(const std::vector<double>& x, const Rational& tau) {
  Rational sum = 0;
  for (const double v : x)
    if (v != -INFINITY && v > tau) sum += Rational(v) - tau;
  return sum;
}

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
  // Each element leaves τ ≥ x_j - y_j - slack_j, and where y_j - slack_j > 0 also τ ≤ x_j - y_j + slack_j.
  std::optional<Rational> least, most;
  Optimality found;
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (x[j] == -INFINITY || std::isinf(slack[j])) continue;
    const Rational at = Rational(x[j]) - Rational(y[j]), off(slack[j]);
    if (!least || at - off > *least) least = at - off, found.highest = j;
    if (y[j] > slack[j] && (!most || at + off < *most)) most = at + off, found.lowest = j;
  }
  found.one_threshold = !least || !most || *least <= *most;
  const bool enough = !least || mass_above(x, *least) >= 1;
  const bool little = !most || mass_above(x, *most) <= 1;
  found.mass_of_one = enough && little;
  return found;
}

bool on_simplex(const std::vector<double>& x) {
  if (!std::ranges::all_of(x, [](double v) { return v >= 0 && v <= 1; })) return false;
  Rational sum = 0;
  for (const double v : x) sum += Rational(v);
  return sum == 1;
}

}  // namespace audit::reference
