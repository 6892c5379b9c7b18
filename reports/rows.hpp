#pragma once

#include <string>

#include "reports/summary.hpp"

namespace audit::reports {

/// A summary as the words and numbers that every table shows; "" where there is nothing to show.
struct TableRow {
  std::string target;
  std::string map;
  std::string format;
  std::string worst;    ///< "+66.2", "444 nan"
  std::string where;    ///< "FAMILY/N"
  std::string claim;    ///< share of the claim that is used, in percent
  std::string rounded;  ///< correctly rounded elements, in percent
  std::string laws;     ///< kept/tried, "8/8"
  std::string ns;       ///< nanoseconds an element in cache, at the median
  std::string
      verdict;  ///< the label ("holds" for new: there is nothing to be new to), and what is proved by enumeration
};

TableRow table_row(const Summary& summary);

/// A number for people: three significant digits, "inf", "nan"; `sign` puts a plus before positive ones.
std::string digits(double value, bool sign = false);
/// A fraction as a percentage with one decimal; "100.0" only when it is whole: never rounded to the other side of it.
std::string percent(double fraction);

}  // namespace audit::reports
