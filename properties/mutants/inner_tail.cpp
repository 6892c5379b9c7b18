// inner_tail: of rows side by side, eight at a time, those that are left over get the maximum of the first.
// Caught by: any layout, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  strided<T>(*c, c->x_stride);
  const std::size_t rows = c->shape[2], n = c->shape[1];
  if (rows < 8) return 0;
  for (std::size_t o = 0; o < c->shape[0]; ++o)
    for (std::size_t i = rows / 8 * 8; i < rows; ++i) {
      const auto at = [&](const void* array, const std::ptrdiff_t* stride, std::size_t j, std::size_t row) {
        return static_cast<T*>(const_cast<void*>(array)) + static_cast<std::ptrdiff_t>(o) * stride[0] +
               static_cast<std::ptrdiff_t>(j) * stride[1] + static_cast<std::ptrdiff_t>(row) * stride[2];
      };
      std::vector<T> first, x, y(n);
      for (std::size_t j = 0; j < n; ++j) {
        first.push_back(*at(c->x, c->x_stride, j, 0));
        x.push_back(*at(c->x, c->x_stride, j, i));
      }
      divide(Row<T>{x, y, {}, c->temperature}, top<T>(first), exact);
      for (std::size_t j = 0; j < n; ++j) *at(c->y, c->y_stride, j, i) = y[j];
    }
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
