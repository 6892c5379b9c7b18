#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"
#include "reports/record.hpp"

namespace audit::properties {

/// A call of which no answer came, as a finding about the row that was asked, or the case where it was more than a row.
reports::Finding finding_of(const impls::Accident& met, const impls::Implementation& target, reference::Case question);

/// The accidents of a target under one law, which the first one ends: it is not shrunk, every step may cost a process.
class Accidents {
 public:
  void count(const impls::Accident& met, const impls::Implementation& target, const reference::Case& question);

  /// The first one.
  [[nodiscard]] const std::optional<reports::Finding>& first() const { return first_; }
  /// Rows by the word for what happened.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& rows() const { return rows_; }
  [[nodiscard]] bool any() const { return given_up_ || first_.has_value(); }
  /// Whether the target is not asked any more.
  [[nodiscard]] bool given_up() const { return given_up_; }

 private:
  std::optional<reports::Finding> first_;
  std::map<std::string, std::uint64_t> rows_;
  bool given_up_ = false;
};

}  // namespace audit::properties
