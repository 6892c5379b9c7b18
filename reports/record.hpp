#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace audit::reports {

/// The number of this layout; a reader refuses any other.
inline constexpr int schema = 1;

/// How it was built: compiler and version, flags of the judged, commit of the suite.
struct Build {
  std::string compiler;
  std::string flags;
  std::string commit;
  friend bool operator==(const Build&, const Build&) = default;
};

/// Where it ran: CPU model, the instruction set that decides which libm code runs, libm and its version.
struct Machine {
  std::string cpu;
  std::string isa;  ///< the architecture first: "x86-64 avx512f", "aarch64 sve"
  std::string libm;
  friend bool operator==(const Machine&, const Machine&) = default;
};

/// One falsified statement about one row; also an entry of `findings` in check --json.
struct Finding {
  std::string law;
  std::string map;
  std::string format;
  std::string case_id;  ///< "case" in JSON
  std::optional<std::size_t> element;
  std::string got;  ///< hex floats of the target's format, or words
  std::string want;
  std::optional<double> ulp;
  std::optional<double> bound;  ///< in ulps, or in the law's own unit
  std::string source;           ///< of the bound
  std::string replay;           ///< the command line that shows it again
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// What an interval of a ratio of times says of a difference of `threshold` and more (0.02: 2 %): "slower" when all of
/// it lies above 1 + threshold, "faster" when below 1 / (1 + threshold), "no difference" when between the two, and
/// otherwise "undecided".
std::string_view time_difference(double low, double high, double threshold);

/// How a timed target compares with another that was timed in turn with it.
struct TimeComparison {
  std::string versus;  ///< the other target
  double threshold = 0;
  std::size_t instances = 0;        ///< how often all were prepared anew
  double control_low = 0;           ///< 95 % interval of the time of the target ÷ its own, of another instance of it
  double control_high = 0;          ///< where that is not "no difference", nothing is said of the other one
  std::optional<double> ratio;      ///< its time ÷ that of the other
  std::optional<double> ratio_low;  ///< 95 % interval
  std::optional<double> ratio_high;
  friend bool operator==(const TimeComparison&, const TimeComparison&) = default;
};

/// Characters a row in Record::row_digests.
inline constexpr std::size_t digest_size = 2;

/// One line of records.jsonl: who, on which cases, under which build and machine, measured what, claimed what.
/// Kinds: accuracy (a target on one family and row length), law (a target under one law), contract (what a target
/// offers, or why it is absent), speed.
///
/// In JSON: the members below in their order under their names, `schema` before them; build and machine are objects of
/// theirs. Optional members are left out when unset, members of other kinds when they hold their default, and so are
/// witnesses, row_digests, utilisation_case, absent and answers when empty, special_rows and proved_by_enumeration when
/// 0 and false, and the findings of an accuracy record. Numbers read back to the bit; those that JSON lacks are the
/// strings "inf", "-inf" and "nan". A reader refuses a line that misses a member of its kind or has another key. The
/// same as a JSON Schema: schemas/record.schema.json.
struct Record {
  std::string kind;
  std::string target;
  std::string version;
  std::string map;
  std::string format;
  std::string family;  ///< accuracy: the family; law: the name of the law
  std::size_t n = 0;   ///< row length; law: 0, rows of many lengths
  std::size_t rows = 0;
  std::uint64_t seed = 0;

  // accuracy
  std::optional<double> max_ulp;  ///< signed, of the element with the largest abs(error) that has a number
  std::string max_ulp_case;
  std::size_t max_ulp_element = 0;
  std::optional<double> max_ulp_bound;            ///< the claim at that element, in ulps, where it is claimed
  std::optional<double> max_ulp_spread;           ///< max - min of that row's finite logits
  std::optional<double> mean_abs_ulp;             ///< over elements that have a number
  std::optional<double> correctly_rounded;        ///< fraction of all elements
  std::map<std::string, std::uint64_t> outcomes;  ///< label → count, every element counted once
  std::map<std::string, std::string> witnesses;   ///< label without a number → the first "CASE#ELEMENT" that has it
  std::string row_digests;                        ///< digest_size digits (base64url) of each answer, row by row
  std::size_t rows_in_domain = 0;                 ///< rows that the claim speaks of
  std::optional<double> fallback_rate;            ///< fraction of the elements that the fast oracle left to MPFR
  std::uint64_t special_rows = 0;                 ///< of an enumeration: with NaN or +inf, or all masked; no outcome
  std::uint64_t undecided = 0;                    ///< elements whose exact rounding stayed open
  std::optional<double> bound_utilisation;        ///< largest abs(error) ÷ own claim, inside the domain
  std::string utilisation_case;                   ///< the row that comes closest to the claim, "CASE#ELEMENT"
  std::vector<Finding> findings;                  ///< claims or laws broken, worst first, at most a few
  std::string claim;                              ///< the bound in words; empty: claims nothing
  bool proved_by_enumeration = false;             ///< every row that the family has was asked
  std::string absent;                             ///< contract: why it cannot be run

  /// contract: special row (a CaseId) → what the target gives, hex floats between spaces, or in words why nothing
  std::map<std::string, std::string> answers;

  // speed
  std::string cache;                                ///< in | out
  std::optional<double> ns_min, ns_median, ns_max;  ///< nanoseconds an element
  std::optional<double> gb_per_s;                   ///< bytes read and written once each, at the median
  std::optional<double> roofline_fraction;          ///< of a copy of the same bytes in the same run
  std::optional<TimeComparison> comparison;         ///< with another target, in the same run

  std::string verdict;  ///< what judge says, in its words (verdict.hpp)
  Build build;
  Machine machine;
  friend bool operator==(const Record&, const Record&) = default;
};

/// The program by the name that it was started under: softmax-audit, or what ./audit calls itself.
std::string program_name();

/// The command line that replays the case of a CaseId, or of a witness "CASE#ELEMENT", safe to paste into a shell:
/// softmax-audit replay CASE --target T
std::string replay_line(const std::string& target, const std::string& witness);

/// A file of records that is none: what() names the file, the line and what is wrong.
struct BadRecords : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One record as one line of JSON, keys in a fixed order, no newline. Bytes that are not UTF-8 are replaced.
std::string to_line(const Record& record);
/// The record of a line. Throws BadRecords, `where` in front.
Record from_line(std::string_view line, std::string_view where);

/// Reads a records file, or DIR/records.jsonl when given a directory; throws BadRecords, also for an empty file.
std::vector<Record> read_records(const std::string& path);
/// Writes all lines to a temporary file beside `path`, then renames it: the file is whole or it is not there.
/// Throws std::runtime_error that names the path and the reason.
void write_records(const std::string& path, const std::vector<Record>& records);

/// A finding as an object of check --json, on one line.
std::string to_json(const Finding& finding);

/// What check --json writes of one target, on one line; as a JSON Schema, schemas/checked.schema.json.
struct Checked {
  std::string target;
  std::string version;
  std::string verdict;
  std::vector<Finding> findings;  ///< worst first
};
std::string to_json(const Checked& checked);

}  // namespace audit::reports
