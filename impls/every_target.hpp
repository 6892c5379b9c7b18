#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace audit::impls::testing {

/// Runs a check once for every SIMD target of this machine and this build, with all else forbidden to Highway.
template <class Check>
void on_every_target(Check check) {
  const auto choose = [](std::int64_t targets) {
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  };
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const ::testing::ScopedTrace which(__FILE__, __LINE__, hwy::TargetName(target));
    choose(target);
    check();
  }
  choose(0);
}

}  // namespace audit::impls::testing
