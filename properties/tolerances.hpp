#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "impls/catalogue.hpp"
#include "reference/exact.hpp"
#include "reference/families.hpp"

namespace audit::properties {

/// How the tests of another project tell a right answer from a wrong one: the rows that they ask, and a comparison.
/// The eye is measured by it beside the laws; no target is ever judged by it.
struct Tolerance {
  std::string_view name;
  std::string_view close;   ///< the comparison, for people
  std::string_view asks;    ///< the rows, for people
  std::string_view source;  ///< where both stand
  bool (*covers)(impls::Map map);
  std::vector<impls::Format> formats;
  std::vector<impls::Shape> shapes;  ///< of the tensors that it asks, contiguous
  void (*fill)(const reference::Stream& stream, const impls::Format& format, std::vector<double>& x);
  /// Whether got passes for want, the exact answer rounded to the format, in a row of n.
  bool (*passes)(impls::Map map, const impls::Format& format, std::size_t n, double got, double want);
};

/// PyTorch's, KernelBench's, flashinfer-bench's, XNNPACK's, benchdnn's and WebNN's, in a fixed order.
const std::array<Tolerance, 6>& tolerances();

/// The element of an answer that a comparison would not pass; the size of the answer where it passes all of them.
std::size_t first_wrong(const Tolerance& tolerance, impls::Map map, const reference::Exact& exact,
                        const impls::Answer& answer);

/// The rows that the project would ask in one tensor of this shape, in order.
std::vector<impls::Row> rows_of(const Tolerance& tolerance, impls::Map map, const impls::Format& format,
                                const impls::Shape& shape);

}  // namespace audit::properties
