#include "properties/generators.hpp"

#include <rapidcheck/seq/Transform.h>
#include <rapidcheck/shrinkable/Create.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "properties/companions.hpp"
#include "properties/draws.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;
using Logits = std::vector<double>;

/// What a filler knows: the format, the length, and how far below the maximum, in logits at this temperature, results
/// go subnormal.
struct Scene {
  const Format& format;
  std::size_t n;
  double depth;
};

double subnormal_width(const Scene& scene) { return scene.depth * (scene.format.precision - 1) / -scene.format.emin; }

/// Each entry in a binade of its own, in a window of binades.
void fill_binades(Draws& draw, const Scene& scene, Logits& x) {
  const int low = draw.between(-scene.format.precision - 4, 6), width = draw.between(0, 12);
  for (double& v : x) v = draw.full(std::clamp(low + draw.between(0, width), scene.format.emin, 7));
}

/// Uniform on ±S, S from nearly nothing to past the depth of underflow.
void fill_spread(Draws& draw, const Scene& scene, Logits& x) {
  const double spread = scene.depth * std::ldexp(1.3, -draw.between(0, 10));
  for (double& v : x) v = spread * draw.sign() * draw.unit();
}

/// A few distinct values, each with its neighbours up to three ulps away.
void fill_near_ties(Draws& draw, const Scene& scene, Logits& x) {
  Logits values(1 + draw.below(3));
  fill_spread(draw, scene, values);
  const int reach = draw.between(0, 3);
  for (double& v : x) {
    v = draw.round(values[draw.below(values.size())]);
    const int steps = draw.between(-reach, reach);
    for (int i = 0; i < std::abs(steps); ++i)
      v = steps > 0 ? impls::next_up(scene.format, v) : impls::next_down(scene.format, v);
  }
}

/// One maximum anywhere, everything else where results are subnormal or nearly.
void fill_deep_tail(Draws& draw, const Scene& scene, Logits& x) {
  for (double& v : x) v = -scene.depth * 0.97 - (subnormal_width(scene) + 0.06 * scene.depth) * draw.unit();
  x[draw.below(x.size())] = draw.unit();
}

void fill_outlier(Draws& draw, const Scene& scene, Logits& x) {
  fill_spread(draw, scene, x);
  x[draw.below(x.size())] = draw.full(draw.between(-2, std::min(12, scene.format.emax - 2)));
}

/// Blocks of 4 … 64, each with a magnitude and an offset of its own, or masked.
void fill_blocks(Draws& draw, const Scene& scene, Logits& x) {
  const std::size_t block = std::size_t{4} << draw.below(5);
  double offset = 0, spread = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i % block == 0) {
      offset = draw.one_in(5) ? -INFINITY : 2.5 * scene.depth * draw.sign() * draw.unit();
      spread = std::ldexp(scene.depth, -draw.between(0, 8));
    }
    x[i] = offset + spread * draw.unit();
  }
}

void fill_rising(Draws& draw, const Scene& scene, Logits& x) {
  fill_spread(draw, scene, x);
  std::ranges::sort(x);
}
void fill_falling(Draws& draw, const Scene& scene, Logits& x) {
  fill_rising(draw, scene, x);
  std::ranges::reverse(x);
}

/// ±0, subnormals, the smallest normals.
void fill_trifles(Draws& draw, const Scene& scene, Logits& x) {
  const Format& f = scene.format;
  for (double& v : x) {
    const std::array choices{0.0, draw.full(draw.between(f.emin - f.precision + 1, f.emin)), impls::smallest_normal(f)};
    v = draw.sign() * choices[draw.below(choices.size())];
  }
}

/// A common offset of any exponent and either sign, and a few ulps of it between the entries.
void fill_offset(Draws& draw, const Scene& scene, Logits& x) {
  const double c = draw.full(draw.between(scene.format.emin, scene.format.emax - 2));
  const double ulp = std::ldexp(1.0, impls::ulp_exponent(scene.format, c));
  const int reach = 1 << draw.below(static_cast<std::size_t>(std::min(scene.format.precision, 12)));
  for (double& v : x) v = c + ulp * draw.between(-reach, reach);
}

/// Next to the largest numbers of one sign, where masks that are numbers lie, too.
void fill_extremes(Draws& draw, const Scene& scene, Logits& x) {
  const double largest = impls::largest_finite(scene.format), sign = draw.one_in(4) ? 1 : -1;
  const double ulp = std::ldexp(1.0, impls::ulp_exponent(scene.format, largest));
  const int reach = draw.between(0, 2);
  for (double& v : x) v = sign * (largest - ulp * draw.between(0, reach));
}

void fill_equal(Draws& draw, const Scene& scene, Logits& x) {
  fill_spread(draw, scene, x);
  std::ranges::fill(x, x[0]);
}

/// Small integers times a power of two, which leave room for exact shifts, and such a shift.
void fill_grid(Draws& draw, const Scene& scene, Logits& x) {
  const int p = scene.format.precision, bits = draw.between(1, p / 2);
  const int quantum = draw.between(-p / 2, 4) - std::max(bits - 4, 0);
  const int room = std::min(p - 2, scene.format.emax - 2 - quantum);
  const double shift = draw.one_in(2) ? 0 : draw.sign() * std::floor(std::ldexp(draw.unit(), draw.between(0, room)));
  for (double& v : x) v = std::ldexp(shift + std::floor(draw.sign() * std::ldexp(draw.unit(), bits)), quantum);
}

/// Any finite bit pattern, each as likely.
void fill_patterns(Draws& draw, const Scene& scene, Logits& x) {
  for (double& v : x) {
    do {
      v = impls::decode(scene.format, draw.bits() >> (64 - 8 * scene.format.bytes));
    } while (!std::isfinite(v));
  }
}

constexpr std::array fillers{fill_binades, fill_binades, fill_spread, fill_spread,   fill_near_ties, fill_deep_tail,
                             fill_outlier, fill_blocks,  fill_rising, fill_falling,  fill_trifles,   fill_equal,
                             fill_grid,    fill_grid,    fill_grid,   fill_patterns, fill_offset,    fill_extremes};

std::size_t draw_length(Draws& draw) {
  const std::size_t choice = draw.below(1000);
  if (choice < 500) return 1 + draw.below(17);
  if (choice < 900) return 1 + draw.below(40);
  if (choice < 990) return 1 + draw.below(130);
  return choice < 998 ? 257 : 1000;
}

/// 1, a power of two, or anything between: of size 8 or 1000 at most, now and then of any size whose square is a number
/// of the format.
double draw_temperature(Draws& draw, const Format& format) {
  if (draw.one_in(2)) return 1;
  if (draw.one_in(6)) return std::ldexp(1.0, draw.between(-format.emax / 2, format.emax / 2));
  const int reach = std::min(draw.one_in(2) ? 3 : 10, -format.emin - 1);
  if (draw.one_in(2)) return std::ldexp(1.0, draw.between(-reach, reach));
  return draw.round(std::exp2(reach * (2 * draw.unit() - 1)));
}

void offset(Draws& draw, const Scene& scene, Logits& x) {
  const int most = scene.format.emax - 2;
  const int low = draw.one_in(4) ? scene.format.emin : -4, high = draw.one_in(2) ? most : scene.format.precision;
  const double c = draw.full(draw.between(low, std::min(high, most)));
  for (double& v : x) v += c;
}

/// The maximum at exactly 0, as in a row of log-probabilities, where a logsumexp may be tiny.
void put_top_at_zero(Logits& x) {
  const double top = *std::ranges::max_element(x);
  for (double& v : x) v -= top;
}

/// A few entries, anywhere, that are ±0, subnormal, the smallest normal or the largest number.
void sprinkle(Draws& draw, const Scene& scene, Logits& x) {
  const Format& f = scene.format;
  for (std::size_t more = 1 + draw.below(4); more > 0; --more) {
    const std::array choices{0.0, draw.full(draw.between(f.emin - f.precision + 1, f.emin - 1)),
                             impls::smallest_normal(f), impls::largest_finite(f)};
    x[draw.below(x.size())] = draw.sign() * choices[draw.below(choices.size())];
  }
}

/// Half, the first block or another, all but one, or some; -inf, or the most negative number.
void mask(Draws& draw, const Scene& scene, Logits& x) {
  const double masked = draw.one_in(4) ? -impls::largest_finite(scene.format) : -INFINITY;
  const std::size_t kept = draw.below(x.size()), block = std::size_t{1} << draw.below(7);
  const std::size_t way = draw.below(4), some = 2 + draw.below(8);
  const std::size_t hidden = draw.one_in(2) ? 0 : draw.below(x.size() / block + 1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::array hit{draw.one_in(2), i / block == hidden, true, draw.one_in(some)};
    if (i != kept && hit[way]) x[i] = masked;
  }
}

Logits draw_logits(Draws& draw, const Scene& scene) {
  Logits x(scene.n);
  fillers[draw.below(fillers.size())](draw, scene, x);
  if (draw.one_in(4)) offset(draw, scene, x);
  if (draw.one_in(6) && std::ranges::max(x) > -INFINITY) put_top_at_zero(x);
  if (draw.one_in(8))
    for (double& v : x) v = -std::abs(v);
  if (draw.one_in(12)) sprinkle(draw, scene, x);
  if (draw.one_in(4)) mask(draw, scene, x);
  if (std::ranges::count(x, -INFINITY) == std::ssize(x)) x[draw.below(x.size())] = draw.full(0);
  // Without infinities nothing is -inf, and what overflows, as the logarithm of a softmax may, would be NaN.
  const double largest = impls::largest_finite(scene.format) / (scene.format.infinities ? 1 : 4);
  for (double& v : x)
    if (v != -INFINITY || !scene.format.infinities) v = draw.round(std::clamp(v, -largest, largest));
  return x;
}

/// A point of the simplex, its coordinates multiples of one power of two: a vertex, a few entries, or all of them.
Logits draw_simplex(Draws& draw, const Format& format, std::size_t n) {
  Logits x(n);
  const int bits = draw.between(0, format.precision - 1);
  auto left = std::size_t{1} << bits;
  for (std::size_t more = draw.below(std::min(x.size(), left) + 1); more > 0 && left > 1; --more) {
    const std::size_t share = 1 + draw.below(left - 1);
    x[draw.below(x.size())] += std::ldexp(static_cast<double>(share), -bits);
    left -= share;
  }
  x[draw.below(x.size())] += std::ldexp(static_cast<double>(left), -bits);
  return x;
}

/// Of which points of the simplex are rows that ordinary ones say nothing of: few entries of a small mass.
bool simplicial(Map map) { return map == Map::sparsemax || map == Map::sparsemax_vjp; }

/// Masked scores of a tree, some of them the other way: such a leaf has all of its node's mass.
void turn_some(Draws& draw, Logits& x) {
  for (double& v : x)
    if (v == -INFINITY && draw.one_in(2)) v = INFINITY;
}

/// Whether scores, or their differences, come near overflow, so that an honest kernel may divide by the temperature
/// first or last, or add the noise.
bool near_overflow(const Format& format, const Row& row) {
  const double limit = impls::largest_finite(format) / 4 * std::min(row.temperature, 1.0);
  return std::ranges::any_of(row.x, [&](double v) { return std::isfinite(v) && std::abs(v) > limit; });
}

/// Of either sign: what 0 / 0 gives has one on x86.
double draw_nan(Draws& draw) { return std::copysign(std::numeric_limits<double>::quiet_NaN(), draw.sign()); }

void put_special(Draws& draw, const Format& format, Logits& x) {
  if (!format.infinities) {
    x[draw.below(x.size())] = draw_nan(draw);
    return;
  }
  const std::size_t way = draw.below(4);
  if (way == 0) {
    std::ranges::fill(x, -INFINITY);
    return;
  }
  const double nan = draw_nan(draw);
  const double first = way == 1 ? nan : INFINITY, second = way == 2 ? INFINITY : nan;
  for (std::size_t more = draw.one_in(2) ? 1 + draw.below(x.size()) : 0; more > 0; --more)
    x[draw.below(x.size())] = draw.one_in(3) ? first : draw.one_in(3) ? second : -INFINITY;
  x[draw.below(x.size())] = first;
}

}  // namespace

Row draw_row(rc::Random random, Map map, const Format& format, bool special) {
  Draws draw(random, format);
  const impls::MapTraits& traits = impls::traits(map);
  Row row;
  if (traits.takes_temperature) row.temperature = draw_temperature(draw, format);
  const std::size_t n = special && draw.one_in(3) ? 33 + draw.below(64) : draw_length(draw);
  const Scene scene{format, n, -format.emin * std::numbers::ln2 * row.temperature};
  row.x = simplicial(map) && draw.one_in(8) ? draw_simplex(draw, format, n) : draw_logits(draw, scene);
  if (traits.takes_tree) turn_some(draw, row.x);
  if (near_overflow(format, row)) row.temperature = 1;
  draw_companions(draw, map, format, row);
  if (special && traits.takes_tree) {
    row.x[draw.below(row.x.size())] = draw_nan(draw);
  } else if (special) {
    put_special(draw, format, row.x);
  }
  return row;
}

rc::Gen<Row> rows(Map map, const Format& format, bool special) {
  return [=](const rc::Random& random, int) {
    const auto of_the_format = [=](const Row& row) {
      return format.infinities || std::ranges::none_of(row.x, [](double v) { return std::isinf(v); });
    };
    const auto proper = [=](const Row& row) {
      const bool mild = row.temperature == 1 || !near_overflow(format, row);
      return mild && of_the_format(row) && (special || consistent(map, row));
    };
    const auto shrink = [=](const Row& row) { return rc::seq::filter(simpler(row), proper); };
    return rc::shrinkable::shrinkRecur(draw_row(random, map, format, special), shrink);
  };
}

}  // namespace audit::properties
