#pragma once

#include "impls/foreign/protocol.hpp"

namespace audit::impls::foreign::worker {

/// From here on, a signal that ends the process (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS) first
/// leaves in `control` what happened, and sends Reply::crashed. `control` stays mapped until the end.
void leave_last_words_in(Control& control);

}  // namespace audit::impls::foreign::worker
