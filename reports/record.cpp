#include "reports/record.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "reports/files.hpp"
#include "reports/json.hpp"
#include "reports/text.hpp"

namespace audit::reports {

using json::Is;
using json::Malformed;

void fields(Is<Build> auto& build, auto& each) {
  each("compiler", build.compiler);
  each("flags", build.flags);
  each("commit", build.commit);
}

void fields(Is<Machine> auto& machine, auto& each) {
  each("cpu", machine.cpu);
  each("isa", machine.isa);
  each("libm", machine.libm);
}

void fields(Is<Finding> auto& finding, auto& each) {
  each("law", finding.law);
  each("map", finding.map);
  each("format", finding.format);
  each("case", finding.case_id);
  each("element", finding.element);
  each("got", finding.got);
  each("want", finding.want);
  each("ulp", finding.ulp);
  each("bound", finding.bound);
  each("source", finding.source);
  each("replay", finding.replay);
}

void fields(Is<Checked> auto& checked, auto& each) {
  each("target", checked.target);
  each("version", checked.version);
  each("verdict", checked.verdict);
  each("findings", checked.findings);
}

void fields(Is<TimeComparison> auto& comparison, auto& each) {
  each("versus", comparison.versus);
  each("threshold", comparison.threshold);
  each("instances", comparison.instances);
  each("control_low", comparison.control_low);
  each("control_high", comparison.control_high);
  each("ratio", comparison.ratio);
  each("ratio_low", comparison.ratio_low);
  each("ratio_high", comparison.ratio_high);
}

void fields(Is<Record> auto& record, auto& each) {
  each("kind", record.kind);
  const bool accuracy = record.kind == "accuracy";
  const bool law = record.kind == "law";
  const bool contract = record.kind == "contract";
  const bool speed = record.kind == "speed";
  each("target", record.target);
  each("version", record.version);
  each("map", record.map);
  each("format", record.format, !contract);
  each("family", record.family, accuracy || law);
  each("n", record.n, accuracy || speed);
  each("rows", record.rows, !contract);
  each("seed", record.seed, accuracy || law);
  each("max_ulp", record.max_ulp);
  each("max_ulp_case", record.max_ulp_case, accuracy);
  each("max_ulp_element", record.max_ulp_element, accuracy);
  each("max_ulp_bound", record.max_ulp_bound);
  each("max_ulp_spread", record.max_ulp_spread);
  each("mean_abs_ulp", record.mean_abs_ulp);
  each("correctly_rounded", record.correctly_rounded);
  each("outcomes", record.outcomes, accuracy);
  each("witnesses", record.witnesses, false);
  each("rows_in_domain", record.rows_in_domain, accuracy);
  each("fallback_rate", record.fallback_rate);
  each("special_rows", record.special_rows, false);
  each("undecided", record.undecided, accuracy);
  each("bound_utilisation", record.bound_utilisation);
  each("utilisation_case", record.utilisation_case, false);
  each("findings", record.findings, law);
  each("claim", record.claim, accuracy);
  each("proved_by_enumeration", record.proved_by_enumeration, false);
  each("absent", record.absent, false);
  each("answers", record.answers, false);
  each("cache", record.cache, speed);
  each("ns_min", record.ns_min);
  each("ns_median", record.ns_median);
  each("ns_max", record.ns_max);
  each("gb_per_s", record.gb_per_s);
  each("roofline_fraction", record.roofline_fraction);
  each("comparison", record.comparison);
  each("verdict", record.verdict);
  each("build", record.build);
  each("machine", record.machine);
}

namespace {

constexpr std::array<std::string_view, 4> kinds{"accuracy", "law", "contract", "speed"};
constexpr std::string_view advice = "write the records again with `softmax-audit run --out DIR`";

Record parse_record(std::string_view line) {
  Record record;
  json::read(json::parse_line(line, schema), record);
  if (std::find(kinds.begin(), kinds.end(), record.kind) == kinds.end()) {
    throw Malformed("a record of no known kind");
  }
  return record;
}

}  // namespace

std::string_view time_difference(double low, double high, double threshold) {
  if (low > 1 + threshold) return "slower";
  if (high < 1 / (1 + threshold)) return "faster";
  return low >= 1 / (1 + threshold) && high <= 1 + threshold ? "no difference" : "undecided";
}

std::string program_name() {
  const char* name = std::getenv("SOFTMAX_AUDIT_PROGRAM");
  return name ? name : "softmax-audit";
}

std::string replay_line(const std::string& target, const std::string& witness) {
  const std::string case_id = witness.substr(0, witness.rfind('#'));
  return fmt::format("{} replay {} --target {}", program_name(), shell_word(case_id), shell_word(target));
}

std::string to_line(const Record& record) { return json::line(record, schema); }

Record from_line(std::string_view line, std::string_view where) try {
  return parse_record(line);
} catch (const Malformed& malformed) {
  throw BadRecords(fmt::format("{}: {}; {}", where, malformed.what(), advice));
}

std::vector<Record> read_records(const std::string& path) {
  const std::filesystem::path given(path);
  const std::string file = std::filesystem::is_directory(given) ? (given / "records.jsonl").string() : path;
  std::ifstream in(file, std::ios::binary);
  if (!in) throw BadRecords(fmt::format("{}: {}; {}", file, std::generic_category().message(errno), advice));
  std::vector<Record> records;
  for (std::string line; std::getline(in, line);) {
    records.push_back(from_line(line, fmt::format("{}:{}", file, records.size() + 1)));
  }
  if (in.bad()) throw BadRecords(fmt::format("{}: cannot be read to its end; {}", file, advice));
  if (records.empty()) throw BadRecords(fmt::format("{}:1: no records in this file; {}", file, advice));
  return records;
}

void write_records(const std::string& path, const std::vector<Record>& records) {
  std::string text;
  for (const Record& record : records) text += to_line(record) + '\n';
  write_whole(path, text);
}

std::string to_json(const Finding& finding) { return json::dump(json::write(finding)); }
std::string to_json(const Checked& checked) { return json::dump(json::write(checked)); }

}  // namespace audit::reports
