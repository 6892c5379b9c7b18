#pragma once

#include <csignal>
#include <stop_token>
#include <string>
#include <vector>

#include "bench/accuracy.hpp"
#include "bench/speed.hpp"
#include "commands/commands.hpp"
#include "impls/catalogue.hpp"
#include "reference/cases.hpp"
#include "reports/eye.hpp"
#include "reports/journal.hpp"
#include "reports/record.hpp"
#include "reports/sarif.hpp"

namespace audit::commands {

using Targets = std::vector<const impls::Implementation*>;
using Records = std::vector<reports::Record>;

/// A TARGET, and what --symbol, --signature and --map make of it: FILE.so:DECLARATION (impls/foreign/signature.hpp).
std::string declared(const std::string& name, const Options& options);
/// What a TARGET stands for: one of the catalogue, or all that a foreign one offers. Throws Refused when it stands for
/// nothing, as the others do.
std::vector<impls::Implementation> target_named(const std::string& name, const Options& options);
/// The same of all options.targets; all that can be run when none is given.
std::vector<impls::Implementation> targets_named(const Options& options);
/// The one that the only TARGET stands for: where it stands for several, the one of --map, and of the map and format
/// of a case where there is one.
impls::Implementation single_target(const Options& options, const reference::Case* question = nullptr);
/// Leaves of what a TARGET stands for those of --map, and of their formats --format.
void narrow(std::vector<impls::Implementation>& targets, const std::string& name, const Options& options);
Targets pointers(const std::vector<impls::Implementation>& targets);

const impls::Format& format_named(const std::string& name);
impls::Map map_named(const std::string& name);

/// How much is asked: logits for each family, format and row length, rows for each law, and what is timed; or every row
/// where there are few enough.
struct Effort {
  std::size_t elements = 0;
  int law_rows = 0;
  bench::SpeedPlan speed;
  bool exhaustive = false;
};
Effort effort_named(const std::string& name);

/// Turns SIGINT and SIGTERM into a request to stop between two pieces of work; a second one ends the program at once.
/// One at a time, before any thread is started.
class Interrupt {
 public:
  Interrupt();
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
};

/// Whether a record is about this target: several may have one name.
bool is_of(const reports::Record& record, const impls::Implementation& target);

/// One contract record for each target and format: what it claims, or why it is absent.
Records contracts(const Targets& targets);

/// What a target gives for rows with NaN, ±inf, masks or large logits: CaseId → hex floats between spaces, or in a word
/// why there are none. Rows that the format or the map does not have are left out.
std::map<std::string, std::string> special_answers(const impls::Implementation& target, const impls::Format& format);
/// Puts them into the contract records of these targets.
void answer_special_rows(Records& contracts, const Targets& targets);

/// The three kinds of work, each with its progress on stderr. Each throws Stopped when `stop` says so.
/// The sweep's records come target by target, in the order of the units, those found in the journal among them.
Records measure_accuracy(const std::vector<bench::Unit>& units, const Targets& targets, std::uint64_t seed,
                         reports::Journal* journal, const std::stop_token& stop, const bench::Seen& seen = {});
Records try_laws(const Targets& targets, int rows, std::uint64_t seed, const std::stop_token& stop);
Records measure_speed(const Targets& targets, const bench::SpeedPlan& plan, const std::stop_token& stop);

/// A target and a space of rows (bench/spaces.hpp) that it is to be asked entirely.
struct Enumeration {
  const impls::Implementation* target;
  bench::Unit space;
};
std::vector<Enumeration> enumerations(const Targets& targets);
/// One record each, and a few lines on stdout.
Records enumerate(const std::vector<Enumeration>& asked, reports::Journal* journal, const std::stop_token& stop);

/// Which law, and which tolerance of another project, sees which mutant, as reports show it.
reports::Eye eye();

/// What findings name as their law, in words.
std::vector<reports::Rule> rules();
/// The file that a target stands in, as its name says; of a module of Python its path. "" where there is none.
std::string file_of(const std::string& target);

/// The row of a witness "CASE#ELEMENT": a long CaseId in hex floats, or, of a row too long for a line, what it spans
/// and the element. "" where the text is no witness.
std::string row_in_hex(const std::string& witness);

/// Writes into each record the build, the machine, and the verdict that follows from it alone.
void stamp(Records& records);

/// 1 when a record's verdict is one that the gate fails on.
int exit_status(const Records& records);

/// A directory that can be written, made if need be; throws Refused.
void make_directory(const std::string& directory);

/// Writes the records and every report on them into the directory: records.jsonl, records.csv, index.html, report.md,
/// junit.xml and findings.sarif.
void write_reports(const std::string& directory, const Records& records);
/// The path of the page that they have.
std::string page_in(const std::string& directory);
/// The same; the summary, the verdict and the path of the page go to stdout.
void publish(const std::string& directory, const Records& records);

}  // namespace audit::commands
