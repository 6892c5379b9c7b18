// M23 sum_16bit: a sum that is kept in bf16 stops at 256. ONNX Runtime's WebGPU kernels summed in f16.
// Caught by: error within claim, n ≤ 8
#include <bit>

#include "properties/mutants/mutant.hpp"

namespace {

using Bits = std::uint16_t;

float decode(Bits bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
Bits encode(float value) {
  if (std::isnan(value)) return 0x7FC0;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<Bits>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

void row(const mutant::Row<Bits>& r) {
  float shift = -INFINITY, sum = 0;
  for (const Bits x : r.x) shift = decode(x) <= shift ? shift : decode(x);
  const auto exponential = [&](Bits x) { return std::exp((decode(x) - shift) / static_cast<float>(r.temperature)); };
  for (const Bits x : r.x) sum = decode(encode(sum + exponential(x)));
  for (std::size_t j = 0; j < r.x.size(); ++j) r.y[j] = encode(exponential(r.x[j]) / sum);
}

int run(const softmax_audit_call* c) { return mutant::each_row<Bits>(c, SOFTMAX_AUDIT_SOFTMAX, row); }

}  // namespace

extern "C" const softmax_audit_plugin* softmax_audit_plugin_v1(void) {
  static const softmax_audit_function functions[] = {{sizeof(softmax_audit_function), "mutant", SOFTMAX_AUDIT_SOFTMAX,
                                                      SOFTMAX_AUDIT_BF16, SOFTMAX_AUDIT_SUBNORMALS, nullptr, 0, run}};
  static const softmax_audit_plugin plugin = {sizeof(softmax_audit_plugin), "mutant", "1", functions, 1};
  return &plugin;
}
