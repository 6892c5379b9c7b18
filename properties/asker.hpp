#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "impls/catalogue.hpp"
#include "properties/laws.hpp"

namespace audit::properties {

/// What is wrong with a row: a finding, of an accident where it met with one.
struct Wrong {
  reports::Finding finding;
  impls::Row row;
  std::optional<impls::Accident> met{};
};

/// One function in one format that is asked calls, each judged by what is written and by its errors: within the claim,
/// or what is expected where nothing is claimed; special rows by the laws about them. Rows outside the claim's domain
/// and empty ones are judged by what is written alone.
class Asker {
 public:
  Asker(const impls::Implementation& target, const impls::Format& format);

  /// Asks one row; names the law that is broken.
  std::optional<Wrong> alone(const impls::Row& row);
  /// Asks rows of one length in one call: the first of them that is wrong. Errors are looked at from `first_judged` to
  /// before `last_judged`, of special rows, and of what is not finite, always.
  std::optional<Wrong> together(const std::vector<impls::Row>& rows, std::size_t first_judged = 0,
                                std::size_t last_judged = SIZE_MAX);
  /// Holds a row against laws, one after another, that speak of it, where the target promises what they are about.
  std::optional<Wrong> held(std::span<const std::string_view> laws, const impls::Row& row, Care care);
  /// Asks a row and, where the same bits are promised, asks it again. For first calls.
  std::optional<Wrong> twice(const impls::Row& row);
  /// Asks the rows that were asked twice once more, after all that came since.
  std::optional<Wrong> once_more();

  /// Whether the claim speaks of a row, and the map and the format have it.
  [[nodiscard]] bool proper(const impls::Row& row) const;
  /// Rows that were answered.
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// The last status.
  [[nodiscard]] int refusal() const { return refusal_; }

 private:
  [[nodiscard]] std::optional<Wrong> other_than(const impls::Answer& first, const impls::Row& row,
                                                std::string_view when);
  enum class Look { at_what_is_written, at_errors_too };
  enum class Place { alone, among_others };
  [[nodiscard]] std::optional<Wrong> judged(const impls::Row& row, const impls::Answer& answer, Place place,
                                            Look look) const;
  [[nodiscard]] std::optional<reports::Finding> broken(const reference::Case& question, const impls::Answer& answer,
                                                       Place place, Look look) const;
  [[nodiscard]] Wrong accident(const impls::Accident& met, const impls::Row& row) const;

  const impls::Implementation& target_;
  const impls::Format& format_;
  std::size_t rows_ = 0;
  int refusal_ = 0;
  std::vector<std::pair<impls::Row, impls::Answer>> first_;  ///< what was asked twice, where bits are promised
};

}  // namespace audit::properties
