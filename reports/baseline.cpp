#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <tuple>

#include "reports/files.hpp"
#include "reports/gate.hpp"
#include "reports/gate_key.hpp"
#include "reports/json.hpp"

namespace audit::reports {

using json::Is;
using json::Malformed;

void fields(Is<Platform> auto& platform, auto& each) {
  each("architecture", platform.architecture);
  each("compiler", platform.compiler);
  each("libm", platform.libm);
  each("isa", platform.isa);
}

void fields(Is<Entry> auto& entry, auto& each) {
  each("kind", entry.kind);
  each("target", entry.target);
  each("map", entry.map);
  each("format", entry.format);
  each("family", entry.family);
  each("n", entry.n);
  each("seed", entry.seed);
  each("rows", entry.rows);
  each("max_ulp", entry.max_ulp);
  each("max_ulp_case", entry.max_ulp_case, false);
  each("max_ulp_element", entry.max_ulp_element, false);
  each("mean_abs_ulp", entry.mean_abs_ulp);
  each("outcomes", entry.outcomes, entry.kind == "accuracy");
  each("witnesses", entry.witnesses, false);
  each("row_digests", entry.row_digests, false);
  each("was", entry.was, false);
  each("because", entry.because, false);
}

namespace {

constexpr std::string_view advice = "restore it from version control, or write it anew from a run that is accepted";

/// "GNU 12.2.0" → "GNU 12": up to the end of its first number.
std::string name_and_major(const std::string& compiler) {
  constexpr std::string_view digits = "0123456789";
  const std::size_t number = compiler.find_first_of(digits);
  return number == std::string::npos ? compiler : compiler.substr(0, compiler.find_first_not_of(digits, number));
}

template <class T>
T read_line(const std::string& line, const std::string& path, std::size_t number) try {
  T value;
  json::read(json::parse_line(line, schema), value);
  return value;
} catch (const Malformed& malformed) {
  throw BadRecords(fmt::format("{}:{}: {}; {}", path, number, malformed.what(), advice));
}

}  // namespace

Platform platform(const Record& record) {
  const std::string& isa = record.machine.isa;
  return {isa.substr(0, isa.find(' ')), name_and_major(record.build.compiler), record.machine.libm, isa};
}

std::string describe(const Platform& platform) {
  return fmt::format("{}, {}, {}", platform.isa, platform.compiler, platform.libm);
}

std::string file_name(const Platform& platform) {
  std::string name;
  for (const char c : describe(platform)) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
    if (kept || !name.ends_with('-')) name += kept ? c : '-';
  }
  return name + ".jsonl";
}

Entry entry_of(const Record& record) {
  return {.kind = record.kind,
          .target = record.target,
          .map = record.map,
          .format = record.format,
          .family = record.family,
          .n = record.n,
          .seed = record.seed,
          .rows = record.rows,
          .max_ulp = record.max_ulp,
          .max_ulp_case = record.max_ulp_case,
          .max_ulp_element = record.max_ulp_element,
          .mean_abs_ulp = record.mean_abs_ulp,
          .outcomes = record.outcomes,
          .witnesses = record.witnesses,
          .row_digests = record.row_digests,
          .was = "",
          .because = ""};
}

Key key(const Entry& entry) { return {entry.kind, entry.target, entry.map, entry.format, entry.family, entry.n}; }

bool has_entry(const Record& record) { return record.kind == "accuracy" || record.kind == "law"; }

Baseline baseline_of(const std::vector<Record>& records) {
  Baseline baseline;
  for (const Record& record : records) {
    if (!has_entry(record)) continue;
    if (baseline.entries.empty()) baseline.platform = platform(record);
    if (platform(record) != baseline.platform) {
      throw std::runtime_error(fmt::format("records of two platforms: {} and {}; a baseline is of one",
                                           describe(baseline.platform), describe(platform(record))));
    }
    baseline.entries.push_back(entry_of(record));
  }
  if (baseline.entries.empty()) throw std::runtime_error("no accuracy or law records; nothing to keep as a baseline");
  std::ranges::sort(baseline.entries, {}, key);
  const auto twin = std::ranges::adjacent_find(baseline.entries, {}, key);
  if (twin != baseline.entries.end()) throw std::runtime_error(describe(key(*twin)) + ": recorded twice");
  return baseline;
}

Baseline read_baseline(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw BadRecords(fmt::format("{}: {}; {}", path, std::generic_category().message(errno), advice));
  std::string line;
  if (!std::getline(in, line)) throw BadRecords(fmt::format("{}:1: no baseline in this file; {}", path, advice));
  Baseline baseline{read_line<Platform>(line, path, 1), {}};
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    baseline.entries.push_back(read_line<Entry>(line, path, number));
    const std::size_t size = baseline.entries.size();
    if (size > 1 && !(key(baseline.entries[size - 2]) < key(baseline.entries[size - 1]))) {
      throw BadRecords(fmt::format("{}:{}: out of order, or there twice; {}", path, number, advice));
    }
  }
  if (in.bad()) throw BadRecords(fmt::format("{}: cannot be read to its end; {}", path, advice));
  return baseline;
}

void write_baseline(const std::string& path, const Baseline& baseline) {
  std::string text = json::line(baseline.platform, schema) + '\n';
  for (const Entry& entry : baseline.entries) text += json::line(entry, schema) + '\n';
  write_whole(path, text);
}

}  // namespace audit::reports
