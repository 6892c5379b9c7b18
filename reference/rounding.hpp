#pragma once

#include <mpfr.h>

#include <optional>

#include "impls/formats.hpp"
#include "reference/oracle.hpp"

namespace audit::reference {

/// Rounds the real number y enclosed by lower ≤ upper to the format, or nullopt when the enclosure is too wide to
/// decide all of: RN(y), ulp(y), the side of RN(y) that y lies on, and the residual to 2^-20 ulp. Precondition: y =
/// lower = upper, or y lies strictly between them. An interval whose end is a number of the format or a midpoint thus
/// decides, and that is what makes Ziv's strategy end (numerics.md section 2): the oracle's enclosures are points where
/// y is dyadic, and elsewhere y is irrational or a rational whose denominator is no power of two, while both ends are
/// dyadic.
std::optional<Element> decide(const impls::Format& format, mpfr_srcptr lower, mpfr_srcptr upper);

}  // namespace audit::reference
