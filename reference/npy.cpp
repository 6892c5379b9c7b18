#include "reference/npy.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

namespace audit::reference {
namespace {

constexpr std::string_view floats = "float64, float32 or float16", integers = "int64 or int32";

/// A file as it is read: whose it is, and what is asked of it.
struct File {
  std::string_view bytes;
  std::string_view name;
  std::string_view wanted;
};

[[noreturn]] void fail(const File& file, std::string_view what) {
  throw BadNpy(fmt::format("{}: {}; save it with numpy.save as a C-ordered {} array", file.name, what, file.wanted));
}

std::size_t little_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// The text after `'key':` in the header, a Python dictionary of literals.
std::string_view value_of(const File& file, std::string_view header, std::string_view key) {
  const auto at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) fail(file, fmt::format("its header has no {}", key));
  header.remove_prefix(at + key.size() + 3);
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

std::vector<std::size_t> parse_shape(const File& file, std::string_view text) {
  const auto close = text.find(')');
  if (!text.starts_with('(') || close == std::string_view::npos) fail(file, "its header has no shape");
  std::vector<std::size_t> shape;
  for (const char *at = text.data() + 1, *end = text.data() + close; at != end;) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    std::size_t extent = 0;
    const auto [next, error] = std::from_chars(at, end, extent);
    if (error != std::errc()) fail(file, "its shape is malformed");
    shape.push_back(extent);
    at = next;
  }
  return shape;
}

/// A header read: the type of the numbers as NumPy spells it, and how many there are.
struct Contents {
  std::string_view type;
  std::vector<std::size_t> shape;
  std::size_t size = 1;
  std::string_view data;
};

Contents parse(const File& file) {
  const std::string_view bytes = file.bytes;
  if (!bytes.starts_with("\x93NUMPY") || bytes.size() < 10) fail(file, "not a .npy file");
  const std::size_t length_bytes = bytes[6] == 1 ? 2 : 4;
  if (bytes.size() < 8 + length_bytes) fail(file, "the file ends inside its header");
  const std::size_t data_at = 8 + length_bytes + little_endian(bytes.substr(8, length_bytes));
  if (bytes.size() < data_at) fail(file, "the file ends inside its header");
  const std::string_view header = bytes.substr(0, data_at).substr(8 + length_bytes);

  Contents contents;
  contents.type = value_of(file, header, "descr").substr(0, 5);
  if (!value_of(file, header, "fortran_order").starts_with("False")) fail(file, "it is in Fortran order");
  contents.shape = parse_shape(file, value_of(file, header, "shape"));
  contents.data = bytes.substr(data_at);
  for (const std::size_t extent : contents.shape) {
    if (extent != 0 && contents.size > std::numeric_limits<std::size_t>::max() / 16 / extent)
      fail(file, "its shape is too large");
    contents.size *= extent;
  }
  return contents;
}

void expect_bytes(const File& file, const Contents& contents, std::size_t each) {
  if (contents.data.size() != contents.size * each)
    fail(file,
         fmt::format("its shape needs {} bytes of numbers, it has {}", contents.size * each, contents.data.size()));
}

std::optional<impls::Format> format_of(std::string_view type) {
  if (type == "'<f8'") return impls::f64;
  if (type == "'<f4'") return impls::f32;
  if (type == "'<f2'") return impls::f16;
  return std::nullopt;
}

std::string contents_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (!file.good() && bytes.empty()) throw BadNpy(path + ": cannot be read, or is empty; give the path of a .npy file");
  return bytes;
}

}  // namespace

Array parse_npy(std::string_view bytes, std::string_view name) {
  const File file{bytes, name, floats};
  const Contents contents = parse(file);
  const auto format = format_of(contents.type);
  if (!format) fail(file, fmt::format("its numbers are {}", contents.type));
  expect_bytes(file, contents, format->bytes);
  Array array{*format, contents.shape, std::vector<double>(contents.size)};
  for (std::size_t i = 0; i < contents.size; ++i)
    array.values[i] = impls::decode(*format, impls::load_bits(*format, contents.data.data(), i));
  return array;
}

Array read_npy(const std::string& path) { return parse_npy(contents_of(path), path); }

Integers parse_npy_integers(std::string_view bytes, std::string_view name) {
  const File file{bytes, name, integers};
  const Contents contents = parse(file);
  const std::size_t each = contents.type == "'<i8'" ? 8 : contents.type == "'<i4'" ? 4 : 0;
  if (each == 0) fail(file, fmt::format("its numbers are {}", contents.type));
  expect_bytes(file, contents, each);
  Integers array{contents.shape, {}};
  for (std::size_t i = 0; i < contents.size; ++i) {
    const auto number = static_cast<std::int64_t>(little_endian(contents.data.substr(i * each, each)));
    array.values.push_back(each == 8 ? number : static_cast<std::int32_t>(number));
  }
  return array;
}

Integers read_npy_integers(const std::string& path) { return parse_npy_integers(contents_of(path), path); }

}  // namespace audit::reference
