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

/// The accidents of a target under one law, which the first one ends: what follows makes its row small. That is soon
/// given up where every step costs a process, at once where it costs a timeout.
class Accidents {
 public:
  /// One of a search: of its kind alone may be what follows.
  void count(const impls::Accident& met, const impls::Implementation& target, const reference::Case& question);
  /// One on a simpler row: whether it is of the same kind, and so takes the place of the first.
  bool takes(const impls::Accident& met, const impls::Implementation& target, const reference::Case& question);

  /// The first one, on the simplest row that it was met on.
  [[nodiscard]] const std::optional<reports::Finding>& first() const { return first_; }
  /// Rows by the word for what happened.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& rows() const { return rows_; }
  [[nodiscard]] bool any() const { return given_up_ || first_.has_value(); }
  /// Whether no more may be spent on a simpler row.
  [[nodiscard]] bool spent() const { return given_up_ || cost_ >= most_cost; }
  /// Whether the target is not asked any more.
  [[nodiscard]] bool given_up() const { return given_up_; }

 private:
  /// In processes.
  static constexpr int most_cost = 8;

  void charge(const impls::Accident& met);

  std::optional<reports::Finding> first_;
  int cost_ = 0;
  std::map<std::string, std::uint64_t> rows_;
  bool given_up_ = false;
};

}  // namespace audit::properties
