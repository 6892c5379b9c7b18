#include "reference/oracle.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "commands/common.hpp"
#include "reference/companions.hpp"
#include "reference/npy.hpp"
#include "reference/numbers.hpp"

namespace audit::commands {
namespace {

double number(const impls::Format& format, const std::string& text) {
  const auto read = reference::read_number(format, text);
  if (!read)
    throw Refused(fmt::format("'{}' is no number; give decimals, hex floats, inf, -inf, nan, or one FILE.npy", text));
  if (read->changed)
    fmt::print(stderr, "{} is no number of {}: it was rounded to {}\n", text, format.name,
               reference::shortest(format, read->value));
  return read->value;
}

/// An array of .npy rounded to the format: the tool says when that changed it.
std::vector<std::vector<double>> rows_of(const impls::Format& format, const std::string& path) {
  const auto array = reference::read_npy(path);
  std::size_t changed = 0;
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < array.rows(); ++i) {
    rows.push_back(array.row(i));
    for (double& x : rows.back()) {
      const double rounded = impls::round_to(format, x);
      if (!std::isnan(x) && rounded != x) ++changed;
      x = rounded;
    }
  }
  if (changed != 0) fmt::print(stderr, "{}: {} numbers are none of {} and were rounded\n", path, changed, format.name);
  return rows;
}

std::vector<std::vector<double>> logits_of(const impls::Format& format, const std::vector<std::string>& inputs) {
  if (inputs.size() == 1 && inputs[0].ends_with(".npy")) return rows_of(format, inputs[0]);
  std::vector<double> row;
  for (const std::string& text : inputs) row.push_back(number(format, text));
  if (row.empty()) throw Refused("no logits: give numbers, or one FILE.npy with rows along its last axis");
  return {row};
}

double temperature_of(const impls::MapTraits& map, const std::string& text) {
  const auto read = reference::read_number(impls::f64, text);
  if (!read || !(read->value > 0) || std::isinf(read->value))
    throw Refused(fmt::format("--temperature {}: give a finite number above 0", text));
  if (read->value != 1 && !map.takes_temperature) throw Refused(fmt::format("--temperature: {} takes none", map.name));
  return read->value;
}

/// The operand of every row; empty ones for a map that takes none.
std::vector<std::vector<double>> operands_of(const impls::MapTraits& map, const impls::Format& format,
                                             const std::vector<std::vector<double>>& logits, const std::string& path) {
  if (map.takes_operand == path.empty())
    throw Refused(map.takes_operand ? fmt::format("{} needs --operand FILE.npy, of the shape of the logits", map.name)
                                    : fmt::format("--operand: {} takes none", map.name));
  if (!map.takes_operand) return std::vector<std::vector<double>>(logits.size());
  auto operands = rows_of(format, path);
  if (operands.size() != logits.size() || (!logits.empty() && operands[0].size() != logits[0].size()))
    throw Refused(fmt::format("--operand {}: is not of the shape of the logits", path));
  return operands;
}

std::vector<std::int64_t> targets_of(const impls::MapTraits& map, std::size_t rows, const std::string& path) {
  if (map.takes_target == path.empty())
    throw Refused(map.takes_target ? fmt::format("{} needs --target FILE.npy, one class index a row", map.name)
                                   : fmt::format("--target: {} takes none", map.name));
  if (!map.takes_target) return {};
  auto targets = reference::read_npy_integers(path).values;
  if (targets.size() != rows)
    throw Refused(fmt::format("--target {}: has {} numbers for {} rows", path, targets.size(), rows));
  return targets;
}

std::vector<std::int32_t> tree_of(const impls::MapTraits& map, const std::string& path) {
  if (path.empty()) return {};
  if (!map.takes_tree) throw Refused(fmt::format("--tree: {} takes none", map.name));
  const auto numbers = reference::read_npy_integers(path).values;
  std::vector<std::int32_t> tree;
  for (const std::int64_t number : numbers) {
    if (number != static_cast<std::int32_t>(number))
      throw Refused(fmt::format("--tree {}: {} is no node; give inner nodes 0 … and leaves -1 …", path, number));
    tree.push_back(static_cast<std::int32_t>(number));
  }
  return tree;
}

/// The rows to answer, with all that goes with them.
std::vector<impls::Row> questions(const impls::MapTraits& map, const impls::Format& format, const Options& options) {
  const double temperature = temperature_of(map, options.temperature);
  const auto logits = logits_of(format, options.inputs);
  const auto operands = operands_of(map, format, logits, options.operand);
  const auto targets = targets_of(map, logits.size(), options.target);
  const auto tree = tree_of(map, options.tree);
  if (logits.empty()) throw Refused("no rows to answer; give an array that is not empty");
  std::vector<impls::Row> rows;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    impls::Row row{logits[i], temperature, operands[i], {}, tree};
    if (map.takes_target) row.target = {targets[i]};
    if (const auto wrong = reference::fault(map.map, row); !wrong.empty())
      throw Refused(fmt::format("row {}: {}", i, wrong));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// What a row that is special gives, where that is beyond dispute; NaN elsewhere, with a word on stderr.
std::vector<double> special_values(impls::Map map, reference::Special special, std::size_t outputs, std::size_t index) {
  const bool sum = map == impls::Map::logsumexp;
  if (sum && special == reference::Special::all_masked) return {-INFINITY};
  if (sum && special == reference::Special::plus_infinity) return {INFINITY};
  if (special != reference::Special::nan)
    fmt::print(stderr, "row {}: {}: what it gives is a matter of policy, not of rounding\n", index,
               special == reference::Special::all_masked ? "all entries are -inf" : "an entry is infinite");
  return std::vector<double>(outputs, NAN);
}

/// The correctly rounded values; in a format without infinities, what overflows is NaN.
std::vector<double> values_of(const impls::MapTraits& map, const impls::Format& format, const impls::Row& row,
                              const reference::Exact& exact, std::size_t index) {
  const std::size_t outputs = impls::outputs(map.map, impls::length(map.map, row));
  if (exact.special != reference::Special::none) return special_values(map.map, exact.special, outputs, index);
  std::vector<double> values;
  for (const double rounded : exact.rounded) values.push_back(impls::round_to(format, rounded));
  return values;
}

std::string hex(double value) { return std::isnan(value) ? "nan" : fmt::format("{:a}", value); }

void print_json(std::size_t index, const std::vector<double>& values, const reference::Exact& exact) {
  std::string list;
  for (const double v : values) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", hex(v));
  fmt::print("{{\"row\": {}, \"values\": [{}], \"bits\": {}, \"undecided\": {}}}\n", index, list, exact.bits,
             exact.undecided.size());
}

void print_text(const impls::Format& format, std::size_t index, std::size_t rows, const std::vector<double>& values) {
  if (rows > 1) fmt::print("row {}\n", index);
  for (const double v : values) fmt::print("{:<24} {}\n", reference::shortest(format, v), hex(v));
}

}  // namespace

int oracle(const Options& options) {
  const impls::MapTraits& map = impls::traits(map_named(options.map.empty() ? "softmax" : options.map));
  const impls::Format& format = format_named(options.format.empty() ? "f64" : options.format);
  if (options.mean && map.map != impls::Map::cross_entropy)
    throw Refused(fmt::format("--mean: is for cross_entropy, not {}", map.name));
  const auto rows = questions(map, format, options);
  const std::size_t answers = options.mean ? 1 : rows.size();

  std::size_t undecided = 0;
  for (std::size_t i = 0; i < answers; ++i) {
    const auto exact = options.mean ? reference::certify_mean_cross_entropy(format, rows)
                                    : reference::certify(map.map, format, rows[i]);
    const auto values = values_of(map, format, rows[i], exact, i);
    undecided += exact.undecided.size();
    if (options.as_json) {
      print_json(i, values, exact);
    } else {
      print_text(format, i, answers, values);
    }
  }
  return undecided == 0 ? 0 : 1;
}

}  // namespace audit::commands
