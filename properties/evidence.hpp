#pragma once

#include <optional>
#include <string>
#include <vector>

#include "properties/laws.hpp"

namespace audit::properties {

/// Whether laws, which are about numbers, have nothing to say of an answer: it overflows where there are no infinities
/// and is NaN then, or an element was left undecided.
bool out_of_reach(const reference::Exact& exact);

/// What there is to look at, for one target and one row.
struct Gathered {
  reference::Exact exact;
  impls::Answer answer;
  std::vector<impls::Bound> slack;
};
/// Asks and certifies. nullopt where there is nothing to hold a law to: the call is refused, `refusal` gets its status,
/// or an answer overflows in a format without infinities. Throws impls::Accident.
std::optional<Gathered> gather(const impls::Implementation& target, const reference::Case& question,
                               int* refusal = nullptr);

/// The exact y in extended precision: at least 11 bits beyond f64, all of them right for the narrower formats.
long double value(const reference::Element& element);

/// abs(got - y) that a bound leaves at y. Where a target does not promise subnormals and y less its slack is one, 0 is
/// within it (plugin.h). 0 at an infinite y.
long double allowance(const Evidence& evidence, const impls::Bound& bound, long double y);
/// The same for an output element of the row in evidence.
long double allowance(const Evidence& evidence, std::size_t element);

/// Equal, or no further apart than that; false for every NaN.
bool agree(long double a, long double b, long double slack);

/// What is wrong with an answer to an element whose exact answer is known: nothing, or an error and its bound in ulps.
struct Miss {
  std::optional<double> ulp;
  double bound = 0;
};
std::optional<Miss> miss(const Evidence& evidence, const impls::Answer& answer, std::size_t element,
                         const reference::Element& exact, const impls::Bound& bound);

/// What is wrong with another answer to the row in evidence, the first element or else the input; `words` say where it
/// is from, as "as row 1 of 2".
std::optional<reports::Finding> wrong(const Evidence& evidence, const impls::Answer& answer, const std::string& words);
/// Where its bits are others than those of the answer in evidence, where the same are promised.
std::optional<reports::Finding> other_bits(const Evidence& evidence, const impls::Answer& answer,
                                           const std::string& words);

/// Another row put to the same target.
struct Another {
  impls::Row row;
  impls::Answer answer;
  std::vector<impls::Bound> slack;
};
/// Asks it; nullopt where the claim does not speak of that row, or the target does not support it.
std::optional<Another> ask_another(const Evidence& evidence, impls::Row row);

std::string hex(double value);

/// What is wrong with an answer to another row, whose exact answer and slack are these; `words` say what that row is.
std::optional<reports::Finding> wrong_answer(const Evidence& evidence, const impls::Answer& answer,
                                             const reference::Exact& exact, const std::vector<impls::Bound>& slack,
                                             const std::string& words);

/// A finding about one element: got against want, in ulps of the exact value, within `slack` of it.
reports::Finding at(const Evidence& evidence, std::size_t element, double got, double want, long double slack);
/// A finding about the row as a whole.
reports::Finding about_row(const Evidence& evidence, std::string got, std::string want);

/// Writes into a finding whose it is and which case: map, format, case and replay line.
void identify(reports::Finding& finding, const impls::Implementation& target, const reference::Case& question);

/// A number that is a function of the row's bits alone (FNV-1a), for a law that needs a choice.
std::uint64_t fingerprint(const impls::Row& row);

}  // namespace audit::properties
