#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace audit::impls::correctly_rounded {

/// Runs something once for each SIMD target of this machine.
template <class Run>
void by_every_target(Run run) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    SCOPED_TRACE(hwy::TargetName(target));
    run();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace audit::impls::correctly_rounded
