// Every length in order, before anything else is asked: what a target does wrong to memory, to its process or to
// nothing but the first length that is no multiple of eight shows here on its smallest row.

#include <algorithm>
#include <array>
#include <cmath>

#include "properties/accidents.hpp"
#include "properties/check.hpp"
#include "properties/evidence.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Implementation;
using impls::Row;
using reports::Finding;

/// Up to here every length is asked, and rows with masks and special values.
constexpr std::size_t dense = 40;
constexpr std::size_t special = 8;

/// A row of n entries that no two lengths share.
Row row_of(const Implementation& target, const Format& format, std::size_t n) {
  const impls::MapTraits& map = impls::traits(target.map);
  Row row;
  for (std::size_t j = 0; j + (map.takes_tree ? 1 : 0) < n; ++j)
    row.x.push_back(impls::round_to(format, 3 * std::sin(static_cast<double>(n + 2 * j))));
  if (map.takes_operand) row.operand.assign(row.x.size(), 0.25);
  if (map.takes_target) row.target = {0};
  return row;
}

std::vector<Row> rows_of(const Implementation& target, const Format& format) {
  std::vector<Row> rows;
  const auto add = [&](std::size_t n) { return rows.push_back(row_of(target, format, n)); };
  for (std::size_t n = 1; n <= dense; ++n) {
    add(n);
    if (n > special || rows.back().x.empty() || !format.infinities) continue;
    const Row plain = rows.back();
    for (const float value : {-INFINITY, NAN, INFINITY}) {
      rows.push_back(plain);
      rows.back().x.back() = value;
    }
    rows.push_back(plain);
    std::ranges::fill(rows.back().x, -INFINITY);
  }
  for (const std::size_t power : {64, 128, 256, 512, 1024})
    for (const std::size_t n : {power - 1, power, power + 1}) add(n);
  if (!impls::traits(target.map).takes_tree) add(0);
  return rows;
}

/// What is wrong with what was written; nothing may be of an empty row, everything must be of another.
std::optional<Finding> judge(const Implementation& target, const reference::Case& question,
                             const impls::Answer& answer) {
  const bool empty = question.row.x.empty() && !impls::traits(target.map).takes_tree;
  const auto wrong = std::ranges::find(answer.written, empty);
  if (wrong == answer.written.end()) return std::nullopt;
  Finding finding;
  finding.law = "output written, input kept";
  finding.element = static_cast<std::size_t>(wrong - answer.written.begin());
  finding.got = empty ? hex(answer.y[*finding.element]) : "unwritten";
  finding.want = empty ? "nothing written for a row without entries" : "an answer";
  finding.source = "interfaces.md section 3";
  identify(finding, target, question);
  return finding;
}

}  // namespace

reports::Record try_widths(const Implementation& target, const Format& format) {
  reports::Record record;
  record.kind = "law";
  record.target = target.name;
  record.version = target.version;
  record.map = impls::traits(target.map).name;
  record.format = format.name;
  record.family = "widths";
  record.claim = target.claim.bound;
  Accidents accidents;
  int refusal = 0;
  for (const Row& row : rows_of(target, format)) {
    const reference::Case question = reference::spelled_out(target.map, format, row);
    try {
      const impls::Answer answer = impls::ask(target, format, row);
      refusal = answer.status;
      if (refusal != 0) continue;
      ++record.rows;
      if (const auto finding = judge(target, question, answer)) record.findings = {*finding};
    } catch (const impls::Accident& met) {
      accidents.count(met, target, question);
      if (accidents.first()) record.findings = {*accidents.first()};
    }
    if (!record.findings.empty() || accidents.given_up()) break;
  }
  if (accidents.first()) ++record.rows;
  record.outcomes = accidents.rows();
  if (record.rows == 0) record.absent = accidents.given_up() ? impls::not_asked : impls::not_supported(refusal);
  return record;
}

}  // namespace audit::properties
