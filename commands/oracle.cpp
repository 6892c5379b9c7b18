#include "reference/oracle.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "commands/common.hpp"
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

/// What a row that is special gives, where that is beyond dispute; NaN elsewhere, with a word on stderr.
std::vector<double> special_values(impls::Map map, reference::Special special, std::size_t n, std::size_t index) {
  const bool sum = map == impls::Map::logsumexp;
  if (sum && special == reference::Special::all_masked) return {-INFINITY};
  if (sum && special == reference::Special::plus_infinity) return {INFINITY};
  if (special != reference::Special::nan)
    fmt::print(stderr, "row {}: {}: what it gives is a matter of policy, not of rounding\n", index,
               special == reference::Special::all_masked ? "all entries are -inf" : "an entry is +inf");
  return std::vector<double>(sum ? 1 : n, NAN);
}

void print_json(std::size_t index, const std::vector<double>& values, const reference::Exact& exact) {
  std::string list;
  for (const double v : values)
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", std::isnan(v) ? "nan" : fmt::format("{:a}", v));
  fmt::print("{{\"row\": {}, \"values\": [{}], \"bits\": {}, \"undecided\": {}}}\n", index, list, exact.bits,
             exact.undecided.size());
}

void print_text(const impls::Format& format, std::size_t index, std::size_t rows, const std::vector<double>& values) {
  if (rows > 1) fmt::print("row {}\n", index);
  for (const double v : values) fmt::print("{:<24} {:a}\n", reference::shortest(format, v), v);
}

}  // namespace

int oracle(const Options& options) {
  const impls::MapTraits& map = impls::traits(map_named(options.map.empty() ? "softmax" : options.map));
  const impls::Format& format = format_named(options.format.empty() ? "f64" : options.format);
  const double temperature = temperature_of(map, options.temperature);
  const auto logits = logits_of(format, options.inputs);
  if (map.takes_operand == options.operand.empty())
    throw Refused(map.takes_operand ? fmt::format("{} needs --operand FILE.npy, of the shape of the logits", map.name)
                                    : fmt::format("--operand: {} takes none", map.name));
  const auto operands =
      map.takes_operand ? rows_of(format, options.operand) : std::vector<std::vector<double>>(logits.size());
  if (operands.size() != logits.size() || (map.takes_operand && operands[0].size() != logits[0].size()))
    throw Refused(fmt::format("--operand {}: is not of the shape of the logits", options.operand));

  std::size_t undecided = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const impls::Row row{logits[i], temperature, operands[i]};
    if (row.x.empty()) throw Refused("a row of no entries (n = 0) has no answer; give one logit at least");
    const auto exact = reference::certify(map.map, format, row);
    std::vector<double> values;
    if (exact.special != reference::Special::none) values = special_values(map.map, exact.special, row.x.size(), i);
    values.insert(values.end(), exact.rounded.begin(), exact.rounded.end());
    undecided += exact.undecided.size();
    if (options.as_json) {
      print_json(i, values, exact);
    } else {
      print_text(format, i, logits.size(), values);
    }
  }
  if (logits.empty()) throw Refused("no rows to answer; give an array that is not empty");
  return undecided == 0 ? 0 : 1;
}

}  // namespace audit::commands
