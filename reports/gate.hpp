#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/record.hpp"
#include "reports/verdict.hpp"

namespace audit::reports {

/// Where accuracy can be compared exactly: elsewhere another compiler, libm or instruction set rounds otherwise.
struct Platform {
  std::string architecture;  ///< the first word of Machine::isa
  std::string compiler;      ///< its name and major version
  std::string libm;
  std::string isa;
  friend bool operator==(const Platform&, const Platform&) = default;
};

Platform platform(const Record& record);
std::string describe(const Platform& platform);
/// What its baseline is called in a directory of them: "x86_64-fma-avx2-gcc-12-glibc-2.36.jsonl".
std::string file_name(const Platform& platform);

/// What a baseline keeps of an accuracy or law record: its key (kind, target, map, format, family, n), the question
/// (seed, rows), what is compared, with its witnesses, and where the figures before were others, a note of them. A
/// later change writes its own note in the place of that one. mean_abs_ulp, row_digests, was and because may be missing
/// in a file.
struct Entry {
  std::string kind;
  std::string target;
  std::string map;
  std::string format;
  std::string family;
  std::size_t n = 0;
  std::uint64_t seed = 0;
  std::size_t rows = 0;
  std::optional<double> max_ulp;
  std::string max_ulp_case;
  std::size_t max_ulp_element = 0;
  std::optional<double> mean_abs_ulp;
  std::map<std::string, std::uint64_t> outcomes;
  std::map<std::string, std::string> witnesses;
  std::string row_digests;  ///< names the rows that are answered otherwise; judges nothing
  std::string was;          ///< the figures before, with their witnesses, or the question that was asked then
  std::string because;      ///< why they may be worse now
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// What a platform currently gets. As a file, to be committed: the platform as one JSON object on the first line, then
/// an entry a line, sorted; both are laid out as their members stand above, `schema` in front.
struct Baseline {
  Platform platform;
  std::vector<Entry> entries;  ///< sorted by key, each key once
};

/// The accuracy and law records as a baseline. Throws std::runtime_error when there are none, when they come from more
/// than one platform, or when a key is there twice.
Baseline baseline_of(const std::vector<Record>& records);

/// Throws BadRecords: what() names the file, the line and what is wrong.
Baseline read_baseline(const std::string& path);
/// Whole or not at all, as write_records.
void write_baseline(const std::string& path, const Baseline& baseline);

/// What the gate says of one key.
struct Judged {
  Verdict verdict = Verdict::unchanged;
  std::optional<Entry> before;  ///< the baseline's
  std::optional<Entry> now;     ///< the candidate's
  std::string detail;           ///< in one line, with both witnesses; empty when nothing is to be said
  std::string replay;           ///< the command line that shows the row; empty when there is none
};

struct GateResult {
  Verdict verdict = Verdict::vacuous;
  std::string note;          ///< a line on what could not be compared; empty when everything was
  std::vector<Judged> keys;  ///< sorted; those of the baseline that the candidate lacks are absent
};

/// Judges every record of a candidate against the baseline: accuracy and laws by key; contracts and speed when they say
/// something against the target. Nothing in common with the baseline is vacuous, and fails. Another platform's baseline
/// does not compare: then claims and laws alone are judged, and the note says so.
GateResult gate(const Baseline& baseline, const std::vector<Record>& candidate);

/// The result for a terminal: the verdict, the note, and a line for each key that is not unchanged.
std::string terminal_gate(const GateResult& result);

/// The command line that makes the candidate's figures the baseline's; "" when they are the same as far as they
/// compare. Where some are worse, or other rows were asked, it asks for a reason.
std::string acceptance(const GateResult& result, const std::string& baseline, const std::string& candidate);

/// The result for a pull request or a step summary, at most 60 lines: what changed first, with both witnesses and the
/// lines that replay them, `acceptance` where there is one, then the table of the candidate's targets.
std::string gate_markdown(const GateResult& result, const std::vector<Record>& candidate,
                          const std::string& acceptance);

/// The result as JUnit XML: a test case for each key, failures with their detail, absent ones skipped.
std::string junit(const GateResult& result);

}  // namespace audit::reports
