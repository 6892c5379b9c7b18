#include "properties/lengths.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <set>

#include "reference/oracle.hpp"

namespace audit::properties {
namespace {

using impls::Map;

/// Of the odd widths every fifth is judged where that is slow: those are of every odd remainder modulo 64; of those
/// between the dense ones and them, and of those beyond, every fifth, too.
constexpr std::size_t first_odd = 513, last_odd = 1021, apart = 10, apart_below = 35, first_beyond = 1031,
                      apart_beyond = 595;
/// Of the others there whole blocks, and what lies beside powers of two.
constexpr std::size_t whole = 64, last_whole = 1024;

/// first, first + step, …, up to last.
struct Stretch {
  std::size_t first, last, step;
};

/// Whole vectors of 16 lanes, of which some are whole blocks of 3, 5 or 7 of them; then lengths of every remainder by a
/// power of two, by 3 and by 5.
constexpr std::array between{Stretch{dense + 14, 1024, 16}, Stretch{1024, 4096, 256}, Stretch{dense + 1, 512, 7},
                             Stretch{514, 1022, 22}, Stretch{1031, 4096, 119}};

/// Where the last class is beyond an index of 16 bits with a sign, of maps that are slow to certify.
constexpr std::size_t of_a_late_target = 32995;

bool beside_a_power(std::size_t n) {
  return std::has_single_bit(n - 1) || std::has_single_bit(n) || std::has_single_bit(n + 1);
}

}  // namespace

Width width(Map map, std::size_t n) {
  const std::size_t few = impls::traits(map).takes_target ? 3 : 2, count = n <= all_characters ? characters : few;
  Width made{n, {}};
  for (std::size_t i = 0; i < count; ++i) made.rows.push_back(static_cast<Character>((n * count + i) % characters));
  if (n <= all_judged) return made;
  made.rows.back() = Character::top_last;
  if (count > 2) made.rows[count - 2] = Character::spread;
  return made;
}

std::vector<std::size_t> lengths(Map map) {
  const bool fast = reference::certified_fast(map);
  std::set<std::size_t> all;
  const auto add = [&](const Stretch& s) {
    for (std::size_t n = s.first; n <= s.last; n += s.step) all.insert(n);
  };
  add({1, dense, 1});
  add({first_odd, last_odd, 2});
  std::ranges::for_each(between, add);
  for (const std::size_t power : {256, 512, 1024, 2048, 4096}) add({power - 1, power + 1, 1});
  for (const std::size_t power : {8192, 16384, 32768, 65536})
    if (fast) add({power, power + 1, 1});
  for (const std::size_t n : {4098, 4100, 4102, 5003, 12007, 30522, 40013, 50257, 100003})
    if (fast) add({n, n, 1});
  if (!fast && impls::traits(map).takes_target) add({of_a_late_target, of_a_late_target, 1});
  return {all.begin(), all.end()};
}

std::size_t judged_of(Map map, const Width& width) {
  const bool quick = reference::certified_fast(map);
  const std::size_t n = width.n;
  if (n <= (quick ? all_judged : dense) || (quick && impls::traits(map).takes_target)) return width.rows.size();
  const bool odd = first_odd <= n && n <= last_odd && (n - first_odd) % apart == 0;
  const bool below = n < first_odd && (n - dense - 1) % apart_below == 0;
  const bool beyond = n >= first_beyond && (n - first_beyond) % apart_beyond == 0;
  if (n == of_a_late_target) return 2;
  return quick || odd || below || beyond || (n % whole == 0 && n <= last_whole) || beside_a_power(n) ? 1 : 0;
}

double temperature_of(Map map, std::size_t n) {
  constexpr std::array in_turn{1.0F, 1.7F, 0.7F, 300.0F, 0.0003F};  // not numbers of the narrow formats
  if (!impls::traits(map).takes_temperature || n <= all_characters) return 1;
  return n <= last_whole ? in_turn[n % 3] : in_turn[n / 2 % in_turn.size()];
}

}  // namespace audit::properties
