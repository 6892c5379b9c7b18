#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/difference.hpp"
#include "reports/page_data.hpp"
#include "reports/record.hpp"
#include "reports/summary.hpp"

namespace audit::reports {

/// A key whose figures differ between two runs. Pointers are into the records of the two.
struct Moved {
  const Record* before;
  const Record* now;
  Step step;
  std::string detail;          ///< in a line, with both witnesses
  std::string before_witness;  ///< "CASE#ELEMENT"; empty when there is none
  std::string now_witness;
};

/// A law or claim that falls short in one of two runs only: its finding there.
struct Turned {
  const Record* record;  ///< that falls short
  std::string what;      ///< its verdict, and the finding where there is one, in a line
  std::string replay;    ///< empty when there is none
  bool asked_elsewhere;  ///< whether the other run has the key: if not, it neither broke nor was mended
};

/// How often an outcome is among the elements that both runs asked, of one target, map and format.
struct OutcomeChange {
  std::string target, map, format, outcome;
  std::uint64_t before = 0, now = 0;
};

/// What became of one target, map and format.
struct TargetChange {
  std::string target, map, format;
  std::size_t worse = 0, better = 0, same = 0, other_rows = 0;
};

/// Two runs side by side, of one platform or of two: what the second has against the first. Accuracy is compared key by
/// key, as the gate does; times are not.
struct Comparison {
  Overview before, now;
  bool one_platform = true;
  std::size_t compared = 0;  ///< accuracy keys that both asked the same rows
  std::size_t same = 0;
  std::vector<Moved> worse, better;  ///< the largest step first: elements without a number, then ulps
  std::vector<Moved> other_rows;
  std::vector<Turned> broken, mended;
  std::vector<OutcomeChange> outcomes;                  ///< those that differ
  std::vector<TargetChange> targets;                    ///< that both asked, in the order of the second
  std::vector<std::string> only_before, only_now;       ///< "TARGET MAP FORMAT" that one alone asked
  std::size_t keys_only_before = 0, keys_only_now = 0;  ///< accuracy and law keys that one alone has
};

/// Throws std::runtime_error when a run has an accuracy or law key twice. The records must outlive what comes back.
Comparison compare(const std::vector<Record>& before, const std::vector<Record>& now);

/// What came out, in a few words: "3 worse, 2 better, 96 as before".
std::string title(const Comparison& comparison);

/// What two runs are called in every report of them.
struct Names {
  std::string before, now;
};

/// What does not compare, and why, in sentences: rows, keys, platforms, times.
std::vector<std::string> reservations(const Comparison& comparison, const Names& names);

/// A change as the words that every table shows.
struct MovedRow {
  std::string target, map, format, where;  ///< where: "FAMILY/N"
  std::string before, now;                 ///< "+66.2", "+66.2, 12 flushed"
  std::string before_replay, now_replay;   ///< command lines; empty where there is no witness
};
MovedRow moved_row(const Moved& moved);

/// A short table for a terminal, the changes first, each with both witnesses and the lines that replay them.
std::string terminal_comparison(const Comparison& comparison, const Names& names);
/// The same for a pull request, at most 60 lines.
std::string markdown_comparison(const Comparison& comparison, const Names& names);
/// One HTML file that opens from disk and fetches nothing: every change, worst first; the rows of the first ones in
/// hex.
std::string comparison_page(const Comparison& comparison, const Names& names, const RowInHex& row_in_hex = {});

}  // namespace audit::reports
