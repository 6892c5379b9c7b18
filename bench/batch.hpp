#pragma once

#include <tbb/cache_aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"

namespace audit::bench {

using Memory = std::vector<std::byte, tbb::cache_aligned_allocator<std::byte>>;

/// An array in a format's storage: a few packed rows, repeated until it is full.
class Repeated {
 public:
  Repeated() = default;
  Repeated(Memory pattern, std::size_t bytes) : pattern_(std::move(pattern)), memory_(bytes) { restore(); }

  void restore();
  /// Whether every byte is still what it was filled with.
  [[nodiscard]] bool intact() const;
  [[nodiscard]] const std::byte* data() const { return memory_.data(); }
  [[nodiscard]] std::size_t bytes() const { return memory_.size(); }

 private:
  Memory pattern_;
  Memory memory_;
};

/// What a timed call reads and writes: rows of logits like N(0, 1), one after another, and room for the answers. At
/// most 64 rows are drawn; more are those again.
class Batch {
 public:
  static constexpr std::uint64_t seed = 1;
  static constexpr const char* family = "normal";

  Batch(const impls::Format& format, std::size_t n, std::size_t rows, bool with_operand);

  /// The call of a target of this map on all rows.
  impls::Call call(impls::Map map);
  /// The case that stands in a row.
  [[nodiscard]] reference::Case question(impls::Map map, std::size_t row) const;
  /// Makes a row of the output tell whether it is written.
  void poison(impls::Map map, std::size_t row);
  /// What stands in a row of the output.
  [[nodiscard]] impls::Answer answer(impls::Map map, std::size_t row) const;
  /// Whether the logits (and the operand) are as drawn; if not, they are drawn up again.
  bool mend();
  /// Copies the bytes of x to y: what no kernel can be faster than.
  void copy();

  [[nodiscard]] const impls::Format& format() const { return format_; }
  [[nodiscard]] std::size_t n() const { return n_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t bytes() const { return x_.bytes(); }

 private:
  impls::Format format_;
  std::size_t n_;
  std::size_t rows_;
  std::size_t drawn_;
  Repeated x_;
  Repeated operand_;
  Memory y_;
};

}  // namespace audit::bench
