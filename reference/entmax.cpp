#include "reference/entmax.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace audit::reference {
namespace {

using Integer = EntmaxSupport::Integer;

/// The exponent of the last bit of a finite number; of 0 none is needed.
int last_bit(double v) {
  if (v == 0) return 0;
  int exponent = 0;
  auto significand = static_cast<long long>(std::ldexp(std::frexp(v, &exponent), 53));
  exponent -= 53;
  for (; significand % 2 == 0; significand /= 2) ++exponent;
  return exponent;
}

/// v · 2^scale, an integer.
Integer scaled(double v, int scale) {
  int exponent = 0;
  const Integer significand = static_cast<long long>(std::ldexp(std::frexp(v, &exponent), 53));
  const int shift = exponent - 53 + scale;
  return shift >= 0 ? Integer(significand << shift) : Integer(significand >> -shift);
}

}  // namespace

EntmaxSupport entmax15_support(const std::vector<double>& x) {
  const double top = *std::ranges::max_element(x);
  const double least = std::nextafter(top - 2, -INFINITY);  // an entry further below has a square of 4 above it
  std::vector<double> candidates;
  std::ranges::copy_if(x, std::back_inserter(candidates), [&](double v) { return v >= least && v != -INFINITY; });
  std::ranges::sort(candidates, std::greater());
  int scale = 0;
  for (const double v : candidates) scale = std::max(scale, -last_bit(v));

  const Integer maximum = scaled(top, scale), four = Integer(4) << 2 * scale;
  Integer sum = 0, squares = 0;
  unsigned long k = 0;
  for (const double v : candidates) {
    const Integer X = scaled(v, scale) - maximum;
    if (squares - 2 * sum * X + k * X * X >= four) break;
    sum += X;
    squares += X * X;
    ++k;
  }
  EntmaxSupport found{std::vector<std::optional<Integer>>(x.size()), k * (four - squares) + sum * sum,
                      (Integer(k) << (scale + 1))};
  const double smallest = candidates[k - 1];
  for (std::size_t j = 0; j < x.size(); ++j)
    if (x[j] >= smallest) found.at[j] = k * (scaled(x[j], scale) - maximum) - sum;
  return found;
}

}  // namespace audit::reference
