#include "reference/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "reference/companions.hpp"
#include "reference/families.hpp"
#include "reference/packs.hpp"

namespace audit::reference {
namespace {

using impls::Format;
using impls::Map;
using impls::traits;

std::string hex(double value) { return fmt::format("{:a}", value); }

std::string hex_list(const std::vector<double>& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size();) {
    const auto same = [&](double v) {
      return (v == values[i] || (std::isnan(v) && std::isnan(values[i]))) && std::signbit(v) == std::signbit(values[i]);
    };
    const std::size_t run =
        static_cast<std::size_t>(std::find_if_not(values.begin() + static_cast<std::ptrdiff_t>(i), values.end(), same) -
                                 values.begin()) -
        i;
    if (!text.empty()) text += ',';
    if (run > 1) text += fmt::format("{}@", run);
    text += hex(values[i]);
    i += run;
  }
  return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

[[noreturn]] void bad(std::string_view id, std::string_view what) {
  throw BadCase(fmt::format("no case '{}': {}", id.substr(0, 80), what));
}

template <class Integer>
Integer integer(std::string_view id, std::string_view text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) bad(id, fmt::format("'{}' is no whole number", text));
  return value;
}

template <class Integer>
std::vector<Integer> integers(std::string_view id, std::string_view list) {
  std::vector<Integer> values;
  for (const std::string_view item : split(list, ',')) values.push_back(integer<Integer>(id, item));
  return values;
}

double number(std::string_view id, const Format& format, std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string_view digits = text.substr(negative ? 1 : 0);
  const bool hexadecimal = digits.starts_with("0x");
  if (hexadecimal) digits.remove_prefix(2);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                            hexadecimal ? std::chars_format::hex : std::chars_format::general);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
    bad(id, fmt::format("'{}' is no number", text));
  if (negative) value = -value;
  if (!std::isnan(value) && impls::round_to(format, value) != value)
    bad(id, fmt::format("{} is no number of {}", text, format.name));
  return value;
}

/// The longest row that a CaseId may spell out by repetition.
constexpr std::size_t longest = std::size_t{1} << 26;

std::vector<double> numbers(std::string_view id, const Format& format, std::string_view list) {
  std::vector<double> values;
  if (list.empty()) return values;
  for (const std::string_view item : split(list, ',')) {
    const auto at = item.find('@');
    const std::size_t count = at == std::string_view::npos ? 1 : integer<std::size_t>(id, item.substr(0, at));
    if (count > longest - values.size()) bad(id, "a row that long cannot be spelled out");
    values.insert(values.end(), count, number(id, format, at == std::string_view::npos ? item : item.substr(at + 1)));
  }
  return values;
}

std::string_view value_of(std::string_view id, std::string_view part, std::string_view key) {
  if (!part.starts_with(key) || part.size() <= key.size() || part[key.size()] != '=')
    bad(id, fmt::format("'{}' should be {}=…", part, key));
  return part.substr(key.size() + 1);
}

Case rebuild_spelled_out(std::string_view id, Map map, const Format& format,
                         const std::vector<std::string_view>& parts) {
  impls::Row row;
  row.x = numbers(id, format, value_of(id, parts[2], "row"));
  for (std::size_t i = 3; i < parts.size(); ++i) {
    if (parts[i].starts_with("temperature=")) {
      row.temperature = number(id, impls::f64, value_of(id, parts[i], "temperature"));
    } else if (parts[i].starts_with("target=")) {
      row.target = integers<std::int64_t>(id, value_of(id, parts[i], "target"));
    } else if (parts[i].starts_with("tree=")) {
      row.tree = integers<std::int32_t>(id, value_of(id, parts[i], "tree"));
    } else {
      row.operand = numbers(id, format, value_of(id, parts[i], "operand"));
    }
  }
  const std::string_view wrong = fault(map, row);
  if (!wrong.empty()) bad(id, wrong);
  return spelled_out(map, format, std::move(row));
}

const Pack* find_pack(std::string_view family) {
  const auto it = std::ranges::find(packs(), family, &Pack::name);
  return it == packs().end() ? nullptr : &*it;
}

/// Rounded to the format. The most negative mask of a wide format is one in a narrow format too, and stands for -inf
/// where that is none.
double fitted(const Format& format, double x) {
  if (x == -INFINITY) return impls::mask(format);
  const double largest = impls::largest_finite(format);
  return impls::round_to(format, std::clamp(x, -largest, largest));
}

std::string known_families() {
  std::string names;
  for (const Family& family : families()) names += (names.empty() ? "" : ", ") + family.name;
  return names;
}

}  // namespace

std::string id(const Case& c) {
  const std::string_view map = traits(c.map).name;
  if (!c.family.empty())
    return fmt::format("{}:{}:{}:n={}:seed={}:index={}", map, c.format.name, c.family, impls::length(c.map, c.row),
                       c.seed, c.index);
  std::string text = fmt::format("{}:{}:row={}", map, c.format.name, hex_list(c.row.x));
  if (c.row.temperature != 1) text += ":temperature=" + hex(c.row.temperature);
  if (!c.row.operand.empty()) text += ":operand=" + hex_list(c.row.operand);
  if (!c.row.target.empty()) text += fmt::format(":target={}", fmt::join(c.row.target, ","));
  if (!c.row.tree.empty()) text += fmt::format(":tree={}", fmt::join(c.row.tree, ","));
  return text;
}

Case rebuild(std::string_view id) {
  const auto parts = split(id, ':');
  if (parts.size() < 3) bad(id, "a case is MAP:FORMAT:FAMILY:n=N:seed=S:index=I or MAP:FORMAT:row=NUMBER,…");
  const auto* map = impls::find_map(parts[0]);
  if (!map) bad(id, fmt::format("'{}' is no map ('list maps' has them)", parts[0]));
  const Format* format = impls::find_format(parts[1]);
  if (!format) bad(id, fmt::format("'{}' is no format ('list formats' has them)", parts[1]));
  if (parts[2].starts_with("row=")) return rebuild_spelled_out(id, map->map, *format, parts);
  if (parts.size() != 6) bad(id, "a drawn case is MAP:FORMAT:FAMILY:n=N:seed=S:index=I");
  return draw(map->map, *format, parts[2], integer<std::size_t>(id, value_of(id, parts[3], "n")),
              integer<std::uint64_t>(id, value_of(id, parts[4], "seed")),
              integer<std::uint64_t>(id, value_of(id, parts[5], "index")));
}

Case spelled_out(Map map, const Format& format, impls::Row row) {
  Case c;
  c.map = map;
  c.format = format;
  c.row = std::move(row);
  return c;
}

Case draw(Map map, const Format& format, std::string_view family, std::size_t n, std::uint64_t seed,
          std::uint64_t index) {
  Case c{map, format, std::string(family), seed, index, {}};
  const Stream stream(family, format, n, seed, index);
  const std::size_t entries = traits(map).takes_tree ? n - 1 : n;
  if (const Pack* pack = find_pack(family)) {
    if (n != pack->logits.row_length())
      throw BadCase(fmt::format("{} has rows of n={}, not {}", family, pack->logits.row_length(), n));
    if (index >= pack->logits.rows())
      throw BadCase(fmt::format("{} has {} rows, index {} is beyond them", family, pack->logits.rows(), index));
    c.row.x = pack->logits.row(index);
    c.row.x.resize(entries);
  } else {
    const auto it = std::ranges::find(synthetic_families(), family, &Synthetic::name);
    if (it == synthetic_families().end())
      throw BadCase(fmt::format("'{}' is no family; there are {}", family, known_families()));
    if (n == 0 || n > longest) throw BadCase(fmt::format("n={}: a row has 1 to {} entries", n, longest));
    c.row.x.resize(entries);
    if (entries > 0) it->fill(stream, format, c.row.x);
  }
  for (double& x : c.row.x) x = fitted(format, x);
  draw_companions(map, format, family, stream, c.row);
  return c;
}

const std::vector<Family>& families() {
  static const std::vector<Family> all = [] {
    std::vector<Family> made;
    for (const Synthetic& family : synthetic_families())
      made.push_back({std::string(family.name), std::string(family.brings_out), 0, 0, family.grows});
    for (const Pack& pack : packs())
      made.push_back(
          {pack.name, "logits of a real model (bench/logits/README.md)", pack.logits.row_length(), pack.logits.rows()});
    return made;
  }();
  return all;
}

}  // namespace audit::reference
