#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"
#include "reference/error.hpp"
#include "reference/oracle.hpp"
#include "reports/record.hpp"

namespace audit::bench {

/// What came of asking one target one case: its answer held against the exact one, element by element.
struct Trial {
  impls::Answer answer;
  std::vector<reference::Error> errors;        ///< one an element; none when the target does not support the call
  bool in_domain = false;                      ///< whether the claim speaks of the row, and the exact answer is decided
  std::vector<impls::Bound> bounds;            ///< one an element; none outside the domain, or when nothing is claimed
  std::vector<reference::Standing> standings;  ///< as many as bounds
};

/// Holds an answer against the exact one, which is not special.
Trial judge(const impls::Implementation& target, const reference::Case& question, const reference::Exact& exact,
            impls::Answer answer);

/// Holds the errors of a trial, which were held against no bounds yet, against these.
void hold(const impls::Implementation& target, const reference::Exact& exact, std::vector<impls::Bound> bounds,
          Trial& trial);

/// The element with the largest abs(error) among those with a number, the first of equals.
std::optional<std::size_t> worst_element(const Trial& trial);

/// The element that uses most of its bound, the first of equals; none where no bound speaks.
std::optional<std::size_t> tightest_element(const Trial& trial);

/// A falsified statement about one element; its source is that of the claim.
reports::Finding finding(const impls::Implementation& target, const reference::Case& question,
                         const reference::Exact& exact, const Trial& trial, std::size_t element, std::string law);

/// A kernel wrote to x or to the operand.
reports::Finding changed_input(const impls::Implementation& target, const reference::Case& question);

/// An element of y was not written.
reports::Finding unwritten(const impls::Implementation& target, const reference::Case& question, std::size_t element);

/// A call of which no answer came.
reports::Finding accident(const impls::Implementation& target, const reference::Case& question,
                          const impls::Accident& met);

/// An answer to a row with NaN or +inf that is none of those that the policy leaves it: `want`, in words.
reports::Finding unlike_policy(const impls::Implementation& target, const reference::Case& question,
                               const std::vector<double>& got, std::string_view want);

/// The claim broken worst by this trial, if it breaks one; of an answer that was not written there is none.
std::optional<reports::Finding> broken_claim(const impls::Implementation& target, const reference::Case& question,
                                             const reference::Exact& exact, const Trial& trial);

/// Rows of which every element is rounded correctly, counted together.
struct CorrectRows {
  std::uint64_t rows = 0;
  std::uint64_t in_domain = 0;
  std::uint64_t exact = 0;    ///< elements
  std::uint64_t rounded = 0;  ///< elements that are not exact
  double sum_abs_ulp = 0;
};

/// Folds trials of one target into an accuracy record, in the order in which they are added: the same trials in the
/// same order give the same record to the byte.
class Tally {
 public:
  Tally(const impls::Implementation& target, const impls::Format& format, std::string family, std::size_t n,
        std::uint64_t seed);

  /// Calls that the target does not support leave no trace, but where it supports none at all: then the record says so.
  void add(const reference::Case& question, const reference::Exact& exact, const Trial& trial);
  /// A row that gave no answer: all of its elements are counted under the word for that. One that was not asked leaves
  /// no trace.
  void add(const reference::Case& question, const impls::Accident& met);
  /// Rows that nobody looked at one by one: counted, but neither their largest error nor their claims are held.
  void add(const CorrectRows& rows);
  /// Holds the largest error and the claim of a row that is counted elsewhere.
  void look_at(const reference::Case& question, const reference::Exact& exact, const Trial& trial);
  /// Rows with NaN or +inf, or nothing but masks.
  void add_special(std::uint64_t rows);
  /// Something wrong that is no error of an element.
  void report(reports::Finding finding);
  /// The record so far; rows = 0 and no numbers when nothing was added.
  [[nodiscard]] reports::Record record() const;

 private:
  void count(const reference::Case& question, const Trial& trial);
  void hold_maximum(const reference::Case& question, const reference::Exact& exact, const Trial& trial);
  void hold_claim(const reference::Case& question, const reference::Exact& exact, const Trial& trial);
  void keep(reports::Finding finding, double severity);

  struct Kept {
    double severity;  ///< utilisation of the bound
    reports::Finding finding;
  };

  const impls::Implementation& target_;
  reports::Record record_;
  int refusal_ = 0;  ///< the status of a call that was not supported
  double sum_abs_ulp_ = 0;
  std::uint64_t fallbacks_ = 0;
  std::vector<Kept> findings_;
};

}  // namespace audit::bench
