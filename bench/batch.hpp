#pragma once

#include <tbb/cache_aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"

namespace audit::bench {

using Memory = std::vector<std::byte, tbb::cache_aligned_allocator<std::byte>>;

/// An array in a format's storage: the rows of one call, repeated until it is full.
class Repeated {
 public:
  Repeated() = default;
  Repeated(Memory pattern, std::size_t times);

  void restore();
  /// Whether every byte is still what it was filled with.
  [[nodiscard]] bool intact() const;
  [[nodiscard]] const std::byte* data() const { return memory_.data(); }

 private:
  Memory pattern_;
  Memory memory_;
};

/// What timed calls read and write: `rows` rows of logits like N(0, 1), one after another, and room for the answers, in
/// each of `stretches` stretches of memory that hold the same rows. With one stretch every call finds its data where
/// the last one left it; with many, every call goes on to memory that was touched longest ago. At most 64 rows are
/// drawn; more are those again.
class Batch {
 public:
  static constexpr std::uint64_t seed = 1;
  static constexpr const char* family = "normal";

  Batch(const impls::Format& format, std::size_t n, std::size_t rows, std::size_t stretches, bool with_operand);

  /// The call of a target of this map on the first stretch.
  impls::Call call(impls::Map map);
  /// What to time of a target of this map: all stretches.
  impls::Timing timing(impls::Map map);
  /// That call, moved to the next stretch.
  impls::Call move_on(impls::Call call);
  /// Copies the bytes of x to y in the next stretch: what no kernel can be faster than.
  void copy();

  /// The case that stands in a row.
  [[nodiscard]] reference::Case question(impls::Map map, std::size_t row) const;
  /// Makes a row of the output, in the first stretch, tell whether it is written.
  void poison(impls::Map map, std::size_t row);
  /// What stands in a row of the output, in the first stretch.
  [[nodiscard]] impls::Answer answer(impls::Map map, std::size_t row) const;
  /// Whether the logits (and the operand) are as drawn; if not, they are drawn up again.
  bool mend();

  [[nodiscard]] const impls::Format& format() const { return format_; }
  [[nodiscard]] std::size_t n() const { return n_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }

 private:
  /// Where the next stretch begins, in bytes.
  std::size_t next_stretch();

  impls::Format format_;
  std::size_t n_;
  std::size_t rows_;
  std::size_t drawn_;
  std::size_t stretches_;
  std::size_t stretch_bytes_;
  std::size_t at_ = 0;
  Repeated x_;
  Repeated operand_;
  Memory y_;
};

}  // namespace audit::bench
