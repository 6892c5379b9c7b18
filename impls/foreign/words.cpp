#include "impls/foreign/words.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "impls/foreign/process.hpp"

namespace audit::impls::foreign {
namespace {

constexpr std::array<std::string_view, arrays> names{"x", "operand", "target", "tree", "y"};

std::size_t bytes_of_element(Array array, std::size_t element_bytes) {
  if (array == Array::target) return sizeof(std::int64_t);
  if (array == Array::tree) return sizeof(std::int32_t);
  return element_bytes;
}

/// Where an address lies in the array of a region, in elements: before its first one below 0.
struct Place {
  Array array;
  std::int64_t element;
  std::int64_t count;
};

/// So many bytes from the start of an array.
Place place_at(const Control& control, Array array, std::int64_t distance, std::size_t element_bytes) {
  const auto size = static_cast<std::int64_t>(bytes_of_element(array, element_bytes));
  const std::int64_t element = distance >= 0 ? distance / size : -((-distance + size - 1) / size);
  const Region& region = control.at_hand().regions[static_cast<std::size_t>(array)];
  return {array, element, static_cast<std::int64_t>(region.bytes) / size};
}

std::optional<Place> place_of(const Control& control, std::size_t element_bytes) {
  for (std::size_t i = 0; i < arrays; ++i) {
    const Region& region = control.at_hand().regions[i];
    if (!region.present || control.address < region.base - guard ||
        control.address >= region.base + region.capacity + guard)
      continue;
    const auto distance = static_cast<std::int64_t>(control.address - (region.base + region.first));
    return place_at(control, static_cast<Array>(i), distance, element_bytes);
  }
  return std::nullopt;
}

std::string counted(std::int64_t elements) { return elements == 1 ? "one" : fmt::format("{}", elements); }

std::string_view verb(Access access) {
  if (access == Access::write) return "wrote";
  return access == Access::read ? "read" : "touched";
}

Accident trespass(const Place& place, Access access) {
  const std::string_view name = names[static_cast<std::size_t>(place.array)];
  const auto [array, element, count] = place;
  std::string what;
  if (element >= 0 && element < count)
    what = fmt::format("changed its input {}[{}]", name, element);
  else if (element < 0)
    what = fmt::format("{} element {} of {}, {} before the start", verb(access), element, name, counted(-element));
  else
    what =
        fmt::format("{} element {} of {}, {} past the end", verb(access), element, name, counted(element - count + 1));
  const bool has_number = array == Array::y && element >= 0;
  return {Accident::Kind::trespassed, what,
          has_number ? std::optional(static_cast<std::size_t>(element)) : std::nullopt};
}

}  // namespace

Accident last_words(const Control& control, std::size_t element_bytes) {
  const auto access = static_cast<Access>(control.access);
  const auto place = place_of(control, element_bytes);
  if (place) return trespass(*place, access);
  std::string what = signal_name(control.signal);
  if (control.address != 0 || access != Access::unknown)
    what += fmt::format(": {} address {:#x}", verb(access), control.address);
  return {Accident::Kind::crashed, what};
}

Accident wrote_beside_y(const Control& control, std::int64_t bytes, std::size_t element_bytes) {
  return trespass(place_at(control, Array::y, bytes, element_bytes), Access::write);
}

}  // namespace audit::impls::foreign
