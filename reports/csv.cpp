#include "reports/csv.hpp"

#include <fmt/format.h>

#include <concepts>
#include <set>

#include "reports/record_fields.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

using Labels = std::set<std::string>;

Labels labels_of(const std::vector<Record>& records) {
  Labels labels;
  for (const Record& record : records)
    for (const auto& [label, count] : record.outcomes) labels.insert(label);
  return labels;
}

std::string as_cell(std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(cell);
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

std::string cell(const std::string& text) {
  const std::string line = one_line(text);
  const bool formula = !line.empty() && std::string_view("=+-@'").find(line[0]) != std::string_view::npos;
  return formula ? "'" + line : line;
}
std::string cell(double value) {
  const json::Json number = json::plain(value);
  return number.is_string() ? number.get<std::string>() : number.dump();
}
std::string cell(std::uint64_t count) { return fmt::format("{}", count); }
std::string cell(bool truth) { return truth ? "true" : "false"; }
template <class T>
std::string cell(const T& several) {
  return json::dump(json::plain(several));
}

/// Visits the members of a record (json.hpp) and makes its line, or with no record the heading.
class Line {
 public:
  Line(const Labels& labels, bool heading) : labels_(labels), heading_(heading) {}

  void operator()(const std::string& key, const std::map<std::string, std::uint64_t>& outcomes, bool in) {
    for (const std::string& label : labels_) {
      const auto found = outcomes.find(label);
      const bool said = in || !outcomes.empty();
      put(key + "." + one_line(label), said ? cell(found == outcomes.end() ? std::uint64_t{0} : found->second) : "");
    }
  }
  template <class T>
  void operator()(const std::string& key, const std::optional<T>& value, bool = true) {
    put(key, value ? cell(*value) : "");
  }
  void operator()(const std::string& key, const std::optional<TimeComparison>& comparison, bool = true) {
    blank_ = !comparison;
    (*this)(key, comparison.value_or(TimeComparison{}));
    blank_ = false;
  }
  template <class T>
    requires std::same_as<T, Build> || std::same_as<T, Machine> || std::same_as<T, TimeComparison>
  void operator()(const std::string& key, const T& parts, bool = true) {
    before_ = key + ".";
    fields(parts, *this);
    before_.clear();
  }
  template <class T>
  void operator()(const std::string& key, const T& value, bool in = true) {
    put(key, in || !(value == T{}) ? cell(value) : "");
  }

  [[nodiscard]] std::string text() const { return text_ + "\r\n"; }

 private:
  void put(const std::string& key, const std::string& value) {
    text_ += ',' + as_cell(heading_ ? before_ + key : blank_ ? "" : value);
  }

  const Labels& labels_;
  bool heading_;
  bool blank_ = false;
  std::string before_;  ///< of a key
  std::string text_ = heading_ ? "schema" : cell(std::uint64_t{schema});
};

std::string line(const Record& record, const Labels& labels, bool heading = false) {
  Line made(labels, heading);
  fields(record, made);
  return made.text();
}

}  // namespace

std::string csv(const std::vector<Record>& records) {
  const Labels labels = labels_of(records);
  std::string text = line({}, labels, true);
  for (const Record& record : records) text += line(record, labels);
  return text;
}

}  // namespace audit::reports
