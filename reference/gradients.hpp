#pragma once

#include <mpfi.h>

#include <algorithm>
#include <boost/multiprecision/gmp.hpp>
#include <cstddef>
#include <optional>
#include <vector>

#include "impls/contract.hpp"
#include "reference/enclosures.hpp"

namespace audit::reference {

/// Enclosures of the vector-Jacobian products, for MPFI's intervals.
///
/// Entries with equal logits are taken together: the exponentials of distinct rationals are linearly independent over
/// the rationals (Lindemann–Weierstrass), so whatever vanishes does so group by group, where sums of gradients are
/// exact. What is left of an entry of the largest logit when all others vanish is a rational q, which may be a boundary
/// of a rounding, and the others may lie too deep for any precision: such an entry is enclosed as q and what departs
/// from it, whose sign is known.
using Rational = boost::multiprecision::mpq_rational;

/// The entries of one logit.
struct Group {
  double x = 0;
  unsigned long count = 0;
  Rational gradient = 0;  ///< Σ g_i over them
};

/// The finite entries of a row by their logits.
struct Groups {
  static constexpr std::size_t masked = -1;
  std::vector<Group> groups;    ///< largest logit first
  std::vector<std::size_t> of;  ///< the group of each entry, or masked
};
Groups group(const impls::Row& row);

template <class I>
I enclosed(const Rational& q) {
  I y;
  mpfi_set_q(y.backend().data(), q.backend().data());
  return y;
}

/// The softmax of the groups of counts c, not divided yet: 1 for group 0, and f·r_a for the others, f that of group 1,
/// so that f may vanish below everything and r still be known.
template <class I>
struct Masses {
  std::vector<I> r;  ///< e^((x_a - x_1)/τ); r_0 means nothing
  I f = I(0);        ///< e^((x_1 - x_0)/τ)
  I others = I(0);   ///< Σ c_a r_a, a ≥ 1
  I sum = I(0);      ///< S = c_0 + f·others
  I of(std::size_t a) const { return a == 0 ? I(1) : I(f * r[a]); }
};
template <class I>
Masses<I> masses(const std::vector<Group>& groups, double temperature) {
  const auto ratio = [&](std::size_t a, std::size_t b) {
    return I(exp(I(I(I(groups[a].x) - I(groups[b].x)) / I(temperature))));
  };
  Masses<I> m;
  m.r.emplace_back(1);
  for (std::size_t a = 1; a < groups.size(); ++a) {
    m.r.push_back(a == 1 ? I(1) : ratio(a, 1));
    m.others += I(groups[a].count) * m.r[a];
  }
  if (groups.size() > 1) m.f = ratio(1, 0);
  m.sum = I(groups[0].count) + I(m.f * m.others);
  return m;
}

/// v_j = y_j (g_j - Σ y_i g_i)/τ, y = softmax(x/τ): what the gradient g of y makes the gradient of x.
///
/// With μ the mean gradient of group 0, d = g_j - μ, h_a = G_a - c_a μ and R = Σ h_a r_a over the other groups, Σ y_i
/// g_i = μ + f·R/S, so v_j = y_j (d - f·R/S)/τ. For an entry of group 0 with d ≠ 0 that is d/(c_0 τ), exactly, less
/// f·(Σ (c_a d + h_a) r_a - f·others·R/S)/(c_0 S τ); the coefficients of r are exact.
///
/// When it ends: v_j = q means Σ_i e^(z_j + z_i)(g_j - g_i) = q Σ_ik e^(z_i + z_k). With two groups or more, the
/// largest and the smallest exponent on the right, twice the largest z and twice the smallest, cannot both be on the
/// left, so q = 0; and that needs d = 0 and every h_a = 0, which is enclosed by a point. With one group v_j = d/(c_0
/// τ). Else it is irrational, but nothing bounds how near it comes to a boundary: at the end of the ladder it is left
/// undecided.
template <class I>
std::vector<std::optional<I>> softmax_vjp(const impls::Row& row) {
  const auto [groups, of] = group(row);
  const auto m = masses<I>(groups, row.temperature);
  const Rational count = groups[0].count, mean = groups[0].gradient / count, temperature = row.temperature;
  std::vector<Rational> h;
  I rest(0);
  for (std::size_t a = 0; a < groups.size(); ++a) {
    h.emplace_back(groups[a].gradient - groups[a].count * mean);
    rest += enclosed<I>(h[a]) * m.r[a];  // h_0 = 0
  }
  const I shift = m.f * rest / m.sum, scale = m.sum * I(row.temperature);
  const auto departure = [&](const Rational& d) {
    I first(0);
    for (std::size_t a = 1; a < groups.size(); ++a) first += enclosed<I>(groups[a].count * d + h[a]) * m.r[a];
    return I(m.f * (first - m.others * shift) / (I(groups[0].count) * scale));
  };

  std::vector<std::optional<I>> v(row.x.size());
  for (std::size_t j = 0; j < v.size(); ++j) {
    if (of[j] == Groups::masked) continue;
    const Rational d = row.operand[j] - mean;
    if (of[j] == 0 && d != 0) {
      v[j] = I(enclosed<I>(d / (count * temperature)) - departure(d));
    } else {
      v[j] = I(m.of(of[j]) * (enclosed<I>(d) - shift) / scale);
    }
  }
  return v;
}

/// v_j = g_j - y_j Σ g_i, y = softmax(x): what the gradient g of log y makes the gradient of x. The sum goes over
/// masked entries too, and v_j = g_j for one of them, as the formula has it.
///
/// With G = Σ g_i, exactly, an entry of another group b has v_j = g_j - G f·r_b/S; one of group 0 has g_j - G/c_0,
/// exactly, and (G/c_0) f·others/S more.
///
/// When it ends: v_j is rational when y_j is, that is with one group, where others = 0, or when G = 0, and then it is
/// g_j; both are points, or no dyadic numbers.
template <class I>
std::vector<std::optional<I>> log_softmax_vjp(const impls::Row& row) {
  const auto [groups, of] = group(row);
  const auto m = masses<I>(groups, 1);
  Rational total = 0;
  for (const double g : row.operand) total += g;
  const Rational share = total / groups[0].count;
  const I whole = enclosed<I>(total) / m.sum, departure = enclosed<I>(share) * m.f * m.others / m.sum;

  std::vector<std::optional<I>> v(row.x.size());
  for (std::size_t j = 0; j < v.size(); ++j) {
    if (of[j] == Groups::masked) {
      v[j] = I(row.operand[j]);
    } else if (of[j] == 0) {
      v[j] = I(enclosed<I>(row.operand[j] - share) + departure);
    } else {
      v[j] = I(I(row.operand[j]) - whole * m.of(of[j]));
    }
  }
  return v;
}

/// v_j = y_j, y = softmax(x), less 1 at the target: the gradient of the cross entropy. What is left at the target is
/// -(1 - y_t), minus the sum of the other masses, and is enclosed as that. With c entries of the largest logit, f that
/// of the target over it and R = Σ e^(x_i - max) over all others: where the target is one of the c it is (c - 1)/c,
/// exactly, and R/(c (c + R)) more, negated; else -1/(1 + f/(c + R)), which is never enclosed beyond -1.
///
/// When it ends: y_j is irrational unless all finite entries are equal (see the softmax), and so is y_t - 1; with k
/// equal ones they are 1/k and (1 - k)/k, points where k is a power of two and no dyadic numbers elsewhere.
template <class I>
std::vector<std::optional<I>> cross_entropy_vjp(const impls::Row& row) {
  const auto target = static_cast<std::size_t>(row.target[0]);
  const std::size_t top = pivot(row);
  auto v = shifted<I>(row, top);
  I rest(0);
  unsigned long largest = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (!v[i]) continue;
    v[i] = I(exp(*v[i]));
    largest += row.x[i] == row.x[top];
    if (row.x[i] != row.x[top] && i != target) rest += *v[i];
  }
  const I equal(largest), others = equal + rest, own = v[target].value_or(I(0));
  const bool among_them = row.x[target] == row.x[top];
  const I sum = among_them ? others : I(others + own);
  for (auto& term : v)
    if (term) *term /= sum;
  v[target] = among_them ? I(-I(I(largest - 1) / equal + I(rest / I(equal * sum)))) : I(-1 / I(1 + I(own / others)));
  return v;
}

}  // namespace audit::reference
