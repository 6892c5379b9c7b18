#pragma once

#include <cstddef>
#include <vector>

#include "impls/contract.hpp"

// Rows for kernels in vectors. Static, as rows.hpp says.

namespace audit::impls {

/// Calls row(x, y) for every row of a call of a map that takes n logits and gives n results, in order, with the
/// elements of x and of y side by side. Rows that do not lie so are gathered, and their results scattered at once. Nor
/// is x ever y, unless `in_place` says that the row function allows it.
template <class S, bool in_place, class RowFunction>
static void for_each_contiguous_row(const Call& call, RowFunction row) {
  const std::size_t n = call.shape.n;
  const std::ptrdiff_t x_step = call.x_stride.n, y_step = call.y_stride.n;
  const auto place = [](const Strides& stride, std::size_t outer, std::size_t inner) {
    return static_cast<std::ptrdiff_t>(outer) * stride.outer + static_cast<std::ptrdiff_t>(inner) * stride.inner;
  };
  std::vector<S> gathered(x_step != 1 || (!in_place && call.x == call.y) ? n : 0), scattered(y_step != 1 ? n : 0);
  for (std::size_t o = 0; o < call.shape.outer; ++o) {
    for (std::size_t i = 0; i < call.shape.inner; ++i) {
      const S* x = static_cast<const S*>(call.x) + place(call.x_stride, o, i);
      S* const y = static_cast<S*>(call.y) + place(call.y_stride, o, i);
      for (std::size_t j = 0; j < gathered.size(); ++j) gathered[j] = x[static_cast<std::ptrdiff_t>(j) * x_step];
      if (!gathered.empty()) x = gathered.data();
      row(x, scattered.empty() ? y : scattered.data());
      for (std::size_t j = 0; j < scattered.size(); ++j) y[static_cast<std::ptrdiff_t>(j) * y_step] = scattered[j];
    }
  }
}

}  // namespace audit::impls
