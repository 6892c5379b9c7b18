// The shifted softmax on vectors of 16 bytes, with SLEEF's exp: what a vectorised libm makes of it.
//
// Source: Shibata & Petrogalli, "SLEEF: A portable vectorized library of C standard mathematical functions", IEEE
// Transactions on Parallel and Distributed Systems 31 (2020); the algorithm is that of stable.cpp.
// Algorithm: three passes: a = max x; e_j = exp((x_j - a)/τ) in vectors, filled up with masks, and their sum in as many
// lanes; e_j / sum. The library chooses the instructions at run time.
// Bound: bounds.md, "Shifted softmax": SLEEF documents the same 1 ulp for its exp as the GNU C Library does.
#include <sleef.h>

#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

using Floats = float __attribute__((vector_size(16)));
using Doubles = double __attribute__((vector_size(16)));

Floats vector_exp(Floats v) { return Sleef_expf4_u10(v); }
Doubles vector_exp(Doubles v) { return Sleef_expd2_u10(v); }

template <class T>
struct ThreePasses {
  using Vector = std::conditional_t<std::is_same_v<T, float>, Floats, Doubles>;
  std::vector<Vector> e;  ///< the row, filled up with masks

  void operator()(const RowView<T>& row) {
    constexpr std::size_t lanes = sizeof(Vector) / sizeof(T);
    constexpr T masked = -std::numeric_limits<T>::infinity();
    const T a = row.x[argmax(row.x, row.n)];
    e.assign((row.n + lanes - 1) / lanes, Vector{} + masked);
    for (std::size_t j = 0; j < row.n; ++j) e[j / lanes][j % lanes] = row.x[j];
    Vector sums{};
    for (Vector& v : e) sums += v = vector_exp((v - a) / row.temperature);
    T sum = 0;
    for (std::size_t k = 0; k < lanes; ++k) sum += sums[k];
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = e[j / lanes][j % lanes] / sum;
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative n + 4 + t_j + Ḡ (τ ≠ 1: t_j and Ḡ twice), and 1.5 subnormals",
      .source = "impls/bounds.md, Shifted softmax; SLEEF's documented 1.0 ULP for exp",
      .domain = bounded_spread(),
      .bounds = shifted_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = {f64, f32},
      .source = "Shibata & Petrogalli 2020",
      .version = std::to_string(SLEEF_VERSION_MAJOR) + '.' + std::to_string(SLEEF_VERSION_MINOR) + '.' +
                 std::to_string(SLEEF_VERSION_PATCHLEVEL),
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, ThreePasses>(format); },
      .claim = claim,
  };
}

}  // namespace audit::impls
