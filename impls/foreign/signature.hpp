#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "impls/contract.hpp"

namespace audit::impls::foreign {

/// What a parameter of a function is given.
enum class Meaning {
  x,             ///< the logits, read
  y,             ///< the result, written; of a function in place the logits before the call
  outer,         ///< the number of rows, Shape::outer
  n,             ///< their length
  inner,         ///< Shape::inner
  x_row_stride,  ///< elements from one row of x to the next
  y_row_stride,
  row_stride,  ///< of both
  x_stride,    ///< elements from one entry of a row of x to the next
  y_stride,
  stride,  ///< of both
  axis,    ///< that n has, counted from 0
  temperature,
};

/// How it is passed.
struct Type {
  enum class Kind { pointer, signed_integer, unsigned_integer, real };
  Kind kind;
  std::size_t bytes;
};

struct Parameter {
  Meaning meaning;
  Type type;
};

/// A function that computes a map, as its declaration in C says it is called.
struct Signature {
  Map map = Map::softmax;
  Format format = f32;  ///< of x and y
  std::string symbol{};
  bool gives_status = false;  ///< returns int: 0, or another number for 'not supported'; otherwise nothing
  std::vector<Parameter> parameters{};

  [[nodiscard]] bool takes(Meaning meaning) const;
  /// One array, y, is read and written.
  [[nodiscard]] bool in_place() const { return !takes(Meaning::x); }
};

/// Reads a declaration:
///
///     [MAP] RETURN NAME(TYPE NAME, …)[;]        void my_softmax(const f32 *x, f32 *y, size_t rows, size_t n)
///
/// MAP is one of a single input: softmax (where none is given), log_softmax, logsumexp, sparsemax, entmax15. RETURN is
/// void, or int for a status, 0 or 'not supported'. `restrict` may stand anywhere. The names of the parameters say what
/// they are; case does not matter:
///
///     pointers, to f64 (double), f32 (float), f16 (_Float16), bf16 (__bf16), all to the same: the const one is the
///       input and the other the result; where neither is const, the one called x, in, input, src or logits is the
///       input; one alone, not const, is read and written
///     integers of any type
///       the number of rows          rows, outer, batch, with n_, num_ in front or _size behind
///       the length of a row         n, cols, columns, len, length, dim, size, width, classes, vocab, likewise
///       rows interleaved            inner: the shape is [outer, n, inner], dense
///       from row to row             ldx, ldy, ld; x_row_stride, y_row_stride, row_stride
///       from entry to entry         incx, incy, inc; x_element_stride, y_element_stride, element_stride
///       x_stride, y_stride, stride  from row to row where the function takes a number of rows, else from entry to
///       entry
///                                   (all strides in elements, all with in, input, src, out, output, dst for x and y)
///       the axis of n               axis: given 1, or 0 to a function of one row
///     float, double                 temperature, temp, tau: x/τ is meant
///
/// A function without a number of rows is called once a row. Throws std::runtime_error that says in one line which part
/// cannot be bound, why, and what to write.
Signature read_signature(std::string_view declaration);

}  // namespace audit::impls::foreign
