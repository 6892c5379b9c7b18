#pragma once

#include <cstdint>
#include <string_view>

namespace audit::properties {

/// FNV-1a, 64 bits (Fowler, Noll, Vo): the same on every platform, which std::hash is not.
inline constexpr std::uint64_t fnv1a_start = 0xcbf29ce484222325U;

constexpr std::uint64_t fnv1a(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  return hash;
}

constexpr std::uint64_t fnv1a(std::uint64_t hash, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) hash = (hash ^ ((number >> shift) & 0xff)) * 0x100000001b3U;
  return hash;
}

}  // namespace audit::properties
