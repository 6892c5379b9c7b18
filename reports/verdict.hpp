#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "reports/record.hpp"

namespace audit::reports {

/// What is said of a record; the first that matches. The gate fails on vacuous … regressed.
enum class Verdict {
  absent,       ///< the target cannot be run here; the record says why
  vacuous,      ///< nothing was checked: no row was asked, or no row that the law speaks of
  undecided,    ///< the exact rounding of an element stayed open, so its error is not known
  crashed,      ///< the target ended its process
  timed_out,    ///< it gave no answer in time
  trespassed,   ///< it touched memory that is not its own, or left another floating-point mode behind
  broke_law,    ///< a row falsifies a law
  broke_claim,  ///< an error is larger than the bound that the target itself claims, or a timed target answered wrongly
  regressed,    ///< more elements without a number, a larger abs(maximum ulp), or a larger mean, than the baseline.
                ///< Speed: "slower" (record.hpp) than the target that it was compared with in the same run
  improved,     ///< fewer, or smaller, and neither worse; "faster"
  fresh,        ///< "new": nothing to compare with
  unchanged,    ///< as in the baseline; a law kept, a speed measured
};

/// The word for it: "broke law", "new" …
std::string_view label(Verdict verdict);
/// The verdict of that word, or nullopt.
std::optional<Verdict> find_verdict(std::string_view label);

/// Whether the gate fails on it.
constexpr bool fails(Verdict verdict) { return verdict >= Verdict::vacuous && verdict <= Verdict::regressed; }

/// Whether an outcome of this label has an error in ulps: exact, correctly rounded, faithful, off.
bool has_number(std::string_view outcome);

/// Whether two records of one key (target, map, format, family, n) were asked the same rows, so that their errors can
/// be compared exactly: the same kind, seed and number of rows.
bool comparable(const Record& record, const Record& baseline);

/// Whether both have a mean error over as many elements.
bool means_compare(const Record& record, const Record& baseline);

/// Whether some outcome without a number is more frequent than in the baseline, or the largest error larger, or the
/// mean: one ulp more on a row that is not the worst one shows in nothing else. Errors that only one of the two has do
/// not compare: the elements that lost or gained a number are counted by their outcomes.
bool worse(const Record& record, const Record& baseline);

/// The verdict on a record: a pure function. Errors are compared where the baseline is comparable; elsewhere it is as
/// none. Times are not: they are only ever compared within one run, by the record's own comparison.
Verdict judge(const Record& record, const Record* baseline);

/// The verdict on a run: the first of its failing verdicts, vacuous when it holds nothing but absent targets, or
/// nothing at all; otherwise the first of those that stand. An absent target does not decide over the others.
Verdict overall(const std::vector<Verdict>& verdicts);

}  // namespace audit::reports
