#include "reports/sarif.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <filesystem>

#include "reports/record_fields.hpp"
#include "reports/shortfalls.hpp"
#include "reports/summary.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

using json::Json;

/// Text of a message, in which SARIF has placeholders and links.
Json message(const std::string& text) {
  std::string safe;
  for (const char c : one_line(text)) {
    if (std::string_view("{}").find(c) != std::string_view::npos) safe += c;
    if (std::string_view("[]\\").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return {{"text", safe}};
}

/// A path as a reference: relative to the working directory where it is inside it.
std::string uri(const std::string& path) {
  namespace fs = std::filesystem;
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  fs::path given = fs::path(one_line(path)).lexically_normal();
  if (given.is_absolute()) {
    const fs::path inside = given.lexically_relative(fs::current_path());
    if (!inside.empty() && *inside.begin() != "..") given = inside;
  }
  std::string text = given.is_absolute() ? "file://" : "";
  for (const char c : given.string())
    text += plain.find(c) == std::string_view::npos ? fmt::format("%{:02X}", static_cast<unsigned char>(c))
                                                    : std::string(1, c);
  return text;
}

/// What a result is recognized by in the next run.
std::string fingerprint(const Record& record, const std::string& law) {
  const boost::uuids::name_generator_sha1 hash(boost::uuids::ns::url());
  return to_string(hash(fmt::format("softmax-audit:{}\n{}\n{}\n{}\n{}\n{}\n{}", record.kind, record.target, record.map,
                                    record.format, record.family, record.n, law)));
}

Json location(const Record& record, const std::string& file) {
  const Json start{{"startLine", 1}, {"startColumn", 1}, {"endLine", 1}, {"endColumn", 1}};
  const std::string name = one_line(record.target);
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri(file.empty() ? record.target : file)}}}, {"region", start}}},
          {"logicalLocations",
           Json::array({{{"name", name},
                         {"fullyQualifiedName", one_line(fmt::format("{} {} {}", name, record.map, record.format))},
                         {"kind", "function"}}})}};
}

Json properties(const Record& record, const Finding& finding) {
  Json all{{"target", record.target}, {"version", record.version}, {"verdict", label(verdict_of(record))}};
  if (record.kind == "accuracy") all.update({{"family", record.family}, {"n", record.n}});
  all.update(json::write(finding));
  if (const std::string what = unnumbered(record); !what.empty()) all["without_a_number"] = what;
  return all;
}

Json result(const Record& record, const Finding& finding, std::size_t times, const FileOf& file_of) {
  const std::string where = record.kind == "accuracy" ? fmt::format(" on {}/{}", record.family, record.n) : "";
  const std::string again = finding.replay.empty() ? "" : fmt::format(". Replay: {}", finding.replay);
  return {{"ruleId", finding.law},
          {"level", "error"},
          {"message", message(fmt::format("{} ({}, {}){}: {}: {}{}", record.target, record.map, record.format, where,
                                          finding.law, words(finding), again))},
          {"locations", Json::array({location(record, file_of(record.target))})},
          {"occurrenceCount", times},
          {"partialFingerprints", {{"primaryLocationLineHash", fingerprint(record, finding.law)}}},
          {"properties", properties(record, finding)}};
}

/// One for each law that the record breaks.
std::vector<Json> results_of(const Record& record, const FileOf& file_of) {
  const std::vector<Finding> all = shortfalls(record);
  std::vector<std::string> told;
  std::vector<Json> results;
  for (const Finding& finding : all) {
    if (std::ranges::find(told, finding.law) != told.end()) continue;
    told.push_back(finding.law);
    const auto alike = [&](const Finding& other) { return other.law == finding.law; };
    const Finding* worst = &finding;
    for (const Finding& other : all)
      if (alike(other) && severity(other) > severity(*worst)) worst = &other;
    results.push_back(result(record, *worst, static_cast<std::size_t>(std::ranges::count_if(all, alike)), file_of));
  }
  return results;
}

Json described(const std::string& law, const std::vector<Rule>& rules) {
  const auto known = std::ranges::find(rules, law, &Rule::name);
  const Rule rule = known == rules.end() ? Rule{law, law, ""} : *known;
  const std::string source = rule.source.empty() ? "" : fmt::format(" Source: {}.", rule.source);
  return {{"id", law},
          {"shortDescription", message(law)},
          {"fullDescription", message(rule.statement)},
          {"help", message(fmt::format("{}.{} The replay line of a result asks its row again and shows every element.",
                                       rule.statement, source))}};
}

}  // namespace

std::string sarif(const std::vector<Record>& records, const std::vector<Rule>& rules, const FileOf& file_of) {
  Json results = Json::array(), broken = Json::array();
  std::vector<std::string> laws;
  for (const Record& record : records) {
    for (Json& made : results_of(record, file_of)) {
      const std::string law = made["ruleId"];
      const auto known = std::ranges::find(laws, law);
      made["ruleIndex"] = known - laws.begin();
      if (known == laws.end()) {
        laws.push_back(law);
        broken.push_back(described(law, rules));
      }
      results.push_back(std::move(made));
    }
  }
  Json driver{{"name", "softmax-audit"}, {"rules", broken}};
  if (!records.empty() && !records[0].build.commit.empty()) driver["version"] = records[0].build.commit;
  const Json log{
      {"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"results", results}}})}};
  return json::dump(log) + '\n';
}

}  // namespace audit::reports
