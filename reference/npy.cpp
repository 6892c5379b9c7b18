#include "reference/npy.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

namespace audit::reference {
namespace {

[[noreturn]] void fail(std::string_view name, std::string_view what) {
  throw BadNpy(
      fmt::format("{}: {}; save it with numpy.save as a C-ordered float64, float32 or float16 array", name, what));
}

std::size_t little_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// The text after `'key':` in the header, a Python dictionary of literals.
std::string_view value_of(std::string_view header, std::string_view key, std::string_view name) {
  const auto at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) fail(name, fmt::format("its header has no {}", key));
  header.remove_prefix(at + key.size() + 3);
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

std::vector<std::size_t> parse_shape(std::string_view text, std::string_view name) {
  const auto close = text.find(')');
  if (!text.starts_with('(') || close == std::string_view::npos) fail(name, "its header has no shape");
  std::vector<std::size_t> shape;
  for (const char *at = text.data() + 1, *end = text.data() + close; at != end;) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    std::size_t extent = 0;
    const auto [next, error] = std::from_chars(at, end, extent);
    if (error != std::errc()) fail(name, "its shape is malformed");
    shape.push_back(extent);
    at = next;
  }
  return shape;
}

std::optional<impls::Format> format_of(std::string_view descr) {
  if (descr.starts_with("'<f8'")) return impls::f64;
  if (descr.starts_with("'<f4'")) return impls::f32;
  if (descr.starts_with("'<f2'")) return impls::f16;
  return std::nullopt;
}

}  // namespace

Array parse_npy(std::string_view bytes, std::string_view name) {
  if (!bytes.starts_with("\x93NUMPY") || bytes.size() < 10) fail(name, "not a .npy file");
  const std::size_t length_bytes = bytes[6] == 1 ? 2 : 4;
  if (bytes.size() < 8 + length_bytes) fail(name, "the file ends inside its header");
  const std::size_t header_length = little_endian(bytes.substr(8, length_bytes));
  const std::size_t data_at = 8 + length_bytes + header_length;
  if (bytes.size() < data_at) fail(name, "the file ends inside its header");
  const std::string_view header = bytes.substr(8 + length_bytes, header_length);

  Array array;
  const auto format = format_of(value_of(header, "descr", name));
  if (!format) fail(name, fmt::format("its numbers are {:.6}", value_of(header, "descr", name)));
  array.format = *format;
  if (!value_of(header, "fortran_order", name).starts_with("False")) fail(name, "it is in Fortran order");
  array.shape = parse_shape(value_of(header, "shape", name), name);

  std::size_t size = 1;
  for (const std::size_t extent : array.shape) {
    if (extent != 0 && size > std::numeric_limits<std::size_t>::max() / 16 / extent)
      fail(name, "its shape is too large");
    size *= extent;
  }
  const std::string_view data = bytes.substr(data_at);
  if (data.size() != size * array.format.bytes)
    fail(name, fmt::format("its shape needs {} bytes of numbers, it has {}", size * array.format.bytes, data.size()));
  array.values.resize(size);
  for (std::size_t i = 0; i < size; ++i)
    array.values[i] = impls::decode(array.format, impls::load_bits(array.format, data.data(), i));
  return array;
}

Array read_npy(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (!file.good() && bytes.empty()) throw BadNpy(path + ": cannot be read, or is empty; give the path of a .npy file");
  return parse_npy(bytes, path);
}

}  // namespace audit::reference
