// The eye of the suite, measured: which law, and which tolerance of another project, sees that a target is wrong.
#include "properties/measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "properties/check.hpp"
#include "properties/evidence.hpp"
#include "properties/tolerances.hpp"

namespace audit::properties {
namespace {

namespace fs = std::filesystem;
using impls::Format;
using impls::Implementation;
using reports::Finding;

/// A comparison as a law, so that rows are drawn, and made small, for it as for any law.
template <std::size_t i>
std::optional<Finding> does_not_pass(const Evidence& e) {
  const std::size_t j = first_wrong(tolerances()[i], e.target.map, e.exact, e.answer);
  if (j == e.exact.size()) return std::nullopt;
  return at(e, j, e.answer.y[j], e.exact.rounded[j], 0);
}

template <std::size_t i>
Law as_law() {
  const Tolerance& tolerance = tolerances()[i];
  Law law{tolerance.name,
          tolerance.close,
          tolerance.source,
          "",
          false,
          tolerance.covers,
          [](const reference::Case&) { return true; },
          does_not_pass<i>};
  law.of_unwritten = true;
  return law;
}

template <std::size_t... i>
std::vector<Law> as_laws(std::index_sequence<i...>) {
  return {as_law<i>()...};
}

std::vector<Law> tolerances_as_laws() {
  return as_laws(std::make_index_sequence<std::tuple_size_v<std::decay_t<decltype(tolerances())>>>());
}

Mutant mutant_of(const fs::path& source) {
  std::ifstream in(source);
  const std::string caught = "// Caught by: ", within = ", n ≤ ";
  for (std::string line; std::getline(in, line) && line.starts_with("//");) {
    const auto at = line.find(within);
    if (line.starts_with(caught) && at != std::string::npos)
      return {source.stem(), line.substr(caught.size(), at - caught.size()),
              std::stoul(line.substr(at + within.size()))};
  }
  return {source.stem(), "", 0};
}

Sight look(const Implementation& target, Sight::By by, std::string_view judge, std::string row) {
  return {target.name, std::string(impls::traits(target.map).name), false, by, std::string(judge), std::move(row)};
}

impls::Layout laid_out(const Implementation& target, const impls::Shape& shape) {
  const auto strides = [&](std::size_t n) {
    const auto inner = static_cast<std::ptrdiff_t>(shape.inner);
    return impls::Strides{static_cast<std::ptrdiff_t>(n) * inner, inner, 1};
  };
  return {shape, strides(shape.n), strides(impls::outputs(target.map, shape.n))};
}

/// Whether an accident ends any test; what a target does to memory that is not its own shows only here.
bool seen_by_anyone(std::string_view accident) {
  return accident == impls::label(impls::Accident::Kind::crashed) ||
         accident == impls::label(impls::Accident::Kind::timed_out);
}

/// Fewer entries, or as many in fewer letters.
bool smaller(const std::string& a, const std::string& b) {
  const auto size = [](const std::string& id) { return std::pair(reference::rebuild(id).row.x.size(), id.size()); };
  return size(a) < size(b);
}

/// Asks one tensor; what is wrong with it, in words.
std::string wrong_in(const Implementation& target, const Format& format, const Tolerance& tolerance,
                     const impls::Shape& shape) try {
  if (shape.inner > 1 && !(target.claim.promises & impls::strided)) return "";
  const auto rows = rows_of(tolerance, target.map, format, shape);
  const impls::Answers answers = impls::ask(target, format, rows, laid_out(target, shape));
  if (answers.status != 0) return "";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto exact = reference::certify(target.map, format, rows[i]);
    const std::size_t j = first_wrong(tolerance, target.map, exact, answers.row(i));
    if (j < exact.size())
      return fmt::format("{} [{}, {}, {}] row {} element {}", format.name, shape.outer, shape.n, shape.inner, i, j);
  }
  return "";
} catch (const impls::Accident& met) {
  return seen_by_anyone(impls::label(met.kind)) ? std::string(impls::label(met.kind)) : "";
}

std::vector<Format> common_formats(const Implementation& target, const Tolerance& tolerance) {
  std::vector<Format> common;
  for (const Format& format : target.formats)
    if (std::ranges::count(tolerance.formats, format) > 0) common.push_back(format);
  return common;
}

std::string wrong_on_its_rows(const Implementation& target, const Tolerance& tolerance) {
  for (const Format& format : common_formats(target, tolerance))
    for (const impls::Shape& shape : tolerance.shapes)
      if (auto wrong = wrong_in(target, format, tolerance, shape); !wrong.empty()) return wrong;
  return "";
}

std::string wrong_on_our_rows(const Implementation& target, const Tolerance& tolerance, const Law& law, int rows) {
  for (const Format& format : common_formats(target, tolerance)) {
    const auto record = try_law(target, format, law, rows, 1);
    if (!record.findings.empty() && (record.findings[0].law == law.name || seen_by_anyone(record.findings[0].law)))
      return record.findings[0].case_id;
  }
  return "";
}

}  // namespace

std::vector<Mutant> mutants(const std::string& sources) {
  std::vector<Mutant> all;
  for (const auto& file : fs::directory_iterator(sources))
    if (file.path().extension() == ".cpp" && file.path().stem() != "unmutated") all.push_back(mutant_of(file));
  std::ranges::sort(all, {}, &Mutant::name);
  return all;
}

std::vector<Implementation> functions_of(const std::string& objects, const std::string& mutant) {
  return impls::load(fmt::format("{}/{}.so", objects, mutant), {.timeout = 5});
}

std::vector<Finding> findings_of(const Implementation& target, int rows) {
  std::vector<Finding> all;
  const Format& format = target.formats.back();
  const auto add = [&](const reports::Record& record) { std::ranges::copy(record.findings, std::back_inserter(all)); };
  add(try_widths(target, format));
  for (const Law& law : laws())
    if (law.holds_for(target.map)) add(try_law(target, format, law, rows, 1));
  return all;
}

std::vector<Sight> seen_by_laws(const Implementation& target, int rows) {
  std::vector<Sight> sights;
  for (const Finding& finding : findings_of(target, rows)) {
    const auto known = std::ranges::find(sights, finding.law, &Sight::judge);
    if (known == sights.end())
      sights.push_back(look(target, Sight::By::law, finding.law, finding.case_id));
    else if (smaller(finding.case_id, known->row))
      known->row = finding.case_id;
  }
  return sights;
}

std::vector<Sight> seen_by_tolerances(const Implementation& target, int rows) {
  std::vector<Sight> sights;
  const auto as_laws = tolerances_as_laws();
  for (std::size_t i = 0; i < as_laws.size(); ++i) {
    const Tolerance& tolerance = tolerances()[i];
    if (!tolerance.covers(target.map) || common_formats(target, tolerance).empty()) continue;
    sights.push_back(look(target, Sight::By::own_rows, tolerance.name, wrong_on_its_rows(target, tolerance)));
    sights.push_back(
        look(target, Sight::By::our_rows, tolerance.name, wrong_on_our_rows(target, tolerance, as_laws[i], rows)));
  }
  return sights;
}

bool replays(const Implementation& target, const Sight& sight) {
  const auto question = reference::rebuild(sight.row);
  if (sight.by == Sight::By::our_rows) try {
      const auto& tolerance = *std::ranges::find(tolerances(), sight.judge, &Tolerance::name);
      const auto answer = impls::ask(target, question.format, question.row);
      const auto exact = reference::certify(target.map, question.format, question.row);
      return first_wrong(tolerance, target.map, exact, answer) < exact.size();
    } catch (const impls::Accident& met) {
      return seen_by_anyone(impls::label(met.kind));
    }
  const auto found = std::ranges::find(laws(), sight.judge, &Law::name);
  if (found == laws().end()) return true;  // an accident is shown by asking again
  const auto held = hold(target, question);
  return std::ranges::any_of(held, [&](const Holding& h) { return h.law == &*found && h.finding; });
}

}  // namespace audit::properties
