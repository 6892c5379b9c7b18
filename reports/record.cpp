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
#include "reports/record_fields.hpp"
#include "reports/text.hpp"

namespace audit::reports {

using json::Malformed;

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
