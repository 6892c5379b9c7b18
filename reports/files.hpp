#pragma once

#include <string>
#include <string_view>

namespace audit::reports {

/// Writes `text` to a temporary file beside `path`, then renames it: the file is whole or it is as it was before.
/// Throws std::runtime_error that names the path and the reason; the temporary file is gone then.
void write_whole(const std::string& path, std::string_view text);

}  // namespace audit::reports
