// M40 axis_flatten: the tensor is taken for a matrix, the map for one along its last axis, where any layout is
// promised. TensorRT, ONNX before opset 13.
// Caught by: any layout, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o) softmax(c.row(o));
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_STRIDED | SOFTMAX_AUDIT_SUBNORMALS)
