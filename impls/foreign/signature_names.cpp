// The words of a signature: types and names.

#include "impls/foreign/signature_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>
#include <vector>

namespace audit::impls::foreign {
namespace {

using Kind = Type::Kind;

constexpr std::array inputs{"x", "in", "input", "src", "logits"};
constexpr std::array results{"y", "out", "output", "dst", "result"};
constexpr std::array rows{"rows", "outer", "batch"};
constexpr std::array lengths{"n", "cols", "columns", "len", "length", "dim", "size", "width", "classes", "vocab"};
constexpr std::array temperatures{"temperature", "temp", "tau"};

bool is_among(const auto& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return made;
}

std::vector<std::string> split(std::string_view name) {
  std::vector<std::string> words{""};
  for (const char c : name) c == '_' ? void(words.emplace_back()) : words.back().push_back(c);
  return words;
}

/// n_rows, num_rows, rows_size are rows; n_ alone is n.
std::string without_counting_words(std::string_view name) {
  for (const std::string_view front : {"n_", "num_"})
    if (name.starts_with(front)) name.remove_prefix(front.size());
  if (name.ends_with("_size")) name.remove_suffix(5);
  return std::string(name);
}

enum class Side { x, y, both };

Meaning stride_of(Side side, bool of_rows) {
  if (of_rows)
    return side == Side::x ? Meaning::x_row_stride : side == Side::y ? Meaning::y_row_stride : Meaning::row_stride;
  return side == Side::x ? Meaning::x_stride : side == Side::y ? Meaning::y_stride : Meaning::stride;
}

/// As in BLAS: ldx, incy.
std::optional<Meaning> leading_or_increment(std::string_view name) {
  for (const auto& [word, of_rows] : {std::pair{std::string_view("ld"), true}, {std::string_view("inc"), false}}) {
    if (!name.starts_with(word)) continue;
    const std::string_view rest = name.substr(word.size());
    if (rest.empty()) return stride_of(Side::both, of_rows);
    if (rest == "x") return stride_of(Side::x, of_rows);
    if (rest == "y") return stride_of(Side::y, of_rows);
  }
  return std::nullopt;
}

/// Words of which one is "stride", others say whose and from where.
std::optional<Meaning> stride_in_words(std::string_view name, bool with_rows) {
  const auto words = split(name);
  if (!is_among(words, "stride")) return std::nullopt;
  Side side = Side::both;
  bool of_rows = with_rows;
  for (const std::string& word : words) {
    if (word == "stride") continue;
    if (is_among(inputs, word))
      side = Side::x;
    else if (is_among(results, word))
      side = Side::y;
    else if (word == "row" || word == "element")
      of_rows = word == "row";
    else
      return std::nullopt;
  }
  return stride_of(side, of_rows);
}

}  // namespace

const Format* element_format(std::string_view type) {
  constexpr std::array names{std::pair{"double", "f64"}, std::pair{"float", "f32"}, std::pair{"_Float16", "f16"},
                             std::pair{"__bf16", "bf16"}};
  for (const auto& [c, own] : names)
    if (type == c || type == own) return find_format(own);
  return nullptr;
}

std::optional<Type> scalar_type(std::string_view type) {
  struct Spelled {
    std::string_view name;
    Type type;
  };
  constexpr Type i32{Kind::signed_integer, 4}, u32{Kind::unsigned_integer, 4};
  constexpr Type of_long{Kind::signed_integer, sizeof(long)}, of_unsigned_long{Kind::unsigned_integer, sizeof(long)};
  constexpr Type i64{Kind::signed_integer, 8}, u64{Kind::unsigned_integer, 8};
  constexpr Type of_size{Kind::unsigned_integer, sizeof(std::size_t)},
      of_difference{Kind::signed_integer, sizeof(std::ptrdiff_t)};
  constexpr std::array spelled{
      Spelled{"int", i32},
      Spelled{"int32_t", i32},
      Spelled{"unsigned", u32},
      Spelled{"unsigned int", u32},
      Spelled{"uint32_t", u32},
      Spelled{"long", of_long},
      Spelled{"unsigned long", of_unsigned_long},
      Spelled{"long long", i64},
      Spelled{"int64_t", i64},
      Spelled{"unsigned long long", u64},
      Spelled{"uint64_t", u64},
      Spelled{"size_t", of_size},
      Spelled{"ssize_t", of_difference},
      Spelled{"ptrdiff_t", of_difference},
      Spelled{"float", {Kind::real, 4}},
      Spelled{"f32", {Kind::real, 4}},
      Spelled{"double", {Kind::real, 8}},
      Spelled{"f64", {Kind::real, 8}},
  };
  const auto* found = std::ranges::find(spelled, type, &Spelled::name);
  return found == spelled.end() ? std::nullopt : std::optional(found->type);
}

std::optional<Meaning> meaning_of(std::string_view name_as_written, bool with_rows) {
  const std::string name = lower(name_as_written), counted = without_counting_words(name);
  if (is_among(rows, counted)) return Meaning::outer;
  if (is_among(lengths, counted)) return Meaning::n;
  if (counted == "inner") return Meaning::inner;
  if (name == "axis") return Meaning::axis;
  if (is_among(temperatures, name)) return Meaning::temperature;
  if (const auto found = leading_or_increment(name)) return found;
  return stride_in_words(name, with_rows);
}

bool names_an_input(std::string_view name) { return is_among(inputs, lower(name)); }
bool names_a_result(std::string_view name) { return is_among(results, lower(name)); }

std::string_view in_words(Meaning meaning) {
  switch (meaning) {
    case Meaning::x:
      return "the input";
    case Meaning::y:
      return "the result";
    case Meaning::outer:
      return "the number of rows";
    case Meaning::n:
      return "the length of a row";
    case Meaning::inner:
      return "the number of interleaved rows";
    case Meaning::x_row_stride:
      return "the stride of the rows of x";
    case Meaning::y_row_stride:
      return "the stride of the rows of y";
    case Meaning::row_stride:
      return "the stride of rows";
    case Meaning::x_stride:
      return "the stride of the entries of x";
    case Meaning::y_stride:
      return "the stride of the entries of y";
    case Meaning::stride:
      return "the stride of entries";
    case Meaning::axis:
      return "the axis";
    case Meaning::temperature:
      return "the temperature";
  }
  return "";
}

}  // namespace audit::impls::foreign
