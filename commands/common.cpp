#include "commands/common.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>

#include "properties/check.hpp"
#include "reports/csv.hpp"
#include "reports/files.hpp"
#include "reports/junit.hpp"
#include "reports/markdown.hpp"
#include "reports/page.hpp"
#include "reports/progress.hpp"
#include "reports/provenance.hpp"
#include "reports/summary.hpp"
#include "reports/verdict.hpp"

namespace audit::commands {
namespace {

using bench::Unit;

std::string key(const std::string& map, const std::string& format, const std::string& family, std::size_t n) {
  return fmt::format("{}:{}:{}:{}", map, format, family, n);
}
std::string key(const reports::Record& r) { return key(r.map, r.format, r.family, r.n); }
std::string key(const Unit& u) {
  return key(std::string(impls::traits(u.map).name), std::string(u.format.name), u.family, u.n);
}

double fraction(std::size_t done, std::size_t total) {
  return total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
}

void stop_if(const std::stop_token& stop, const char* what_is_left) {
  if (stop.stop_requested()) throw Stopped(what_is_left);
}

reports::Record contract(const impls::Implementation& target) {
  reports::Record record;
  record.kind = "contract";
  record.target = target.name;
  record.version = target.version;
  record.absent = target.absent;
  return record;
}

}  // namespace

const impls::Format& format_named(const std::string& name) {
  const auto* format = impls::find_format(name);
  if (!format) throw Refused(fmt::format("no format '{}'; 'softmax-audit list formats' names them all", name));
  return *format;
}

impls::Map map_named(const std::string& name) {
  const auto* map = impls::find_map(name);
  if (!map) throw Refused(fmt::format("no map '{}'; 'softmax-audit list maps' names them all", name));
  return map->map;
}

bool is_of(const reports::Record& record, const impls::Implementation& target) {
  const auto its_format = [&](const impls::Format& format) { return format.name == record.format; };
  return record.target == target.name && record.map == impls::traits(target.map).name &&
         std::ranges::any_of(target.formats, its_format);
}

Effort effort_named(const std::string& name) {
  const std::vector<impls::Format> formats{impls::f32, impls::f64};
  if (name == "quick") return {1536, 150, {{1024}, {1024}, formats, 3, 0.01}};
  const bool exhaustive = name == "exhaustive";
  if (name == "standard" || exhaustive)
    return {65536, 1000, {{128, 1024, 4096, 32000}, {1024, 32000}, formats, 7, 0.05}, exhaustive};
  throw Refused(fmt::format("--effort {}: give quick, standard or exhaustive", name));
}

Interrupt::Interrupt() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals, source = source_]() mutable {
    int signal = 0;
    sigwait(&signals, &signal);
    source.request_stop();
    sigwait(&signals, &signal);
    _exit(130);
  }).detach();
}

Records contracts(const Targets& targets) {
  Records records;
  for (const auto* target : targets) {
    reports::Record record = contract(*target);
    if (!target->absent.empty()) records.push_back(record);
    for (const impls::Format& format : target->formats) {
      record.map = impls::traits(target->map).name;
      record.format = format.name;
      record.claim = target->claim.bound;
      record.rows = 1;
      records.push_back(record);
    }
  }
  return records;
}

Records measure_accuracy(const std::vector<Unit>& units, const Targets& targets, std::uint64_t seed,
                         reports::Journal* journal, const std::stop_token& stop, const bench::Seen& seen) {
  std::map<std::string, Records> measured;
  if (journal)
    for (const reports::Record& record : journal->found()) measured[key(record)].push_back(record);
  std::vector<Unit> open;
  std::ranges::copy_if(units, std::back_inserter(open), [&](const Unit& u) { return !measured.contains(key(u)); });
  const auto logits = [](const Unit& u) { return u.rows * u.n; };
  std::size_t total = 0, done = 0;
  for (const Unit& unit : open) total += logits(unit);
  {
    reports::Progress progress(fmt::format("accuracy ({} pieces)", open.size()));
    const auto on_done = [&](const Unit& unit, const Records& records) {
      if (journal) journal->append(records);
      measured[key(unit)] = records;
      done += logits(unit);
      progress.at(fraction(done, total), key(unit));
    };
    bench::sweep(open, targets, seed, on_done, stop, seen);
  }
  stop_if(stop, "stopped; what was measured is kept, --resume goes on from there");

  Records records;
  for (const auto* target : targets)
    for (const Unit& unit : units)
      std::ranges::copy_if(measured[key(unit)], std::back_inserter(records),
                           [&](const reports::Record& r) { return is_of(r, *target); });
  return records;
}

Records try_laws(const Targets& targets, int rows, std::uint64_t seed, const std::stop_token& stop) {
  reports::Progress progress("laws");
  auto records = properties::try_laws(
      targets, rows, seed, [&](std::size_t done, std::size_t total) { progress.at(fraction(done, total)); }, stop);
  stop_if(stop, "stopped while laws were tried; --resume keeps what the sweep measured");
  return records;
}

Records measure_speed(const Targets& targets, const bench::SpeedPlan& plan, const std::stop_token& stop) {
  reports::Progress progress("speed");
  auto records = bench::speed(
      targets, plan, [&](std::size_t done, std::size_t total) { progress.at(fraction(done, total)); }, stop);
  stop_if(stop, "stopped while speed was measured; --resume keeps what the sweep measured");
  return records;
}

void stamp(Records& records) {
  const auto build = reports::this_build();
  const auto machine = reports::this_machine();
  for (reports::Record& record : records) {
    record.build = build;
    record.machine = machine;
    record.verdict = reports::label(reports::judge(record, nullptr));
  }
}

int exit_status(const Records& records) {
  return std::ranges::any_of(records, [](const auto& r) { return reports::fails(reports::verdict_of(r)); });
}

void make_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error || access(directory.c_str(), W_OK) != 0)
    throw Refused(fmt::format("--out {}: cannot be written ({}); give a directory that can", directory,
                              error ? error.message() : "permission denied"));
}

void write_reports(const std::string& directory, const Records& records) {
  reports::write_records(directory + "/records.jsonl", records);
  reports::write_whole(directory + "/index.html", reports::page(records, eye(), row_in_hex));
  reports::write_whole(directory + "/report.md", reports::markdown(records, eye()));
  reports::write_whole(directory + "/records.csv", reports::csv(records));
  reports::write_whole(directory + "/junit.xml", reports::junit(records));
  reports::write_whole(directory + "/findings.sarif", reports::sarif(records, rules(), file_of));
}

std::string page_in(const std::string& directory) {
  return std::filesystem::absolute(directory + "/index.html").lexically_normal().string();
}

void publish(const std::string& directory, const Records& records) {
  write_reports(directory, records);
  const auto verdict = reports::verdict_of(records);
  fmt::print("{}\nverdict: {}\npage: {}\n", reports::terminal_table(records),
             reports::fails(verdict) ? reports::label(verdict) : "all holds", page_in(directory));
}

}  // namespace audit::commands
