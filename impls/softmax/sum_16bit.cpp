// What not to do: the shifted softmax in 16 bits with its sum in 16 bits, too. An f16 sum of equal terms stops at 2048,
// a bf16 sum at 256.
//
// Source: Higham & Mary, "A new approach to probabilistic rounding error analysis", SIAM J. Sci. Comput. 41 (2019),
// section 1, on such sums.
// Algorithm: as stable, every exponential and every addition rounded to the format.
// Bound: bounds.md, "A sum in 16 bits": (n + 1)u with the u of the format, and the size of the sum at most.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <std::size_t at>
float rounded(float v) {
  return widen<at>(narrow<at>(v));
}

template <std::size_t at>
struct InFormat {
  template <class T>
  struct Sum16Bit {
    void operator()(const RowView<T>& row) const {
      write_shifted_exponentials(row.x, row.y, row.n, row.temperature);
      T sum = 0;
      for (std::size_t j = 0; j < row.n; ++j) {
        row.y[j] = rounded<at>(row.y[j]);
        sum = rounded<at>(sum + row.y[j]);
      }
      divide_by(sum, row.y, row.n);
    }
  };
};

Kernel prepare(const Format& format, const Shape&) {
  constexpr std::size_t at_f16 = 2, at_bf16 = 3;
  static_assert(formats[at_f16] == f16 && formats[at_bf16] == bf16);
  if (format == f16) return over_rows<at_f16, Map::softmax, InFormat<at_f16>::Sum16Bit>;
  if (format == bf16) return over_rows<at_bf16, Map::softmax, InFormat<at_bf16>::Sum16Bit>;
  return [](const Call&) { return unsupported; };
}

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "half an ulp, and 3/2 of relative n + 1, of which the sum never takes more than its size, and (5 + t_j + Ḡ)u "
          "of f32 (τ ≠ 1: t_j and Ḡ twice), and 1 subnormal",
      .source = "impls/bounds.md, A sum in 16 bits",
      .domain = {"as stable in f32", [](const Row& row, const Format&) { return spread_fits(row, f32); }},
      .bounds = narrow_sum_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = {f16, bf16},
      .source = "Blanchard, Higham & Higham 2021, section 4, in 16 bits",
      .version = SUITE_VERSION,
      .prepare = prepare,
      .claim = claim,
  };
}

}  // namespace audit::impls
