#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "impls/contract.hpp"

namespace audit::impls {

/// What a row is to a bound: the logits z_j = x_j/τ (gumbel_softmax: (x_j + noise_j)/τ), a their maximum over the
/// unmasked entries, g their softmax and S = Σ e^(z_i - a). In double, for a row that claims speak of.
struct Facts {
  std::size_t terms = 0;      ///< number of unmasked entries, the n of every bound
  std::vector<bool> masked;   ///< x_j = -inf: g_j = 0, t_j means nothing
  std::vector<double> logit;  ///< z_j
  std::vector<double> gap;    ///< t_j = a - z_j; inf when masked or too large for a double
  double max = 0;             ///< a
  double mean_gap = 0;        ///< Ḡ = Σ g_i t_i
  double log_sum = 0;         ///< log S
  double rest = 0;            ///< 1 - g_max
  std::size_t changes = 0;    ///< J: how often a running maximum changes after the first unmasked entry
};

/// The facts of a row; the operand, where there is one, is noise to be added to x.
Facts facts(const Row& row);

// The two forms of a bound that is known to first order, in units of u and in subnormals; what is of higher order comes
// on top (bounds.md, "Notation").

/// got = y · e^(±relative·u) ± subnormals.
Bound relative_bound(const Facts& row, const Format& format, double relative, double subnormals);
/// got = y ± (absolute·u + subnormals).
Bound absolute_bound(const Facts& row, const Format& format, double absolute, double subnormals);

/// One bound an element, by a function of its index; a masked one is exact.
template <class BoundOf>
std::vector<Bound> each_unmasked(const Facts& row, BoundOf bound_of) {
  std::vector<Bound> bounds(row.gap.size());
  for (std::size_t j = 0; j < bounds.size(); ++j)
    if (!row.masked[j]) bounds[j] = bound_of(j);
  return bounds;
}

// The bounds, one for each algorithm; the derivations, what they assume of libm and their sources are in bounds.md.
// Each gives one Bound an output element, for a kernel that computes in the format. Infinite where the row is too long
// for it: about 1/(2u) entries, 1/(8u) for sparsemax.

std::vector<Bound> unshifted_softmax(const Row& row, const Format& format);
std::vector<Bound> shifted_softmax(const Row& row, const Format& format);
std::vector<Bound> pairwise_softmax(const Row& row, const Format& format);
std::vector<Bound> compensated_softmax(const Row& row, const Format& format);
std::vector<Bound> divided_first_softmax(const Row& row, const Format& format);
/// Of a sum in that many parts, each a sum of every so manieth term.
std::vector<Bound> fast_softmax(const Row& row, const Format& format, std::size_t parts);
std::vector<Bound> online_softmax(const Row& row, const Format& format);
std::vector<Bound> mantissa_exponent_softmax(const Row& row, const Format& format);
/// For a kernel that computes in f32 and sums in the format, f16 or bf16.
std::vector<Bound> narrow_sum_softmax(const Row& row, const Format& format);
std::vector<Bound> division_free_softmax(const Row& row, const Format& format);
std::vector<Bound> noisy_softmax(const Row& row, const Format& format);
std::vector<Bound> shifted_log_softmax(const Row& row, const Format& format);
std::vector<Bound> log_of_sum_log_softmax(const Row& row, const Format& format);
std::vector<Bound> logsumexp_log_softmax(const Row& row, const Format& format);
std::vector<Bound> log_of_shifted_softmax(const Row& row, const Format& format);
std::vector<Bound> shifted_logsumexp(const Row& row, const Format& format);
std::vector<Bound> log_of_sum_logsumexp(const Row& row, const Format& format);
std::vector<Bound> unshifted_logsumexp(const Row& row, const Format& format);
std::vector<Bound> shifted_cross_entropy(const Row& row, const Format& format);
std::vector<Bound> log_of_shifted_cross_entropy(const Row& row, const Format& format);
std::vector<Bound> sorted_sparsemax(const Row& row, const Format& format);
std::vector<Bound> filtered_sparsemax(const Row& row, const Format& format);
std::vector<Bound> product_of_logistics(const Row& row, const Format& format);
std::vector<Bound> shifted_softmax_vjp(const Row& row, const Format& format);
std::vector<Bound> shifted_log_softmax_vjp(const Row& row, const Format& format);
std::vector<Bound> shifted_cross_entropy_vjp(const Row& row, const Format& format);
std::vector<Bound> sorted_sparsemax_vjp(const Row& row, const Format& format);
std::vector<Bound> sorted_entmax15(const Row& row, const Format& format);
std::vector<Bound> bisected_entmax15(const Row& row, const Format& format);

// Domains: whether a claim speaks of a row of finite and masked entries.

/// No sum x + noise overflows, and the spread is at most half the largest finite number, or τ so small that what
/// overflows has a softmax below any subnormal.
bool spread_fits(const Row& row, const Format& format);
Domain bounded_spread();
/// As spread_fits, and a + τ·log S is at most half the largest finite number.
bool logsumexp_fits(const Row& row, const Format& format);
/// τ = 1, or the spread and the spread ÷ τ are at most half the largest finite number.
bool log_spread_fits(const Row& row, const Format& format);
Domain bounded_log_spread();
/// Every exponential of an unmasked logit is normal, and so is their sum: with a factor of e to spare.
bool exponentials_fit(const Row& row, const Format& format);
/// As log_spread_fits, and every unmasked component of the softmax is normal, with a factor of e to spare.
bool components_fit(const Row& row, const Format& format);
/// The softmax of the target is normal, with a factor of e to spare.
bool target_fits(const Row& row, const Format& format);
/// As exponentials_fit, and the row has two entries or more: log exp x is not x.
bool two_exponentials_fit(const Row& row, const Format& format);
/// As logsumexp_fits and log_spread_fits.
bool log_softmax_by_logsumexp_fits(const Row& row, const Format& format);
/// Every unmasked x_j/τ is at most 2048 in absolute value, which keeps its exponent to base 2 a small integer.
bool quotients_small(const Row& row, const Format& format);
/// Every unmasked x_j/τ is at most half the largest finite number in absolute value.
bool quotients_fit(const Row& row, const Format& format);
/// As spread_fits of the logits, and Σ abs(g_i), also over τ, is at most an eighth of the largest finite number.
bool gradients_fit(const Row& row, const Format& format);
/// No entry is so near the threshold of sparsemax that rounding may take it for the wrong side, and Σ abs(g_i) is at
/// most an eighth of the largest finite number.
bool support_is_certain(const Row& row, const Format& format);
/// No entry is masked.
bool unmasked(const Row& row, const Format& format);

/// A claim as it stands for a kernel compiled with these extra options: with none, as it is. Options such as
/// -ffast-math void every derivation and the handling of infinities and NaN: no bound is left, the domain is rows of
/// finite entries, and the promises that depend on the order of operations go.
Claim under_options(Claim claim, std::string_view options);

/// The claim of a kernel that computes formats narrower than f32 in f32, and rounds once at the end (rows.hpp): there
/// the domain is that of f32, and half an ulp comes on top of 3/2 of its bound (bounds.md, "Narrow formats").
Claim rounded_once(Claim claim);

}  // namespace audit::impls
