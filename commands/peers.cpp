// The libraries that the suite has Python adapters for, measured on every family.

#include "reports/peers.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "commands/common.hpp"
#include "reports/files.hpp"

namespace audit::commands {
namespace {

struct Peer {
  const char* library;
  const char* target;
};

constexpr std::array known_peers{
    Peer{"PyTorch", "python:torch_adapter.py"},
    Peer{"JAX", "python:jax_adapter.py"},
    Peer{"TensorFlow", "python:tensorflow_adapter.py"},
    Peer{"ONNX Runtime", "python:onnxruntime_adapter.py"},
    Peer{"OpenVINO", "python:openvino_adapter.py"},
    Peer{"LiteRT", "python:litert_adapter.py"},
    Peer{"ncnn", "python:ncnn_adapter.py"},
    Peer{"SciPy", "python:scipy_adapter.py"},
};

/// Some compile what they run, at the start.
constexpr impls::Loading patient{.timeout = 300};

reports::Record absent(const Peer& peer, std::string reason) {
  const std::string named = fmt::format("{}: ", peer.target);
  if (reason.starts_with(named)) reason.erase(0, named.size());
  reports::Record record;
  record.kind = "contract";
  record.target = peer.target;
  record.version = peer.library;
  record.absent = reason;
  return record;
}

/// Everything about one library. Its workers end with this function: no two libraries are in memory at once.
Records measured(const Peer& peer, const Options& options, const std::stop_token& stop) try {
  const std::vector<impls::Implementation> functions = impls::load(peer.target, patient);
  Targets targets;
  for (const auto& function : functions) targets.push_back(&function);
  const auto units = bench::plan(targets, effort_named(options.effort).elements);
  Records records = contracts(targets);
  std::ranges::move(measure_accuracy(units, targets, options.seed, nullptr, stop), std::back_inserter(records));
  std::erase_if(records, [](const reports::Record& r) { return r.rows == 0; });  // a temperature, which few take
  return records;
} catch (const std::runtime_error& error) {
  if (stop.stop_requested()) throw;
  return {absent(peer, error.what())};
}

std::string today() { return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr))); }

}  // namespace

int peers(const Options& options) {
  make_directory(options.out);
  const Interrupt interrupt;
  Records records;
  for (const Peer& peer : known_peers) {
    fmt::print(stderr, "{}\n", peer.library);
    std::ranges::move(measured(peer, options, interrupt.token()), std::back_inserter(records));
  }
  if (std::ranges::none_of(records, [](const auto& record) { return record.absent.empty(); }))
    throw Refused(
        fmt::format("peers: none of the libraries can be audited; {}: {}", records[0].version, records[0].absent));
  stamp(records);
  const std::string table = options.out + "/peers.md", page = options.out + "/peers.html";
  reports::write_records(options.out + "/records.jsonl", records);
  reports::write_whole(table, reports::peers_markdown(records, today()));
  reports::write_whole(page, reports::peers_page(records, today()));
  fmt::print("table: {}\npage: {}\n", table, page);
  return exit_status(records);
}

}  // namespace audit::commands
