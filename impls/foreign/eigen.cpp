// The softmax that one writes with Eigen: an expression of arrays.
//
// Source: Eigen 3.4, "The Array class and coefficient-wise operations".
// Algorithm: three passes, the maximum subtracted first, with Eigen's own vectorised exp and pairwise sum; half and
// bfloat16 are cast to float and back, as their own sum would stop at 2048, or at 256.
// Bound: Eigen states none for its exp, so that none is claimed here.
#include <Eigen/Core>
#include <limits>
#include <string>

#include "impls/bounds.hpp"

namespace audit::impls {
namespace {

constexpr int unsupported = 1;

template <class T>
using Vector = Eigen::Array<T, Eigen::Dynamic, 1>;

template <class T>
Vector<T> softmax(const Vector<T>& x, T temperature) {
  const Vector<T> e = ((x - x.maxCoeff()) / temperature).exp();
  return e / e.sum();
}

/// The row of a tensor, as the array that it is.
template <class S>
auto row_of(S* tensor, const Shape& shape, const Strides& stride, std::size_t outer, std::size_t inner) {
  using Row = std::conditional_t<std::is_const_v<S>, const Vector<std::remove_const_t<S>>, Vector<S>>;
  using Step = Eigen::InnerStride<>;
  S* first =
      tensor + static_cast<std::ptrdiff_t>(outer) * stride.outer + static_cast<std::ptrdiff_t>(inner) * stride.inner;
  return Eigen::Map<Row, Eigen::Unaligned, Step>(first, static_cast<Eigen::Index>(shape.n), Step(stride.n));
}

/// Stored as S, computed in T.
template <class S, class T>
int run(const Call& call) {
  if (call.shape.n == 0) return 0;
  const T temperature = static_cast<T>(call.temperature);
  if (!(temperature > 0 && temperature <= std::numeric_limits<T>::max())) return unsupported;
  for (std::size_t o = 0; o < call.shape.outer; ++o) {
    for (std::size_t i = 0; i < call.shape.inner; ++i) {
      const Vector<T> x = row_of(static_cast<const S*>(call.x), call.shape, call.x_stride, o, i).template cast<T>();
      row_of(static_cast<S*>(call.y), call.shape, call.y_stride, o, i) = softmax(x, temperature).template cast<S>();
    }
  }
  return 0;
}

Kernel prepare(const Format& format, const Shape&) {
  if (format == f64) return run<double, double>;
  if (format == f32) return run<float, float>;
  if (format == f16) return run<Eigen::half, float>;
  if (format == bf16) return run<Eigen::bfloat16, float>;
  return [](const Call&) { return unsupported; };
}

std::string version() {
  return std::to_string(EIGEN_WORLD_VERSION) + '.' + std::to_string(EIGEN_MAJOR_VERSION) + '.' +
         std::to_string(EIGEN_MINOR_VERSION) + " (" + Eigen::SimdInstructionSetsInUse() + ')';
}

/// The exp clamps its argument where the format ends, and e^-inf is some 1e-39, or 1e-308: nothing in f16.
bool exponentials_above_the_clamp(const Row& row, const Format& format) {
  return format == f16 || (unmasked(row, format) && components_fit(row, format));
}

Claim claim() {
  Claim claim;
  claim.domain = {"f16; else no mask, and every component of the softmax normal, with a factor of e to spare",
                  exponentials_above_the_clamp};
  claim.promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact;
  return claim;
}

}  // namespace

Implementation IMPLEMENTATION() {
  return {
      .map = Map::softmax,
      .formats = {f64, f32, f16, bf16},
      .source = "Eigen 3.4, the Array class",
      .version = version(),
      .prepare = prepare,
      .claim = claim(),
  };
}

}  // namespace audit::impls
