#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bench/batch.hpp"
#include "reference/exact.hpp"
#include "reference/short_rows.hpp"

namespace audit::bench {

/// Values of a format of at most 32 bits by their bit patterns.
class Patterns {
 public:
  explicit Patterns(const impls::Format& format);

  [[nodiscard]] const impls::Format& format() const { return format_; }
  [[nodiscard]] double value(std::uint32_t bits) const {
    return values_.empty() ? static_cast<double>(std::bit_cast<float>(bits)) : values_[bits];
  }
  /// To and from the storage of the format.
  void pack(std::span<const std::uint32_t> patterns, Memory& memory) const;
  void unpack(const Memory& memory, std::vector<std::uint32_t>& patterns) const;

 private:
  impls::Format format_;
  std::vector<double> values_;
};

/// Asks one kernel batch after batch of rows of n entries.
class PatternKernel {
 public:
  PatternKernel(const impls::Implementation& target, const Patterns& patterns, std::size_t n);

  /// The bits of the answers, poison where nothing was written; nullptr when the call is not supported.
  const std::vector<std::uint32_t>* ask(std::span<const std::uint32_t> rows);
  /// Whether the last call wrote to its input.
  [[nodiscard]] bool changed_input() const { return changed_; }
  /// Numbers that the map gives for a row.
  [[nodiscard]] std::size_t outputs() const { return outputs_; }

 private:
  const impls::Implementation& target_;
  const Patterns& patterns_;
  std::size_t n_, outputs_;
  std::size_t prepared_ = 0;  ///< rows that the kernel is prepared for
  impls::Kernel kernel_;
  Memory x_, as_given_, y_, poison_;
  std::vector<std::uint32_t> answers_;
  bool changed_ = false;
};

/// The exact answers to batches of short rows of one map and format.
class ShortOracle {
 public:
  ShortOracle(impls::Map map, const Patterns& patterns);

  /// Sizes the answers, outputs a row; `open` names those that even MPFR left open.
  void certify(std::size_t n, std::span<const std::uint32_t> rows, reference::ShortAnswers& answers) const;

 private:
  struct Scratch {
    impls::Row row;
    reference::Exact exact;
  };
  void certify_row(std::span<const std::uint32_t> row, Scratch& scratch) const;
  void certify_row_by_row(std::size_t n, std::span<const std::uint32_t> rows, Scratch& scratch,
                          reference::ShortAnswers& answers) const;

  impls::Map map_;
  const Patterns& patterns_;
  std::optional<reference::ShortRows> tables_;
};

}  // namespace audit::bench
