// What measurements of speed are tried on: functions of paced.so do as much work as they are named after.

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "impls/foreign/plugin.h"

namespace audit::impls {
namespace {

/// Rows that the function of that name computes when it is asked 32 of them, a hundred times.
unsigned long rows_computed(const std::string& name) {
  void* library = dlopen((std::string(PLUGINS) + "/paced.so").c_str(), RTLD_NOW);
  if (!library) throw std::runtime_error(dlerror());
  const auto plugin = reinterpret_cast<const softmax_audit_plugin* (*)()>(dlsym(library, "softmax_audit_plugin_v1"))();
  const auto computed = reinterpret_cast<unsigned long (*)()>(dlsym(library, "paced_rows"));
  const std::vector<float> x(96, 1);
  std::vector<float> y(96);
  softmax_audit_call call{};
  call.size = sizeof call;
  call.shape[0] = 32;
  call.shape[1] = 3;
  call.shape[2] = 1;
  call.x = x.data();
  call.y = y.data();
  call.temperature = 1;
  computed();
  for (std::size_t i = 0; i < plugin->count; ++i)
    if (plugin->functions[i].name == name)
      for (int times = 0; times < 100; ++times) plugin->functions[i].run(&call);
  return computed();
}

TEST(Paced, ATwentiethIsComputedTwice) {
  EXPECT_EQ(rows_computed("plain"), 3200U);
  EXPECT_EQ(rows_computed("same"), 3200U);
  EXPECT_EQ(rows_computed("twentieth"), 3360U);
}

}  // namespace
}  // namespace audit::impls
