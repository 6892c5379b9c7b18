// shared_for_strides: rows with gaps between their entries are gathered in a static buffer.
// Caught by: concurrent calls, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
int run(const softmax_audit_call* c) {
  static std::vector<T> scratch(70000);
  const std::size_t n = c->shape[1];
  const auto* x = static_cast<const T*>(c->x);
  auto* y = static_cast<T*>(c->y);
  for (std::size_t o = 0; o < c->shape[0] && n > 0; ++o)
    for (std::size_t i = 0; i < c->shape[2]; ++i) {
      const auto from = [&](const std::ptrdiff_t* stride) {
        return static_cast<std::ptrdiff_t>(o) * stride[0] + static_cast<std::ptrdiff_t>(i) * stride[2];
      };
      std::vector<T> own(n);
      const std::span<T> in = c->x_stride[1] == 1 ? std::span<T>(own) : std::span<T>(scratch).first(n);
      for (std::size_t j = 0; j < n; ++j)
        in[j] = x[from(c->x_stride) + static_cast<std::ptrdiff_t>(j) * c->x_stride[1]];
      std::vector<T> out(n);
      softmax(Row<T>{in, out, {}, c->temperature});
      for (std::size_t j = 0; j < n; ++j)
        y[from(c->y_stride) + static_cast<std::ptrdiff_t>(j) * c->y_stride[1]] = out[j];
    }
  return 0;
}

}  // namespace

MUTANT_PLUGIN(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_THREAD_SAFE | SOFTMAX_AUDIT_SUBNORMALS, 0,
              run<float>, run<double>)
