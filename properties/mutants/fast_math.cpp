// fast_math: linked with -ffast-math, whose start-up code sets FTZ and DAZ in whoever loads the library.
// Caught by: trespassed, n ≤ 40
#include "impls/foreign/testing/flushing.h"
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

[[gnu::constructor]] void set_fast_math() { set_flushing(); }

template <class T>
void row(const Row<T>& r) {
  softmax(r);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
