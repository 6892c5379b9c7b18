#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "impls/catalogue.hpp"
#include "properties/laws.hpp"
#include "reference/cases.hpp"
#include "reports/record.hpp"

namespace audit::properties {

/// Tries one law on `rows` rows drawn for it, by RapidCheck; a failing row is shrunk to a small one. Gives a record of
/// kind law: family is the law's name, rows the number of rows it was really tried on (those outside the target's
/// domain do not count), findings the shrunk counterexample if there is one. Where the law is about masks, special
/// values or single entries alone and the target's claim leaves those out, `absent` says so. Deterministic in (target,
/// format, law, seed).
reports::Record try_law(const impls::Implementation& target, const impls::Format& format, const Law& law, int rows,
                        std::uint64_t seed);

/// Asks calls of rows of different character at every length to 130, the odd ones between 513 and 1023 and both sides
/// of powers of two to 4096 and beyond, with rows of special values beside them, rows without entries, and then calls
/// of 2 to 1000 rows, also of long ones, in many shapes; ends at the first accident, row that is not written, error
/// past its bound, or law broken. The finding is on the smallest width that shows it, and as many of its entries as can
/// be are 0. A record of kind law, family "widths".
reports::Record try_widths(const impls::Implementation& target, const impls::Format& format);

/// Every law that holds for the target's map and what it promises, in every format it offers, for every target, on all
/// cores.
std::vector<reports::Record> try_laws(const std::vector<const impls::Implementation*>& targets, int rows,
                                      std::uint64_t seed,
                                      const std::function<void(std::size_t done, std::size_t total)>& progress,
                                      std::stop_token stop = {});

/// Holds one case against every law of its map: what `replay` shows. Laws that do not speak of the row (outside the
/// domain, special, not special) are left out.
struct Holding {
  const Law* law;
  std::optional<reports::Finding> finding;  ///< nullopt: kept
};
std::vector<Holding> hold(const impls::Implementation& target, const reference::Case& question);

}  // namespace audit::properties
