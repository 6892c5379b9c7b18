#!/bin/sh
# Writes the header that says which commit was built, and how; touches it only when that has changed.
#   build_info.sh HEADER [FLAGS]        without FLAGS: those that the header has
header=$1
flags=${2-$(sed -n 's/.*build_flags\[\] = "\(.*\)";/\1/p' "$header" 2>/dev/null)}
cd "$(dirname "$0")/.." || exit 1
commit=$(git rev-parse --short=12 HEAD 2>/dev/null) || commit=unknown
[ "$commit" = unknown ] || git diff --quiet HEAD 2>/dev/null || commit=$commit-modified
cat >"$header.new" <<END
#pragma once

namespace audit::reports {
inline constexpr char build_commit[] = "$commit";
inline constexpr char build_flags[] = "$(echo $flags)";
}  // namespace audit::reports
END
if cmp -s "$header.new" "$header"; then rm "$header.new"; else mv "$header.new" "$header"; fi
