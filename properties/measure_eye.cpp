// Writes the table of the eye, properties/mutants/eye.tsv, on stdout: measure_eye SOURCES OBJECTS ROWS.

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <cstdlib>
#include <exception>

#include "properties/measured.hpp"

namespace audit::properties {
namespace {

/// Honest ones for the tolerances, one a map: whom they accuse.
constexpr const char* honest[] = {"stable", "log_softmax_log1p", "logsumexp_log1p", "sparsemax_sort", "gumbel_softmax"};

/// The mutant, loaded anew, so that its accidents under the laws are not held against it under the tolerances.
impls::Implementation fresh(const std::string& objects, const std::string& mutant) {
  auto target = functions_of(objects, mutant).at(0);
  target.name = mutant;  // rows are drawn by it: the same wherever the mutant was built
  return target;
}

std::vector<Sight> seen(const std::string& objects, const std::string& mutant, int rows) {
  std::vector<Sight> sights = seen_by_laws(fresh(objects, mutant), rows);
  for (Sight& sight : seen_by_tolerances(fresh(objects, mutant), rows)) sights.push_back(std::move(sight));
  return sights;
}

void measure(const std::string& sources, const std::string& objects, int rows) {
  const auto all = mutants(sources);
  std::vector<std::vector<Sight>> sights(all.size());
  oneapi::tbb::parallel_for(std::size_t{0}, all.size(),
                            [&](std::size_t i) { sights[i] = seen(objects, all[i].name, rows); });
  for (const char* name : honest) {
    sights.push_back(seen_by_tolerances(*impls::find(name), rows));
    for (Sight& sight : sights.back()) sight.honest = true;
  }
  fmt::print("# target\tmap\twhat it is\tseen by\tlaw or tolerance\trow\n");
  for (const auto& of_one : sights)
    for (const Sight& sight : of_one) fmt::print("{}\n", to_line(sight));
}

}  // namespace
}  // namespace audit::properties

int main(int count, char** arguments) try {
  if (count != 4) {
    fmt::print(stderr, "measure_eye: give the folder of the mutants' sources, that of their objects, and rows a law\n");
    return 2;
  }
  audit::properties::measure(arguments[1], arguments[2], std::atoi(arguments[3]));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "measure_eye: {}\n", error.what());
  return 2;
}
