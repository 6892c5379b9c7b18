#pragma once

#include <fmt/format.h>

#include <cmath>
#include <random>

#include "reports/test_records.hpp"

namespace audit::reports {

/// A run of `targets` targets with drawn figures: two maps, two formats, four families at up to `lengths` lengths,
/// laws, speed; some outside a domain, some with elements without a number.
inline std::vector<Record> drawn_run(int targets, int lengths) {
  std::mt19937_64 random(8);
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  std::vector<Record> records{absent_record()};
  const auto add_accuracy = [&](Record r, const std::string& family, int n) {
    r.family = family;
    r.n = static_cast<std::size_t>(n);
    r.max_ulp = (random() % 2 ? 1 : -1) * std::exp2(uniform(-2, 24));
    r.max_ulp_bound = std::abs(*r.max_ulp) * uniform(1, 9);
    r.max_ulp_spread = std::exp2(uniform(-5, 9));
    r.max_ulp_case = fmt::format("{}:{}:{}:n={}:seed=1:index={}", r.map, r.format, family, n, random() % 64);
    r.max_ulp_element = random() % r.n;
    r.mean_abs_ulp = uniform(0, 9);
    r.correctly_rounded = uniform(0, 1);
    r.bound_utilisation = uniform(0, 1);
    r.utilisation_case = fmt::format("{}:{}:{}:n={}:seed=1:index={}#0", r.map, r.format, family, n, random() % 64);
    r.outcomes = {{"correctly rounded", random() % 9000}, {"faithful", random() % 9000}, {"off", random() % 9000}};
    if (random() % 5 == 0) {
      r.outcomes["flushed"] = 1 + random() % 99;
      r.witnesses["flushed"] = r.max_ulp_case + "#0";
    }
    if (random() % 7 == 0) {
      r.rows_in_domain = 0;
      r.max_ulp_bound.reset();
      r.bound_utilisation.reset();
      r.utilisation_case = "";
    }
    records.push_back(r);
  };
  for (int t = 0; t < targets; ++t) {
    for (const char* map : {"softmax", "log_softmax"}) {
      for (const char* format : {"f32", "f64"}) {
        const auto own = [&](Record r) {
          r.target = fmt::format("target{}", t);
          r.map = map;
          r.format = format;
          return r;
        };
        for (const std::string family : {"normal", "wide", "falling", "real_logits_n8"}) {
          const bool real = family.starts_with("real");
          for (int n = real ? 8 : 1; n <= (real ? 8 : lengths); ++n) add_accuracy(own(accuracy_record()), family, n);
        }
        records.push_back(own(contract_record()));
        records.push_back(own(law_record()));
        Record speed = own(speed_record());
        speed.ns_median = uniform(0.1, 9);
        records.push_back(speed);
      }
    }
  }
  return records;
}

}  // namespace audit::reports
