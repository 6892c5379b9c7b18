#pragma once

#include <array>
#include <string_view>

#include "impls/contract.hpp"
#include "reference/oracle.hpp"

namespace audit::reference {

/// How an answer stands to the exact value; the table of numerics.md section 1. The first four have a number.
enum class Outcome {
  exact,
  correctly_rounded,
  faithful,
  off,
  flushed,
  leaked,
  spurious_nan,
  spurious_inf,
  lost_nan,
  lost_inf,
  unwritten,
};

inline constexpr std::array<std::string_view, 11> outcome_labels{
    "exact",        "correctly rounded", "faithful", "off",      "flushed",  "leaked",
    "spurious nan", "spurious inf",      "lost nan", "lost inf", "unwritten"};

constexpr std::string_view label(Outcome outcome) { return outcome_labels[static_cast<std::size_t>(outcome)]; }

/// Whether an error in ulps means something for this outcome.
constexpr bool has_number(Outcome outcome) { return outcome <= Outcome::off; }

/// The error of one answer: a label first, then (got - y) / ulp(y), signed and fractional, y the unrounded exact value.
/// `ulp` is NaN when the outcome has no number. `distance` is abs(got - y) / ulp(y) for every outcome, what a bound is
/// held against: infinite where got is NaN, unwritten, or one of got and y alone is infinite, and where it
/// overflows (f64, y in the deepest binades): then `far`, abs(got - y) itself to a relative 2^-52, tells the rest.
struct Error {
  Outcome outcome = Outcome::exact;
  double ulp = 0;
  double distance = 0;
  double far = 0;
};

/// The only definition of error in the project; total. Goldberg's ulp, against the binade of the exact value.
Error measure(const impls::Format& format, double got, bool written, const Element& exact);

/// A bound on this element in ulps of the exact value.
double in_ulps(const impls::Bound& bound, const Element& exact);

/// Whether an answer keeps a bound, and how much of it is used: abs(got - y) ÷ bound. One more excuse: a flushed result
/// of a target that does not promise subnormals, where the exact value less the bound is subnormal (plugin.h).
struct Standing {
  bool kept = true;
  double utilisation = 0;
};
Standing stands(const impls::Format& format, const Error& error, const Element& exact, const impls::Bound& bound,
                bool subnormals_promised);

}  // namespace audit::reference
