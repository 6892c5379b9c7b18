#include "reports/page_data.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

#include "reports/json.hpp"

namespace audit::reports {
namespace {

using json::Json;

/// Each value once, and which of them each record has.
Json dictionary(std::vector<Json>& values) {
  Json column{{"values", Json::array()}, {"at", Json::array()}};
  std::unordered_map<std::string, std::size_t> known;
  for (Json& value : values) {
    if (value.is_null()) {
      column["at"].push_back(nullptr);
      continue;
    }
    const auto [at, added] = known.emplace(value.dump(), known.size());
    if (added) column["values"].push_back(std::move(value));
    column["at"].push_back(at->second);
  }
  return column;
}

Json column(std::vector<Json>& values) {
  const bool numbers = std::ranges::any_of(values, [](const Json& value) { return value.is_number(); });
  return numbers ? Json(std::move(values)) : dictionary(values);
}

Json columns(const std::vector<Record>& records) {
  std::vector<std::string> order;
  std::unordered_map<std::string, std::vector<Json>> values;
  for (std::size_t i = 0; i < records.size(); ++i) {
    Json line = Json::parse(to_line(records[i]));
    for (const char* key : {"schema", "version", "build", "machine"}) line.erase(key);
    line["verdict"] = label(verdict_of(records[i]));
    for (auto& [key, value] : line.items()) {
      const auto [at, added] = values.try_emplace(key, records.size());
      if (added) order.push_back(key);
      at->second[i] = std::move(value);
    }
  }
  Json all = Json::object();
  for (const std::string& key : order) all[key] = column(values[key]);
  return all;
}

std::string base64(const std::vector<unsigned char>& bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t j) { return i + j < bytes.size() ? std::uint32_t{bytes[i + j]} : 0; };
    const std::uint32_t three = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (const int shift : {18, 12, 6, 0}) text += digits[three >> shift & 63];
  }
  for (std::size_t i = bytes.size() % 3; i % 3 != 0; ++i) text[text.size() - 3 + i] = '=';
  return text;
}

/// The largest of the records by some figure, and the witness of it.
struct Largest {
  double figure = -1;
  std::string witness;

  void offer(double offered, const std::string& its_witness) {
    if (std::isnan(offered)) offered = INFINITY;
    if (offered > figure) *this = {offered, its_witness};
  }
};

std::string worst_witness(const Record& record) {
  return fmt::format("{}#{}", record.max_ulp_case, record.max_ulp_element);
}

/// Of each target and family: the worst error of all and of those that are judged, the tightest claim, and the first of
/// each outcome without a number.
std::vector<std::string> witnesses(const std::vector<Record>& records) {
  std::map<std::tuple<std::string, std::string, std::string, std::string, std::string>, Largest> largest;
  std::vector<std::string> all;
  for (const Record& r : records) {
    const auto of = [&](const char* figure) -> Largest& {
      return largest[{figure, r.target, r.map, r.format, r.family}];
    };
    if (r.max_ulp) of("error").offer(std::abs(*r.max_ulp), worst_witness(r));
    if (r.max_ulp && in_domain(r)) of("judged").offer(std::abs(*r.max_ulp), worst_witness(r));
    if (r.bound_utilisation) of("used").offer(*r.bound_utilisation, r.utilisation_case);
    for (const auto& [outcome, witness] : r.witnesses) all.push_back(witness);
  }
  for (const auto& [key, found] : largest) all.push_back(found.witness);
  return all;
}

}  // namespace

std::string page_data(const std::vector<Record>& records) {
  Json all{{"copy", copy_target}, {"failing", Json::array()}};
  for (int v = 0; v <= static_cast<int>(Verdict::unchanged); ++v) {
    if (fails(static_cast<Verdict>(v))) all["failing"].push_back(label(static_cast<Verdict>(v)));
  }
  all["count"] = records.size();
  all["columns"] = columns(records);
  return json::dump(all);
}

std::string page_rows(const std::vector<Record>& records, const RowInHex& row_in_hex) {
  std::map<std::string, std::string> rows;
  if (row_in_hex) {
    for (const std::string& witness : witnesses(records)) {
      const auto [at, added] = rows.try_emplace(witness);
      if (added) at->second = row_in_hex(witness);
    }
  }
  std::erase_if(rows, [](const auto& entry) { return entry.second.empty(); });
  return json::dump(json::plain(rows));
}

std::string packed(std::string_view text) {
  std::vector<unsigned char> bytes(compressBound(text.size()));
  uLongf size = bytes.size();
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  if (compress2(bytes.data(), &size, from, text.size(), Z_DEFAULT_COMPRESSION) != Z_OK) {
    throw std::runtime_error("the records do not fit into memory a second time, for the page");
  }
  bytes.resize(size);
  return base64(bytes);
}

}  // namespace audit::reports
