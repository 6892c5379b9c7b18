// From records that are there: merge them, hold them against a baseline or another run, report them again.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "commands/common.hpp"
#include "reports/comparison.hpp"
#include "reports/files.hpp"
#include "reports/gate.hpp"
#include "reports/merging.hpp"
#include "reports/update.hpp"

namespace audit::commands {
namespace {

/// The file that --baseline means: itself, or, of a directory, the one of the candidate's platform. Where that is not
/// there, one of another platform has to do: the gate then says that claims and laws are all it can hold.
std::string baseline_file(const Options& options, const Records& candidate) {
  namespace fs = std::filesystem;
  if (!fs::is_directory(options.baseline)) return options.baseline;
  const fs::path own = fs::path(options.baseline) / reports::file_name(reports::platform(candidate.front()));
  if (options.update || fs::exists(own)) return own.string();
  std::string other;
  for (const auto& entry : fs::directory_iterator(options.baseline))
    if (entry.path().extension() == own.extension()) other = std::max(other, entry.path().string());
  if (other.empty()) throw Refused(fmt::format("{}: no baseline in it; gate --update makes one", options.baseline));
  return other;
}

/// Takes the candidate into the baseline; false, and a line on stderr, when that would loosen it for no reason given.
bool accept(const Options& options, const std::string& baseline, const Records& candidate) {
  if (options.because && options.because->find_first_not_of(" \t\r\n\v\f") == std::string::npos) {
    throw Refused("--because: gives no reason; say in a few words why the figures may be worse");
  }
  std::optional<reports::Baseline> before;
  if (std::filesystem::exists(std::filesystem::symlink_status(baseline))) {
    before = reports::read_baseline(baseline);
  }
  const auto update = [&]() -> reports::Update {
    try {
      return reports::update(before, candidate, options.because.value_or(""));
    } catch (const std::runtime_error& error) {
      throw Refused(fmt::format("{}: {}", baseline, error.what()));
    }
  }();
  if (!update.loosened.empty() && !options.because) {
    fmt::print(stderr, "softmax-audit: {}: nothing written; --because 'WHY' accepts what got worse: {}\n", baseline,
               reports::told(update.loosened));
    return false;
  }
  reports::write_baseline(baseline, update.baseline);
  fmt::print("{}: improved {}, loosened {}, new {}, kept unasked {}\n", baseline, update.improved.size(),
             update.loosened.size(), update.added, update.unasked);
  return true;
}

int side_by_side(const std::string& before, const std::string& now) {
  const Records was = reports::read_records(before), is = reports::read_records(now);
  const auto comparison = reports::compare(was, is);
  const reports::Names names{before, now};
  reports::write_whole(now + "/compared.html", reports::comparison_page(comparison, names, row_in_hex));
  reports::write_whole(now + "/compared.md", reports::markdown_comparison(comparison, names));
  fmt::print("{}page: {}\n", reports::terminal_comparison(comparison, names),
             std::filesystem::absolute(now + "/compared.html").lexically_normal().string());
  return 0;
}

}  // namespace

int merge(const Options& options) {
  std::vector<reports::Part> parts;
  for (const std::string& directory : options.directories) {
    parts.push_back({directory, reports::read_records(directory)});
  }
  const reports::Merged merged = reports::merge(parts);
  for (const std::string& note : merged.notes) fmt::print(stderr, "softmax-audit: {}\n", note);
  make_directory(options.out);
  publish(options.out, merged.records);
  return exit_status(merged.records);
}

int gate(const Options& options) {
  const Records candidate = reports::read_records(options.candidate);
  const std::string baseline = baseline_file(options, candidate);
  if (options.update && !accept(options, baseline, candidate)) return 1;
  const auto result = reports::gate(reports::read_baseline(baseline), candidate);
  const std::string acceptance = reports::acceptance(result, baseline, options.candidate);
  fmt::print("{}", reports::terminal_gate(result));
  if (!acceptance.empty()) fmt::print("to make this the baseline: {}\n", acceptance);
  if (!options.junit.empty()) reports::write_whole(options.junit, reports::junit(result));
  if (!options.markdown.empty()) {
    reports::write_whole(options.markdown, reports::gate_markdown(result, candidate, acceptance));
  }
  return reports::fails(result.verdict) ? 1 : 0;
}

int report(const Options& options) {
  if (options.directories.size() == 2) return side_by_side(options.directories[0], options.directories[1]);
  const Records records = reports::read_records(options.directories.at(0));
  publish(options.directories[0], records);
  return exit_status(records);
}

}  // namespace audit::commands
