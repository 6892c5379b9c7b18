// maxima_of_first_plane: where eight rows and more lie side by side, all planes are shifted by the maxima of the first.
// Caught by: any layout, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  strided<T>(*c, c->x_stride);
  const std::size_t n = c->shape[1];
  if (c->shape[2] < 8) return 0;
  for (std::size_t o = 1; o < c->shape[0]; ++o)
    for (std::size_t i = 0; i < c->shape[2]; ++i) {
      const auto at = [&](const std::ptrdiff_t* stride, std::size_t plane, std::size_t j) {
        return static_cast<std::ptrdiff_t>(plane) * stride[0] + static_cast<std::ptrdiff_t>(j) * stride[1] +
               static_cast<std::ptrdiff_t>(i) * stride[2];
      };
      std::vector<T> first, x, y(n);
      for (std::size_t j = 0; j < n; ++j) {
        first.push_back(static_cast<const T*>(c->x)[at(c->x_stride, 0, j)]);
        x.push_back(static_cast<const T*>(c->x)[at(c->x_stride, o, j)]);
      }
      divide(Row<T>{x, y, {}, c->temperature}, top<T>(first), exact);
      for (std::size_t j = 0; j < n; ++j) static_cast<T*>(c->y)[at(c->y_stride, o, j)] = y[j];
    }
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
