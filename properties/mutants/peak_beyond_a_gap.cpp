// peak_beyond_a_gap: the kernel for other than contiguous rows takes the maximum of the first 256 entries.
// Caught by: any layout, n ≤ 301
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  const std::size_t n = c->shape[1];
  const auto* x = static_cast<const T*>(c->x);
  auto* y = static_cast<T*>(c->y);
  std::vector<T> in(n), out(n);
  for (std::size_t o = 0; o < c->shape[0] && n > 0; ++o)
    for (std::size_t i = 0; i < c->shape[2]; ++i) {
      const auto at = [&](const std::ptrdiff_t* stride, std::size_t j) {
        return static_cast<std::ptrdiff_t>(o) * stride[0] + static_cast<std::ptrdiff_t>(j) * stride[1] +
               static_cast<std::ptrdiff_t>(i) * stride[2];
      };
      for (std::size_t j = 0; j < n; ++j) in[j] = x[at(c->x_stride, j)];
      const std::span<const T> row(in);
      const T first = top(row.first(std::min<std::size_t>(c->x_stride[1] == 1 ? n : 256, n))), all = top(row);
      divide(Row<T>{row, out, {}, c->temperature}, std::isfinite(first) && !std::isnan(all) ? first : all, exact);
      for (std::size_t j = 0; j < n; ++j) y[at(c->y_stride, j)] = out[j];
    }
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS, 0, run<float>, run<double>)
