#include "reports/rows.hpp"

#include <fmt/format.h>

#include <cmath>

namespace audit::reports {
namespace {

/// "444 nan": what has no number, how often.
std::string unnumbered_text(const Record& record) {
  const std::string label = worst_unnumbered(record);
  const std::string_view spurious = "spurious ";
  return fmt::format("{} {}", record.outcomes.at(label),
                     label.starts_with(spurious) ? label.substr(spurious.size()) : label);
}

std::string worst_text(const Summary& summary) {
  if (summary.unnumbered != nullptr) return unnumbered_text(*summary.unnumbered);
  return summary.worst != nullptr ? digits(*summary.worst->max_ulp, true) : "";
}

std::string where_text(const Summary& summary) {
  const Record* record = worst_record(summary);
  return record == nullptr ? "" : fmt::format("{}/{}", record->family, record->n);
}

/// "new; proved on every_row/2"
std::string verdict_text(const Summary& summary) {
  const std::string verdict(summary.verdict == Verdict::fresh ? "holds" : label(summary.verdict));
  if (fails(summary.verdict) || summary.enumerations == 0) return verdict;
  if (summary.enumerations > 1) return fmt::format("{}; proved on {} enumerations", verdict, summary.enumerations);
  return fmt::format("{}; proved on {}/{}", verdict, summary.proved->family, summary.proved->n);
}

}  // namespace

std::string digits(double value, bool sign) {
  const double size = std::abs(value);
  const std::string text = size < 1000 || !std::isfinite(value) ? fmt::format("{:.3g}", value)
                           : size < 1e6                         ? fmt::format("{:.0f}", value)
                                                                : fmt::format("{:.2e}", value);
  return sign && value > 0 ? fmt::format("+{}", text) : text;
}

std::string percent(double fraction) {
  const std::string text = fmt::format("{:.1f}", 100 * fraction);
  if (text != "100.0" || fraction == 1) return text;
  return fraction < 1 ? "99.9" : "100.1";
}

TableRow table_row(const Summary& summary) {
  return {
      .target = summary.target,
      .map = summary.map,
      .format = summary.format,
      .worst = worst_text(summary),
      .where = where_text(summary),
      .claim = summary.tightest == nullptr ? "" : percent(*summary.tightest->bound_utilisation),
      .rounded = summary.correctly_rounded ? percent(*summary.correctly_rounded) : "",
      .laws = summary.laws_tried == 0 ? "" : fmt::format("{}/{}", summary.laws_kept, summary.laws_tried),
      .ns = summary.in_cache == nullptr ? "" : digits(*summary.in_cache->ns_median),
      .verdict = verdict_text(summary),
  };
}

}  // namespace audit::reports
