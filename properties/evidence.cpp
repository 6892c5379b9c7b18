#include "properties/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "properties/expected.hpp"
#include "properties/fnv1a.hpp"
#include "reference/error.hpp"

namespace audit::properties {
namespace {

reports::Finding about(const Evidence& e, std::size_t element, double got, double want, const std::string& words) {
  reports::Finding finding = at(e, element, got, want, 0);
  finding.got += " " + words;
  return finding;
}

}  // namespace

bool out_of_reach(const reference::Exact& exact) {
  if (exact.special == reference::Special::none && !exact.undecided.empty()) return true;
  return !exact.format.infinities && std::ranges::any_of(exact.rounded, [](double y) { return std::isinf(y); });
}

std::optional<Gathered> gather(const impls::Implementation& target, const reference::Case& question, int* refusal) {
  Gathered gathered;
  gathered.answer = impls::ask(target, question.format, question.row);
  if (refusal) *refusal = gathered.answer.status;
  if (gathered.answer.status != 0) return std::nullopt;
  gathered.exact = reference::certify(target.map, question.format, question.row);
  if (out_of_reach(gathered.exact)) return std::nullopt;
  if (gathered.exact.special == reference::Special::none) gathered.slack = slack(target, question.format, question.row);
  return gathered;
}

long double value(const reference::Element& element) {
  if (std::isinf(element.rounded) && element.side == 0) return element.rounded;
  return std::ldexp(static_cast<long double>(element.units) - element.residual, element.ulp_exponent);
}

long double allowance(const Evidence& evidence, const impls::Bound& bound, long double y) {
  const long double size = std::abs(y);
  if (std::isinf(size)) return 0;
  const impls::Format& format = evidence.question.format;
  // Half of the smallest subnormal of f64 is no double.
  const long double ulps =
      std::ldexp(static_cast<long double>(bound.ulps), impls::ulp_exponent(format, static_cast<double>(size)));
  const long double slack = (size == 0 ? 0 : bound.relative * size) + bound.absolute + ulps;
  const bool may_flush = !(evidence.target.claim.promises & impls::subnormals);
  if (may_flush && size - slack < impls::smallest_normal(format)) return std::max(slack, size);
  return slack;
}

long double allowance(const Evidence& evidence, std::size_t element) {
  return allowance(evidence, evidence.slack[element], value(evidence.exact.element(element)));
}

bool agree(long double a, long double b, long double slack) { return a == b || std::abs(a - b) <= slack; }

std::optional<Miss> miss(const Evidence& evidence, const impls::Answer& answer, std::size_t element,
                         const reference::Element& exact, const impls::Bound& bound) {
  const double got = answer.y[element];
  // Where the exact answer rounds to infinity there is nothing better to give.
  if (std::isinf(got) && got == exact.rounded) return std::nullopt;
  const impls::Format& format = evidence.question.format;
  const auto error = reference::measure(format, got, answer.written[element], exact);
  const bool subnormals = evidence.target.claim.promises & impls::subnormals;
  // No slack, not even an infinite one, holds a NaN or an infinity.
  if (std::isfinite(got) && reference::stands(format, error, exact, bound, subnormals).kept) return std::nullopt;
  Miss miss{std::nullopt, reference::in_ulps(bound, exact)};
  if (reference::has_number(error.outcome)) miss.ulp = error.ulp;
  return miss;
}

std::optional<reports::Finding> wrong(const Evidence& e, const impls::Answer& answer, const std::string& words) {
  for (std::size_t j = 0; j < e.exact.size(); ++j) {
    if (!answer.written[j]) {
      reports::Finding finding = about_row(e, "unwritten " + words, "an answer");
      finding.element = j;
      return finding;
    }
    const auto missed = miss(e, answer, j, e.exact.element(j), e.slack[j]);
    if (!missed) continue;
    reports::Finding finding = about(e, j, answer.y[j], e.exact.rounded[j], words);
    finding.ulp = missed->ulp;
    finding.bound = missed->bound;
    return finding;
  }
  if (answer.input_changed) return about_row(e, "the input changed " + words, "the input as it was");
  return std::nullopt;
}

std::optional<reports::Finding> other_bits(const Evidence& e, const impls::Answer& answer, const std::string& words) {
  const impls::Format& format = e.question.format;
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    if (impls::encode(format, answer.y[j]) == impls::encode(format, e.answer.y[j])) continue;
    reports::Finding finding = about(e, j, answer.y[j], e.answer.y[j], words);
    finding.source = "the target promises the same bits";
    return finding;
  }
  return std::nullopt;
}

std::optional<Another> ask_another(const Evidence& evidence, impls::Row row) {
  const impls::Format& format = evidence.question.format;
  if (!impls::in_domain(evidence.target.claim, row, format)) return std::nullopt;
  impls::Answer answer = impls::ask(evidence.target, format, row);
  if (answer.status != 0) return std::nullopt;
  std::vector<impls::Bound> bounds = slack(evidence.target, format, row);
  return Another{std::move(row), std::move(answer), std::move(bounds)};
}

std::string hex(double value) { return fmt::format("{:a}", value); }

std::optional<reports::Finding> wrong_answer(const Evidence& evidence, const impls::Answer& answer,
                                             const reference::Exact& exact, const std::vector<impls::Bound>& slack,
                                             const std::string& words) {
  if (out_of_reach(exact)) return std::nullopt;
  for (std::size_t j = 0; j < exact.size(); ++j) {
    const auto missed = miss(evidence, answer, j, exact.element(j), slack[j]);
    if (!missed) continue;
    auto finding = about_row(evidence, fmt::format("{} {}", hex(answer.y[j]), words), hex(exact.rounded[j]));
    finding.element = j;
    finding.ulp = missed->ulp;
    finding.bound = missed->bound;
    return finding;
  }
  return std::nullopt;
}

reports::Finding at(const Evidence& evidence, std::size_t element, double got, double want, long double slack) {
  reports::Finding finding = about_row(evidence, hex(got), hex(want));
  finding.element = element;
  if (element >= evidence.exact.size()) return finding;
  const reference::Element exact = evidence.exact.element(element);
  const int exponent = exact.ulp_exponent;
  const long double unrounded = want == exact.rounded ? value(exact) : want;
  const auto ulp = static_cast<double>(std::ldexp(got - unrounded, -exponent));
  if (std::isfinite(ulp)) finding.ulp = ulp;
  finding.bound = static_cast<double>(std::ldexp(slack, -exponent));
  return finding;
}

reports::Finding about_row(const Evidence& evidence, std::string got, std::string want) {
  reports::Finding finding;
  finding.got = std::move(got);
  finding.want = std::move(want);
  finding.source = slack_source(evidence.target);
  return finding;
}

void identify(reports::Finding& finding, const impls::Implementation& target, const reference::Case& question) {
  finding.map = impls::traits(target.map).name;
  finding.format = question.format.name;
  finding.case_id = reference::id(question);
  finding.replay = reports::replay_line(target.name, finding.case_id);
}

std::uint64_t fingerprint(const impls::Row& row) {
  std::uint64_t hash = fnv1a_start;
  for (const double x : row.x) hash = fnv1a(hash, std::bit_cast<std::uint64_t>(x));
  for (const double g : row.operand) hash = fnv1a(hash, std::bit_cast<std::uint64_t>(g));
  return fnv1a(hash, std::bit_cast<std::uint64_t>(row.temperature));
}

}  // namespace audit::properties
